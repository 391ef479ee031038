"""The example study: four made-up interviews, imported, coded and counted from end to end.

``qualcode init --example`` makes it in a folder of yours. In the repository, ``make study`` rebuilds it in
``build/study``, compares it with the study that is committed there, and draws the figures.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from qualcode.errors import FolderError, Refused

if TYPE_CHECKING:
    from qualcode.project import Project

PLANTED = "planted"
"""The coder of the example: its codings were written together with the interviews."""

TITLE = "Building software with machine learning: an example study (synthetic)"

COMPARED: Mapping[str, tuple[str, ...]] = {
    "sources": ("source", "title", "file", "sha256", "length", "turns", "language", "imported_from", "version", "synthetic"),
    "turns": ("source", "turn", "speaker", "role", "case", "start", "end", "begins", "ends", "text"),
    "codings": ("source", "start", "end", "version", "code", "coder", "stance", "origin"),
    "cases": (),
    "speakers": ("source", "speaker", "case", "role"),
    "coders": ("coder", "name", "kind"),
    "progress": ("coder", "source", "part", "round", "state"),
}  # fmt: skip
"""Table of the study to the columns that a rebuild must give again; () means all. Random ids and times are left out."""


def example_files() -> Path:
    """Return the folder with the codebook and the raw interviews of the example.

    Raises
    ------
    FolderError
        If they were not installed.

    Examples
    --------
    >>> (example_files() / "codebooks" / "codebook.yaml").is_file()
    True
    """
    here = Path(__file__).resolve().parent
    for folder in (here / "example_files", here.parent):  # the wheel; the repository
        if (folder / "data" / "raw" / "planted.csv").is_file():
            return folder
    raise FolderError(
        "The example interviews are not installed. Install qualcode again: pip install qualcode"
    )


def build_example(folder: str | os.PathLike[str]) -> Project:
    """Make the example study in a folder: import, code, say that all is coded.

    Parameters
    ----------
    folder
        Where; it must not hold a study already.

    Returns
    -------
    Project
        The study, coded by "planted". That coder is a key, so counting it has to be asked for:
        ``qc.matrix(project, rows, columns, coders="planted")``.

    Raises
    ------
    FolderError
        If the folder holds a study already.

    Examples
    --------
    >>> import tempfile
    >>> project = build_example(tempfile.mkdtemp() + "/example")
    >>> len(project.sources), list(project.coders["coder"])
    (4, ['planted'])
    """
    from qualcode.project import create_project

    files = example_files()
    target = Path(folder)
    project = create_project(target, files / "codebooks" / "codebook.yaml", title=TITLE, coder=PLANTED)
    raw = target / "data" / "raw"
    if not raw.exists():
        shutil.copytree(files / "data" / "raw", raw)
    planted = pd.read_csv(raw / "planted.csv", dtype=str, keep_default_na=False)
    with project.batch():
        project.add_coder(PLANTED, "Written together with the interviews", kind="key")
        for report in project.add_sources(interviews(raw), synthetic=True):
            if report.error:
                raise FolderError(f"The example cannot be built: {report.error}")
        project.add_cases(raw / "cases.csv")
        project.code_many(planted)
        for source in project.sources["source"]:
            project.finish(source)
    return project


def interviews(raw: Path) -> list[Path]:
    """Return the interviews among the raw files, in the order of their names."""
    known = {".txt", ".docx", ".vtt", ".csv"}
    return sorted(
        p for p in raw.iterdir() if p.suffix in known and p.name not in ("planted.csv", "cases.csv")
    )


def differences(made: Project, kept: Project) -> dict[str, str]:
    """Compare two copies of a study by content, not by random ids and times.

    Parameters
    ----------
    made, kept
        The rebuilt study and the one to compare it with.

    Returns
    -------
    dict
        What was compared ("turns") to what differs; "" where nothing does.
    """
    found = {}
    for name, columns in COMPARED.items():
        new, old = (_rows(getattr(study, name), columns) for study in (made, kept))
        lost, added = len(old - new), len(new - old)
        found[name] = (
            f"{lost} of {len(old)} rows are not there again, {added} are new" if lost or added else ""
        )
    old_book, new_book = ((study.path / "codebooks" / "codebook.yaml").read_bytes() for study in (kept, made))
    found["codebook"] = "" if old_book == new_book else "the file differs"
    return found


def _rows(frame: pd.DataFrame, columns: tuple[str, ...]) -> set[tuple[str, ...]]:
    return set(frame[list(columns) or list(frame.columns)].astype(str).itertuples(index=False, name=None))


def main(arguments: Sequence[str] | None = None) -> int:
    """Rebuild the example study, compare it with the one in the repository, draw the figures.

    Returns
    -------
    int
        0 when the rebuilt study equals the committed one, 1 when something differs.
    """
    parser = argparse.ArgumentParser(prog="python -m qualcode.example")
    parser.add_argument("--root", type=Path, default=Path(), help="the repository (default: this folder)")
    parser.add_argument(
        "--accept", action="store_true", help="take a rebuilt study that differs as the new one"
    )
    options = parser.parse_args(arguments)
    root: Path = options.root.resolve()
    from qualcode import example_figures, matrix

    built = root / "build" / "study"
    if built.exists():
        shutil.rmtree(built)
    study = build_example(built)
    print(
        f"Imported     {len(study.sources)} made-up interviews from data/raw with {len(study.turns)} turns:"
    )
    for row in study.sources.itertuples():
        print(f"             {row.source:<6} {row.file} read as {row.imported_from}")
    print(f"Codebook     {len(study.codebook.active)} codes in {len(study.codebook.facets)} facets")
    print(f"Coded        {len(study.codings)} passages as planted.csv says, by the coder '{PLANTED}' (a key)")
    counted = matrix(study, "collaboration-point", "theme", coders=PLANTED)
    filled = int((counted.table > 0).sum().sum())
    print(
        f"Matrix       {filled} of {counted.table.size} cells of points by themes are reported; these are no findings"
    )
    problems = study.check()
    print(f"Checked      {len(problems)} problems in the files of build/study")
    same = _compare(study, root, accept=options.accept)
    drawn = example_figures.write_figures(study, example_files() / "data" / "nahar2022", root / "figures")
    changed = [path.name for path, is_new in drawn.items() if is_new]
    print(f"Figures      {len(drawn)} files in figures/, {len(changed)} of them changed" + _listed(changed))
    print("Next         source .venv/bin/activate, then: qualcode status, or jupyter lab notebooks")
    return 0 if same and not problems else 1


def _compare(study: Project, root: Path, *, accept: bool) -> bool:
    from qualcode import open_project

    if not (root / "qualcode.toml").is_file():
        if accept:
            _accept(study.path, root)
            print("Compared     the repository held no study; it now holds this one")
            return True
        print("Compared     with nothing: there is no study beside this Makefile")
        return False
    found = differences(study, open_project(root))
    differing = {name: what for name, what in found.items() if what}
    if accept and differing:
        _accept(study.path, root)
        print(f"Compared     {', '.join(differing)} differed; the rebuilt study is now the committed one")
        return True
    equal = [name for name in found if name not in differing]
    print(f"Compared     with the committed study: {', '.join(equal) or 'nothing'} equal")
    for name, what in differing.items():
        print(f"             {name} differ: {what}")
    if differing:
        print("             To take the rebuilt study: .venv/bin/python -m qualcode.example --accept")
    return not differing


def _accept(built: Path, root: Path) -> None:
    """Put the rebuilt study where the committed one is; raw interviews and codebook stay."""
    coders = {path.stem for path in (root / "data" / "coders").glob("*.toml")} - {PLANTED}
    if coders:
        raise Refused(
            f"The study in {root.name} was coded by {', '.join(sorted(coders))}; it is not replaced."
        )
    for name in sorted(p.name for p in (root / "data").iterdir() if p.name not in _NOT_OF_THE_STUDY):
        path = root / "data" / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in sorted((built / "data").iterdir()):
        if path.name in _NOT_OF_THE_STUDY:
            continue
        if path.is_dir():
            shutil.copytree(path, root / "data" / path.name)
        else:
            shutil.copy2(path, root / "data" / path.name)
    shutil.copy2(built / "qualcode.toml", root / "qualcode.toml")


_NOT_OF_THE_STUDY = {"raw", "nahar2022"}


def _listed(names: Sequence[str]) -> str:
    return f": {', '.join(names)}" if names else ""


if __name__ == "__main__":
    sys.exit(main())
