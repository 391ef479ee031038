"""Every error of qualcode, so that a reader of the message knows what to do.

::

    QualcodeError
    ├── NotFound (KeyError)          a name or id that the study does not have
    │   ├── UnknownSource
    │   ├── UnknownCode
    │   ├── UnknownFacet
    │   ├── UnknownCoder
    │   └── UnknownCase
    ├── InvalidValue (ValueError)    an argument that cannot be used
    │   └── QuoteError               a quote that is not in the text, or is there twice
    ├── ReadError (ValueError)       a transcript or table that cannot be read
    ├── FileProblems (ValueError)    every problem of a file of the study at once
    ├── MissingExtra (ImportError)   a package that an optional feature needs
    ├── Refused (RuntimeError)       understood, but it would harm somebody's work
    └── FolderError (OSError)        a study folder that is locked, read-only, changed or no study

A message says what is wrong (with the value), what was expected, and what to do. It never
holds text of a transcript: only the place and the length.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


class QualcodeError(Exception):
    """The base of every error that qualcode raises on purpose."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class NotFound(QualcodeError, KeyError):
    """A name or id that the study does not have."""


class UnknownSource(NotFound):
    """A source that the study does not have."""


class UnknownCode(NotFound):
    """A code that the codebook does not have."""


class UnknownFacet(NotFound):
    """A facet that the codebook does not have."""


class UnknownCoder(NotFound):
    """A coder that the study does not have."""


class UnknownCase(NotFound):
    """A case that the study does not have."""


class InvalidValue(QualcodeError, ValueError):
    """An argument that cannot be used."""


class QuoteError(InvalidValue):
    """A quote that is not in the text, or is there more than once."""


class ReadError(QualcodeError, ValueError):
    """A transcript or table that cannot be read.

    Parameters
    ----------
    path
        The file; only its name appears in the message.
    reason
        What is wrong, where, and what to do, in one sentence.

    Examples
    --------
    >>> print(ReadError("talks/P7.doc", "this is an old Word file. Save it as .docx."))
    P7.doc: this is an old Word file. Save it as .docx.
    """

    def __init__(self, path: object, reason: str) -> None:
        self.name = str(path).replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
        self.reason = reason
        super().__init__(f"{self.name}: {reason}")


class MissingExtra(QualcodeError, ImportError):
    """A package that an optional feature needs is not installed.

    Examples
    --------
    >>> print(MissingExtra("Sentence embeddings", "embed"))
    Sentence embeddings need packages that are not installed. Install them with: pip install "qualcode[embed]"
    """

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(
            f"{feature} need packages that are not installed. "
            f'Install them with: pip install "qualcode[{extra}]"'
        )


class Refused(QualcodeError, RuntimeError):
    """The request is understood, but carrying it out would harm somebody's work."""


class FolderError(QualcodeError, OSError):
    """A study folder that is locked, read-only, changed underneath, or no study at all."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a file of the study.

    Parameters
    ----------
    file
        Path of the file inside the study folder.
    place
        A line number ("14") or a path in the file ("facets[0].codes[3].parent"); may be empty.
    message
        What is wrong and what was expected.
    fix
        What to do about it.

    Examples
    --------
    >>> print(Problem("data/cases.csv", "14", "the case 'P7' is there twice", "delete one of the rows"))
    data/cases.csv:14: the case 'P7' is there twice (delete one of the rows)
    """

    file: str
    place: str
    message: str
    fix: str = ""

    def __str__(self) -> str:
        if not self.place:
            where = f"{self.file}: "
        elif self.place.isdigit():
            where = f"{self.file}:{self.place}: "
        else:
            where = f"{self.file} @ {self.place}: "
        return where + self.message + (f" ({self.fix})" if self.fix else "")


class FileProblems(QualcodeError, ValueError):
    """All problems of a file at once, one line each.

    Parameters
    ----------
    problems
        What is wrong, in the order of the file.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def did_you_mean(value: str, known: Iterable[str]) -> str:
    """Return the hint " Did you mean 'trust'?" when something close is known, else "".

    Examples
    --------
    >>> did_you_mean("trsut", ["trust", "delay"])
    " Did you mean 'trust'?"
    >>> did_you_mean("Governance", ["Governance and trust", "delay"])
    " Did you mean 'Governance and trust'?"
    >>> did_you_mean("budget", ["trust", "delay"])
    ''
    """
    by_folded: dict[str, str] = {}
    for name in known:
        by_folded.setdefault(name.casefold(), name)
    word = value.casefold().strip()
    close = difflib.get_close_matches(word, by_folded, n=1, cutoff=0.7)
    if not close and len(word) >= 4:  # a part of a longer name, from the beginning of a word
        within = [name for name in by_folded if f" {word}" in f" {name}"]
        close = sorted(within, key=len)[:1]
    return f" Did you mean '{by_folded[close[0]]}'?" if close else ""
