"""Reading and writing codebooks: YAML, CSV and Excel, by the suffix of the file."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from qualcode.codebook import Codebook, default_codebook
from qualcode.codebook_layout import states_id, write_yaml
from qualcode.codebook_yaml import read_yaml
from qualcode.errors import FileProblems, FolderError, InvalidValue, Problem, ReadError, did_you_mean
from qualcode.file_names import given_path

__all__ = ["codebook_from_yaml", "codebook_to_yaml", "default_codebook", "read_codebook", "write_codebook"]

SUFFIXES = {
    ".yaml": "yaml", ".yml": "yaml", ".csv": "csv", ".tsv": "csv", ".xlsx": "excel", ".xlsm": "excel",
}  # fmt: skip


def read_codebook(path: str | os.PathLike[str]) -> Codebook:
    r"""Read a codebook from a file, or from YAML text.

    Parameters
    ----------
    path
        A file .yaml, .yml, .csv, .tsv, .xlsx; or text of several lines, read as YAML.

    Returns
    -------
    Codebook

    Raises
    ------
    ReadError
        If there is no such file, or of another format.
    FileProblems
        If the codebook is broken: all its problems at once, each with its place.

    Examples
    --------
    >>> read_codebook("facets:\n- name: Theme\n  codes:\n  - Trust\n  - Delay\n")
    <Codebook: 1 facets, 2 codes>
    """
    if isinstance(path, str) and "\n" in path:
        return codebook_from_yaml(path)
    file = given_path(path)
    kind = SUFFIXES.get(file.suffix.lower())
    if kind is None:
        hint = did_you_mean(file.suffix, SUFFIXES)
        raise ReadError(path, f"a codebook is a file {', '.join(SUFFIXES)}.{hint} Save it as one of these.")
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ReadError(path, f"cannot be read ({error.strerror or error}). Check the path.") from None
    if kind == "excel":
        from qualcode.codebook_excel import read_excel

        return read_excel(content, file.name)
    text = _decoded(content, file.name, kind)
    if kind == "csv":
        from qualcode.codebook_table import read_csv

        return read_csv(text, file.name)
    return codebook_from_yaml(text, file.name)


def codebook_from_yaml(text: str, file: str = "codebook.yaml") -> Codebook:
    r"""Return the codebook that a YAML text says.

    Parameters
    ----------
    text
        The text.
    file
        The name to show in problems.

    Raises
    ------
    FileProblems
        All problems at once.

    Examples
    --------
    >>> codebook_from_yaml("facets:\n- name: Theme\n  codes:\n  - nam: Trust\n")
    Traceback (most recent call last):
    ...
    qualcode.errors.FileProblems: codebook.yaml @ facets[0].codes[0].name: the code has no name ('nam' is not
    known. Did you mean 'name'?)
    """
    return read_yaml(text.removeprefix("\ufeff").replace("\r\n", "\n"), file).codebook


def codebook_to_yaml(codebook: Codebook, previous: str | None = None) -> str:
    r"""Return a codebook as YAML.

    Parameters
    ----------
    codebook
        What to write.
    previous
        The text that it replaces: its comments, order, unknown keys and ways of writing are kept, and
        only the lines of what changed differ. An unchanged codebook gives the identical text.

    Raises
    ------
    FileProblems
        If `previous` is broken; writing over it would lose somebody's work.

    Examples
    --------
    >>> before = "facets:\n- name: Theme\n  codes:\n  # ask Ana\n  - id: trust\n    name: Trust\n"
    >>> after = codebook_from_yaml(before).change_code("trust", definition="To rely on others.")
    >>> print(codebook_to_yaml(after, before), end="")
    facets:
    - name: Theme
      codes:
      # ask Ana
      - id: trust
        name: Trust
        definition: To rely on others.
    """
    return write_yaml(codebook, previous)


def pin_id(text: str, code: str) -> str:
    r"""Return the text of a codebook in which a code states its id, so that its name can be edited by hand.

    Examples
    --------
    >>> print(pin_id("facets:\n- name: Theme\n  codes:\n  - Trust  # ask Ana\n  - Delay\n", "trust"), end="")
    facets:
    - name: Theme
      codes:
      - id: trust
        name: Trust  # ask Ana
      - Delay
    """
    reading = read_yaml(text.removeprefix("\ufeff").replace("\r\n", "\n"), "codebook.yaml")
    return text if states_id(reading, code) else write_yaml(reading.codebook, text, pinned=frozenset({code}))


def write_codebook(codebook: Codebook, path: str | os.PathLike[str]) -> None:
    """Write a codebook as .yaml, .csv or .xlsx; comments in a YAML file that is there are kept.

    Raises
    ------
    InvalidValue
        If the suffix is none of these, or a text does not fit into a cell of Excel.
    FileProblems
        If the YAML file that is there is broken.
    """
    file = given_path(path)
    kind = SUFFIXES.get(file.suffix.lower())
    if kind is None or file.suffix.lower() in (".tsv", ".xlsm"):
        raise InvalidValue(f"A codebook cannot be written as '{file.name}'. Use .yaml, .csv or .xlsx.")
    before = file.read_bytes() if file.is_file() else None
    if kind == "excel":
        from qualcode.codebook_excel import write_excel

        content = write_excel(codebook)
    elif kind == "csv":
        from qualcode.codebook_table import write_csv

        content = write_csv(codebook).encode("utf-8")
    else:
        previous = None if before is None else _decoded(before, file.name, kind, keep=True)
        content = write_yaml(codebook, previous, file.name).encode("utf-8")
    if content != before:
        _replace(file, content)


def _replace(file: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    temporary = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content)
        temporary.replace(file)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        reason = f"cannot be written ({error.strerror}). Is its folder read-only, or the file open in another program?"
        raise FolderError(f"{file.name} {reason}") from None


def _decoded(content: bytes, file: str, kind: str, keep: bool = False) -> str:
    r"""Return the text of a file; newlines as "\n" and without byte order mark, unless they are to be kept."""
    save = "in Excel: Save as 'CSV UTF-8'" if kind == "csv" else "in your editor: save with encoding UTF-8"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content[:200]:
        raise FileProblems([Problem(file, "", "is UTF-16, not UTF-8", save)])
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"is not UTF-8: the byte 0x{content[error.start]:02x} stands here, often an accented letter"
        raise FileProblems([Problem(file, str(line), message, save)]) from None
    if keep:
        return text
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    conflicts = [
        Problem(file, str(number), "holds the marks of an unfinished git merge", "finish the merge first")
        for number, line in enumerate(text.split("\n"), start=1)
        if line.startswith(("<<<<<<< ", ">>>>>>> "))
    ]
    if conflicts:
        raise FileProblems(conflicts)
    return text
