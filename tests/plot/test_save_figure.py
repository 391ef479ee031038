"""Saved figures are what journals ask for: TrueType fonts, real text, a description, the same bytes every time."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import zlib
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
import pytest
from drawn_figure import INVISIBLE
from drawn_matrices import case, draw, drawing
from matplotlib import image
from matplotlib import pyplot as plt

import qualcode as qc
from qualcode.plot import save_figure

ROOT = Path(__file__).resolve().parents[2]
SVG = "{http://www.w3.org/2000/svg}"
STYLES = pytest.mark.parametrize("style", ["icons", "heatmap"])


def unpacked(pdf: bytes) -> bytes:
    """The objects of a PDF with their streams as they were before packing."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return pdf + b"".join(zlib.decompress(s) for s in streams if s[:1] == b"x")


def pdf_text(written: bytes) -> str:
    """A string of a PDF: plain, or UTF-16 with its mark."""
    plain = re.sub(rb"\\([()\\])", rb"\1", written)
    return plain.decode("utf-16") if plain.startswith(b"\xfe\xff") else plain.decode("latin-1")


@STYLES
def test_pdf_holds_truetype_fonts_and_none_of_type_3(style: str, tmp_path: Path) -> None:
    (path,) = save_figure(drawing("cited", style, 7.0), tmp_path / "a.pdf")
    content = unpacked(path.read_bytes())
    assert b"/Subtype /Type3" not in content
    assert b"/FontFile2" in content
    assert {b"DejaVuSans", b"DejaVuSans-Bold"} <= set(
        re.findall(rb"/BaseFont /(?:[A-Z]{6}\+)?([\w-]+)", content)
    )


@STYLES
def test_svg_holds_every_text_as_text(style: str, tmp_path: Path) -> None:
    ax = drawing("cited", style, 7.0)
    (path,) = save_figure(ax, tmp_path / "a.svg")
    found = ["".join(t.itertext()) for t in ElementTree.parse(path).iter(f"{SVG}text")]
    assert sorted(found) == sorted(t.get_text() for t in ax.texts)


def test_svg_keeps_signs_and_scripts_that_no_font_here_may_have(tmp_path: Path) -> None:
    for name in ("signs", "arabic", "chinese"):
        (path,) = save_figure(drawing(name, "icons", 7.0), tmp_path / "a.svg")
        found = {"".join(t.itertext()) for t in ElementTree.parse(path).iter(f"{SVG}text")}
        names = {" ".join(h.name.split()) for h in case(name).rows}
        assert names <= {INVISIBLE.sub("", text) for text in found}


def test_the_description_goes_into_svg_pdf_and_png(tmp_path: Path) -> None:
    m = case("cited")
    svg, pdf, png = save_figure(
        drawing("cited", "dots", 3.3), *(tmp_path / f"a.{s}" for s in ("svg", "pdf", "png"))
    )
    root = ElementTree.parse(svg).getroot()
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert root.findtext(f"{SVG}desc") == m.alt_text()
    assert root.findtext(f"{SVG}title") == "Collaboration Points by Themes"
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{root[0].get('id')} {root[1].get('id')}"
    (subject,) = re.findall(rb"/Subject \((.*?)(?<!\\)\)", pdf.read_bytes(), re.DOTALL)
    assert pdf_text(subject) == m.alt_text()
    assert m.alt_text() in png_texts(png).values()


def png_texts(path: Path) -> dict[str, str]:
    from PIL import Image

    with Image.open(path) as opened:
        opened.load()
        return {str(k): str(v) for k, v in opened.text.items()}  # type: ignore[attr-defined]


def test_a_description_of_ones_own_takes_the_place_of_ours(tmp_path: Path) -> None:
    (svg,) = save_figure(drawing("talk", "icons", 7.0), tmp_path / "a.svg", alt_text="Mine: <a> & \x01 b")
    assert ElementTree.parse(svg).getroot().findtext(f"{SVG}desc") == "Mine: <a> & " + "  b"


def test_no_date_is_written(tmp_path: Path) -> None:
    for path in save_figure(
        drawing("talk", "icons", 7.0), *(tmp_path / f"a.{s}" for s in ("svg", "pdf", "png"))
    ):
        content = unpacked(path.read_bytes()) if path.suffix == ".pdf" else path.read_bytes()
        assert not re.search(rb"CreationDate|ModDate|dc:date|Creation Time|tIME", content), path.name


