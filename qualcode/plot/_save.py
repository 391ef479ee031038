"""Save a figure so that journals take it and two runs give the same bytes.

matplotlib reads its settings when a figure is saved, not when it is drawn: a plain ``savefig``
falls back to Type 3 fonts and writes the date. Here the settings hold while saving.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary
from xml.sax.saxutils import escape

import matplotlib as mpl
import matplotlib.style  # mpl.style is there only then
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from qualcode.errors import InvalidValue

SUFFIXES = (".pdf", ".svg", ".png")

# What matplotlib reads when it saves and what could change the bytes.
SETTINGS: Any = {
    "pdf.fonttype": 42,  # TrueType: journals refuse Type 3
    "ps.fonttype": 42,
    "pdf.compression": 6,
    "pdf.use14corefonts": False,
    "svg.fonttype": "none",  # text stays text: it can be searched, read aloud and edited
    "svg.hashsalt": "qualcode",
    "svg.image_inline": True,
    "text.usetex": False,
    "path.sketch": None,
    "path.effects": [],
    "figure.autolayout": False,
    "figure.constrained_layout.use": False,
    "figure.facecolor": "white",
    "savefig.facecolor": "auto",
    "savefig.bbox": None,
    "savefig.transparent": False,
    "savefig.edgecolor": "auto",
    "pdf.inheritcolor": False,
    "path.snap": True,
    "text.hinting": mpl.rcParamsDefault["text.hinting"],
} | ({"svg.id": None} if "svg.id" in mpl.rcParamsDefault else {})

# Of the user's own settings a plot keeps the resolution of the screen, and what "serif" means.
KEPT: Any = ("figure.dpi", "font.serif", "font.sans-serif", "font.cursive", "font.fantasy", "font.monospace")


@dataclass
class _Words:
    """What a figure says to those who do not see it."""

    title: str
    description: str


_words: WeakKeyDictionary[Figure, _Words] = WeakKeyDictionary()


@contextmanager
def settings() -> Iterator[None]:
    """The settings under which a figure is saved; the user's own come back afterwards."""
    with mpl.rc_context(SETTINGS), warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", message=r"(Glyph|Matplotlib currently)"
        )  # said once, when it was laid out
        yield


@contextmanager
def drawing_settings() -> Iterator[None]:
    """The settings under which a plot is drawn: matplotlib's own, so that no style of the user leaks in."""
    kept = {key: mpl.rcParams[key] for key in KEPT}
    with mpl.style.context(["default", kept]), settings():
        yield


def remember(ax: Axes, title: str, description: str) -> None:
    """Keep the title and description of what an axes shows, for saving; several axes add up."""
    figure = _figure_of(ax)
    before = _words.get(figure)
    if before is None:
        _words[figure] = _Words(title, description)
    else:
        before.title = f"{before.title}; {title}"
        before.description = f"{before.description} {description}"


def save(
    figure: Figure | SubFigure | Axes, paths: tuple[str | Path, ...], dpi: int, alt_text: str | None
) -> tuple[Path, ...]:
    """Write the figure once per path."""
    whole = _figure_of(figure)
    targets = [Path(p) for p in paths]
    if not targets:
        raise InvalidValue('No file is named. Give one, for example save_figure(ax, "figures/matrix.pdf").')
    for target in targets:
        if target.suffix.lower() not in SUFFIXES:
            raise InvalidValue(
                f"A figure cannot be saved as {target.suffix or 'a file without suffix'!r} ({target.name}). "
                f"Expected {', '.join(SUFFIXES)}."
            )
    words = _words.get(whole, _Words("", ""))
    description = words.description if alt_text is None else alt_text
    with settings():
        made = [_bytes(whole, target.suffix.lower(), dpi, words.title, description) for target in targets]
    for target, content in zip(targets, made, strict=True):
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return tuple(targets)


def _figure_of(thing: object) -> Figure:
    if isinstance(thing, Axes | SubFigure):
        figure = thing.get_figure(root=True) if mpl.__version_info__ >= (3, 10) else thing.figure
        if isinstance(figure, SubFigure):  # before matplotlib 3.10
            figure = figure.figure
        if isinstance(figure, Figure):
            return figure
    if isinstance(thing, Figure):
        return thing
    raise InvalidValue(
        f"save_figure() got {type(thing).__name__}. Expected the Axes that a plot returned, or its figure."
    )


def _bytes(figure: Figure, suffix: str, dpi: int, title: str, description: str) -> bytes:
    out = BytesIO()
    if suffix == ".pdf":
        words = {"Title": title, "Subject": description, "CreationDate": None}
        figure.savefig(out, format="pdf", metadata={k: v for k, v in words.items() if v != ""})
        return out.getvalue()
    if suffix == ".png":
        texts = {"Title": title, "Description": description}
        figure.savefig(out, format="png", dpi=dpi, metadata={k: v for k, v in texts.items() if v})
        return out.getvalue()
    figure.savefig(out, format="svg", metadata={"Date": None})
    return _described(out.getvalue().decode("utf-8"), title, description).encode("utf-8")


def _described(svg: str, title: str, description: str) -> str:
    """Put title and description first in the picture, where screen readers look for them."""
    if not title and not description:
        return svg
    words = f'<title id="figure-title">{_xml(title)}</title>\n <desc id="figure-description">{_xml(description)}</desc>'
    opened = re.search(r"<svg\b[^>]*>", svg)
    if opened is None:
        return svg
    tag = opened.group(0)[:-1] + ' role="img" aria-labelledby="figure-title figure-description">'
    return f"{svg[: opened.start()]}{tag}\n {words}{svg[opened.end() :]}"


def _xml(text: str) -> str:
    """Escaped, and without the control characters that XML forbids."""
    return escape(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", " ", text))
