"""Reading what was typed after a verb, and printing what comes of it: shared by the verbs of the command line."""

from __future__ import annotations

import argparse
import glob
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

import qualcode as qc
from qualcode.cli_words import in_words
from qualcode.errors import InvalidValue, Problem
from qualcode.file_names import given_path
from qualcode.readers import read_pseudonyms

if TYPE_CHECKING:
    from qualcode.project import Project

Options = argparse.Namespace

# -- reading what was typed ------------------------------------------------------------------------


def open_study(options: Options, *, who: bool = False) -> Project:
    """Open the study that was named; `who`: somebody must be known who does this."""
    project = qc.open_project(options.project, coder=getattr(options, "coder", None))
    if who and project.coder is None:
        raise InvalidValue(
            "who is doing this? Add --coder ana, or say it once for this computer: qualcode init --coder ana"
        )
    return project


def place(typed: str) -> Any:
    """Return the turn, the range of characters, the time or the quote that was typed."""
    if typed.startswith("quote:"):
        return typed.removeprefix("quote:")
    if match := re.fullmatch(r"turn:(\d+)(?:-(\d+))?", typed):
        return qc.turn(_number(match[1]), _number(match[2]) if match[2] else None)
    if match := re.fullmatch(r"(\d+)-(\d+)", typed):
        return qc.Span(_number(match[1]), _number(match[2]))
    if re.fullmatch(r"(\d+:)?\d+:\d+([.,]\d+)?", typed):
        return qc.at(typed)
    return typed


def _number(digits: str) -> int:
    return int(digits[:15])  # of more digits Python reads none; no interview is so long


def pairs(
    typed: Sequence[str], option: str, example: str = "Interviewer 1=I", *, empty: bool = False
) -> dict[str, str]:
    """Left to right of what was typed as LEFT=RIGHT; `empty`: there may be nothing on the right."""
    found = {}
    for pair in typed:
        left, sign, right = pair.partition("=") if isinstance(pair, str) else ("", "", "")  # "--speaker=--"
        if not sign or not left.strip() or not (right.strip() or empty):
            raise InvalidValue(
                f"{option} '{pair or ''}' was expected as LEFT=RIGHT, for example '{example}'."
            )
        found[left.strip()] = right.strip()
    return found


def pseudonyms(file: str | None) -> dict[str, str] | None:
    """Return real name to pseudonym, from the table that was named."""
    return None if file is None else read_pseudonyms(given_path(file))


def matching(pattern: str) -> list[str]:
    """Return the files that a pattern means, for terminals (Windows) that leave this to the program."""
    if Path(pattern).exists() or not any(sign in pattern for sign in "*?["):
        return [pattern]
    found = sorted(glob.glob(pattern))  # noqa: PTH207 - the pattern may begin at the root
    return found or [pattern]


def words_of(options: Options, *wanted: str) -> list[str]:
    """Return the words after an action, if they are as many as it wants."""
    if len(options.words) != len(wanted):
        expected = " and ".join(wanted) or "nothing more"
        raise InvalidValue(
            f"codebook {options.action} needs {expected}; {len(options.words)} words were given."
        )
    return list(options.words)


def parts(typed: str | None) -> list[str] | None:
    """Return what stands between commas."""
    return [part.strip() for part in typed.split(",") if part.strip()] if typed else None


def side(typed: str | None) -> str | list[str] | None:
    """Return what was typed for the rows or the columns of a matrix."""
    found = parts(typed)
    return found[0] if found and len(found) == 1 else found


# -- printing --------------------------------------------------------------------------------------


def tell_problems(problems: Sequence[Problem], what: str, as_json: bool) -> int:
    """Print problems, one a line; return the exit code."""
    if as_json:
        print_json([{"file": p.file, "place": p.place, "message": p.message, "fix": p.fix} for p in problems])
    elif problems:
        for problem in problems:
            print(in_words(str(problem)))
        print(f"{counted(len(problems), 'problem')}.")
    else:
        print(f"Nothing is wrong in {what}.")
    return 1 if problems else 0


def done(options: Options, said: str, **facts: object) -> int:
    """Say what a step did: one sentence, or with --json its facts."""
    if options.json:
        print_json({"action": options.action, **facts})
    else:
        print(said)
    return 0


def say(report: object) -> None:
    """Print a report of the library in words of the command line."""
    for line in str(report).split("\n"):
        indent = line[: len(line) - len(line.lstrip())]
        print(indent + in_words(line.strip()))


def print_json(value: object) -> None:
    """Print for a program to read."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=_json_value))


def _json_value(value: Any) -> Any:
    if value is pd.NA:
        return None
    if hasattr(value, "item"):  # numpy's numbers
        return value.item()
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    return str(value)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table; what is missing is None."""
    return [
        {str(name): None if _missing(value) else value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def _missing(value: Any) -> bool:
    return value is None or value is pd.NA or bool(value != value)


def print_table(frame: pd.DataFrame) -> None:
    """Print a table, nothing where it has no rows."""
    if len(frame):
        print(frame.to_string(index=False, na_rep=""))


def counted(number: int, noun: str) -> str:
    """Return "1 source", "3 sources"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def shown(path: Path) -> str:
    """Return a path as people read it."""
    return path.as_posix() if str(path) != "." else "this folder"