def written(folder: Path) -> dict[str, str]:
    paths = save_figure(
        draw(case("cited"), "bubbles", 3.3), *(folder / f"a.{s}" for s in ("pdf", "svg", "png"))
    )
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def test_the_same_bytes_twice_in_one_run_whatever_the_settings(tmp_path: Path) -> None:
    first = written(tmp_path)
    loud = {
        "font.size": 20,
        "font.family": "serif",
        "axes.facecolor": "red",
        "figure.facecolor": "green",
        "savefig.bbox": "tight",
        "savefig.transparent": True,
        "svg.fonttype": "path",
        "pdf.fonttype": 3,
        "lines.antialiased": False,
        "lines.linestyle": "--",
        "lines.marker": "o",
        "font.stretch": "condensed",
        "text.hinting": "none",
        "path.snap": False,
        "savefig.edgecolor": "red",
        "pdf.inheritcolor": True,
    }
    with mpl.rc_context(loud):
        assert written(tmp_path) == first


def test_the_same_bytes_in_another_run(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; sys.path.insert(0, sys.argv[1]); import matplotlib; matplotlib.use('Agg')\n"
        "from test_save_figure import written; print(written(pathlib.Path(sys.argv[2])))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(Path(__file__).parent), str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "7", "SOURCE_DATE_EPOCH": "1234567890", "TZ": "Asia/Tokyo"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(written(tmp_path / "here"))


@pytest.mark.parametrize("dpi", [100, 300])
def test_a_png_has_the_dots_per_inch_asked_for(dpi: int, tmp_path: Path) -> None:
    ax = drawing("talk", "icons", 3.3)
    (path,) = save_figure(ax, tmp_path / "a.png", dpi=dpi)
    high, wide = image.imread(path).shape[:2]
    inches = ax.get_figure(root=True).get_size_inches()
    assert (wide, high) == (int(inches[0] * dpi), int(inches[1] * dpi))
    assert float(png_texts_and_dpi(path)) == pytest.approx(dpi, abs=0.1)


def png_texts_and_dpi(path: Path) -> float:
    from PIL import Image

    with Image.open(path) as opened:
        return float(opened.info["dpi"][0])


def test_several_files_are_written_at_once_and_missing_folders_made(tmp_path: Path) -> None:
    paths = save_figure(
        drawing("talk", "icons", 7.0), tmp_path / "new" / "deep" / "a.PDF", str(tmp_path / "b.svg")
    )
    assert paths == (tmp_path / "new" / "deep" / "a.PDF", tmp_path / "b.svg")
    assert all(p.stat().st_size > 1000 for p in paths)
    assert paths[0].read_bytes().startswith(b"%PDF")


def test_a_figure_of_ones_own_is_saved_too(tmp_path: Path) -> None:
    figure, ax = plt.subplots()
    ax.set_title("Mine")
    for thing in (figure, ax):
        (path,) = save_figure(thing, tmp_path / "a.svg")
        assert "Mine" in path.read_text(encoding="utf-8")
        assert "<desc" not in path.read_text(encoding="utf-8")


def test_a_figure_of_several_matrices_describes_each(tmp_path: Path) -> None:
    figure = plt.figure(figsize=(7, 3))
    for name, ax in zip(("talk", "facts"), figure.subplots(1, 2), strict=True):
        qc.plot.matrix(case(name), ax=ax)
    (path,) = save_figure(figure, tmp_path / "a.svg")
    said = ElementTree.parse(path).getroot().findtext(f"{SVG}desc")
    assert said == f"{case('talk').alt_text()} {case('facts').alt_text()}"


def test_another_suffix_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    ax = drawing("talk", "icons", 7.0)
    with pytest.raises(qc.errors.InvalidValue) as caught:
        save_figure(ax, tmp_path / "a.svg", tmp_path / "b.jpg")
    assert str(caught.value) == "A figure cannot be saved as '.jpg' (b.jpg). Expected .pdf, .svg, .png."
    with pytest.raises(qc.errors.InvalidValue, match=r"saved as 'a file without suffix' \(b\)"):
        save_figure(ax, tmp_path / "b")
    assert list(tmp_path.iterdir()) == []


def test_no_file_and_no_figure_are_errors(tmp_path: Path) -> None:
    with pytest.raises(qc.errors.InvalidValue, match=r"No file is named\. Give one, for example save_figure"):
        save_figure(drawing("talk", "icons", 7.0))
    with pytest.raises(
        qc.errors.InvalidValue,
        match=r"save_figure\(\) got CodeMatrix\. Expected the Axes that a plot returned, or its figure\.",
    ):
        save_figure(case("talk"), tmp_path / "a.pdf")  # type: ignore[arg-type]
