"""The example study: 45 made-up interviews, imported, coded and counted from end to end.

``qualcode init --example`` begins it in a folder of yours, ``--solution`` ends it. In the repository, ``make study`` rebuilds it in
``build/study``, compares it with the study that is committed there, and draws the figures.
"""

from __future__ import annotations

import argparse
import os
import re
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
"""The key of the example: what was written to be found, together with the interviews."""

MACHINES = {"machine-a": "Machine A", "machine-b": "Machine B"}
"""Two coders who each read all interviews alone, without the key and without each other. Both are language models."""

MACHINE = {
    "model": "large language model",
    "version": "not recorded",
    "settings": "read each interview once with the codebook's definitions, without the key and without the other's codings",
}

SPEAKERS: Mapping[str, Mapping[str, str]] = {".json": {"SPEAKER_00": "Interviewer", "SPEAKER_01": ""}}
"""Ending of a file to what a recogniser called the speakers, and who they are; "" is the one interviewed."""

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
        if (folder / "data" / "raw" / "cases.csv").is_file():
            return folder
    raise FolderError(
        "The example interviews are not installed. Install qualcode again: pip install qualcode"
    )


def start_example(folder: str | os.PathLike[str]) -> Project:
    """Make a study with the codebook of the example and its interviews as raw files: the rest is for you to do.

    Parameters
    ----------
    folder
        Where; it must not hold a study already.

    Returns
    -------
    Project
        A study without sources. The 45 interviews and the table of participants lie in its ``data/raw``; the key, codings
        and citations are not there.

    Raises
    ------
    FolderError
        If the folder holds a study already.

    Examples
    --------
    >>> import tempfile
    >>> project = start_example(tempfile.mkdtemp() + "/example")
    >>> len(project.sources), len(interviews(project.path / "data" / "raw"))
    (0, 45)
    """
    from qualcode.project import create_project

    files = example_files()
    project = create_project(folder, files / "codebooks" / "codebook.yaml", title=TITLE)
    raw = project.path / "data" / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    for path in [*interviews(files / "data" / "raw"), files / "data" / "raw" / "cases.csv"]:
        if not (raw / path.name).exists():
            shutil.copy2(path, raw / path.name)
    return project


def build_example(folder: str | os.PathLike[str], sources: Sequence[str] | None = None) -> Project:
    """Make the example study with its solution: interviews imported, key and two machine codings taken in.

    Parameters
    ----------
    folder
        Where; it must not hold a study already.
    sources
        Only these interviews, for something quick to try; all 45 by default.

    Returns
    -------
    Project
        The study, coded by "planted", a key, and by two machines, none of whom a default counts: name whom you mean, as in
        ``qc.matrix(project, rows, columns, coders="planted")``.

    Raises
    ------
    FolderError
        If the folder holds a study already.

    Examples
    --------
    >>> import tempfile
    >>> project = build_example(tempfile.mkdtemp() + "/example", ["S3a", "S7a"])
    >>> list(project.sources["source"]), set(project.coders["kind"]) == {"key", "machine"}
    (['S3a', 'S7a'], True)
    """
    project = start_example(folder)
    raw, solution = project.path / "data" / "raw", example_files() / "data" / "raw" / "solution"
    files = [path for path in interviews(raw) if sources is None or path.stem in sources]
    shutil.copytree(solution, raw / "solution", dirs_exist_ok=True)
    with project.batch():
        project.add_coder(PLANTED, "Written together with the interviews", kind="key", coder=PLANTED)
        for path in files:
            speakers = SPEAKERS.get(path.suffix)
            named = speakers and {label: name or path.stem for label, name in speakers.items()}
            project.add_source(path, synthetic=True, speakers=named, coder=PLANTED)
        project.declare_attribute("training_data", "list", coder=PLANTED)
        project.add_cases(_cases(raw / "cases.csv", {path.stem for path in files}), coder=PLANTED)
        _code_as(project, solution / f"{PLANTED}.csv", PLANTED)
        for coder, name in MACHINES.items():
            project.add_coder(coder, name, kind="machine", coder=coder, **MACHINE)
            _code_as(project, solution / f"{coder}.csv", coder)
    return project


def _cases(table: Path, sources: set[str]) -> pd.DataFrame:
    """Return the participants of some interviews, and their organizations."""
    frame = pd.read_csv(table, dtype=str, keep_default_na=False)
    of = frame[frame["case"].isin(sources)]
    return frame[frame["case"].isin({*of["case"], *of["parent"]})]


def _code_as(project: Project, table: Path, coder: str) -> None:
    """Code what a table of quotes says, in the sources that are there, and say that they are finished."""
    frame = pd.read_csv(table, dtype=str, keep_default_na=False)
    there = list(project.sources["source"])
    project.code_many(frame[frame["source"].isin(there)], coder=coder)
    for source in there:
        project.finish(source, coder)


def interviews(raw: Path) -> list[Path]:
    """Return the interviews among the raw files, in the order of their names.

    Examples
    --------
    >>> [path.name for path in interviews(example_files() / "data" / "raw")][:2]
    ['S10a.pdf', 'S11a.srt']
    """
    return sorted(path for path in raw.iterdir() if re.fullmatch(r"S\d+[a-z]", path.stem) and path.is_file())


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
    formats = study.sources["imported_from"].value_counts()
    print(f"             {', '.join(f'{count} {name}' for name, count in formats.items())}")
    print(f"Codebook     {len(study.codebook.active)} codes in {len(study.codebook.facets)} facets")
    done = study.codings["coder"].value_counts()
    print(
        f"Coded        {done[PLANTED]} passages as the key says; {', '.join(f'{done[c]} by {c}' for c in MACHINES)}"
    )
    counted = matrix(study, "collaboration-point", "theme", coders=PLANTED)
    filled = int((counted.table > 0).sum().sum())
    print(
        f"Matrix       {filled} of {counted.table.size} cells of points by themes are reported in the key; these are no findings"
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
    coders = {path.stem for path in (root / "data" / "coders").glob("*.toml")} - {PLANTED, *MACHINES}
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
