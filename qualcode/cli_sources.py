"""What the verbs about interviews and surveys do: look at a file, bring it in, correct it, take a step back."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import qualcode as qc
from qualcode.cli_typed import (
    Options,
    matching,
    open_study,
    pairs,
    place,
    print_json,
    pseudonyms,
    say,
)
from qualcode.cli_words import in_words, one_line
from qualcode.errors import InvalidValue

if TYPE_CHECKING:
    from qualcode.verbs._import_report import ImportReport


def _preview(options: Options) -> int:
    for number, file in enumerate(name for pattern in options.files for name in matching(pattern)):
        if number:
            print()
        found = str(qc.preview(file, **_reading(options), sheet=options.sheet))
        facts, _, said = found.partition("\n\n")
        say(facts)
        print("", *map(one_line, said.split("\n")), sep="\n")  # words of people stay as they are
    return 0


def _import(options: Options) -> int:
    files = [name for pattern in options.files for name in matching(pattern)]
    if options.id and len(files) != 1:
        raise InvalidValue(
            f"--id names one source, but {len(files)} files are given. Import them one by one."
        )
    reports = open_study(options, who=True).add_sources(
        files,
        **({"id": options.id} if options.id else {}),
        **_reading(options),
        sheet=options.sheet,
        split_by=options.split_by,
        synthetic=options.synthetic,
        keep=options.keep,
    )
    if options.json:
        print_json([_report(report) for report in reports])
    else:
        for report in reports:
            # What could not be read goes to the error stream, one line, as every error.
            if report.error:
                print(f"qualcode: {in_words(report.error)}", file=sys.stderr)
            else:
                say(report)
    return 1 if any(report.error for report in reports) else 0


def _report(report: ImportReport) -> dict[str, Any]:
    return {
        "file": report.file,
        "source": report.source,
        "format": report.format,
        "turns": report.turns,
        "characters": report.characters,
        "speakers": dict(report.speakers or {}),
        "notes": [{"kind": note.kind, "message": note.message} for note in report.notes],
        "hidden": dict(report.hidden or {}),
        "error": report.error,
    }


def _reading(options: Options) -> dict[str, Any]:
    """What was typed on how to read a file."""
    return {
        "format": options.format,
        "encoding": options.encoding,
        "speakers": pairs(options.speaker, "--speaker"),
        "roles": pairs(options.role, "--role"),
        "columns": pairs(options.column, "--column", "text=Answer", empty=True),
        "pseudonyms": pseudonyms(options.pseudonyms),
    }


def _survey(options: Options) -> int:
    named: dict[str, Any] = {
        "id": options.id,
        "open": options.open or None,
        "closed": dict(map(_heading_and_name, options.closed)) or None,
        "prefix": options.prefix,
        "sheet": options.sheet,
        "encoding": options.encoding,
    }
    if options.preview:
        say(qc.preview_survey(options.file, **named))
        return 0
    project = open_study(options, who=True)
    names = pseudonyms(options.pseudonyms)
    say(
        project.add_survey(
            options.file, **named, kind=options.kind, pseudonyms=names, synthetic=options.synthetic
        )
    )
    return 0


def _heading_and_name(typed: str) -> tuple[str, str]:
    heading, sign, name = typed.rpartition("=")
    return (heading.strip(), name.strip()) if sign and heading.strip() else (typed.strip(), "")


def _correct(options: Options) -> int:
    say(open_study(options, who=True).correct(options.source, place(options.where), options.text))
    return 0


def _update(options: Options) -> int:
    say(open_study(options, who=True).update_source(options.source, options.file, **_reading(options)))
    return 0


def _undo(options: Options) -> int:
    project = open_study(options, who=True)
    if options.redo and options.past_merge:
        raise InvalidValue("--past-merge goes with undo alone. Leave it or --redo out.")
    if options.redo:
        said, events = "Done again", project.redo(options.steps)
    else:
        said, events = "Taken back", project.undo(options.steps, past_merge=options.past_merge)
    for verb, time in zip(events["verb"], events["time"], strict=True):
        print(f"{said}: {verb}, of {str(time)[:16].replace('T', ' ')}.")
    return 0


RUN: dict[str, Callable[[Options], int]] = {
    "preview": _preview,
    "import": _import,
    "survey": _survey,
    "correct": _correct,
    "update": _update,
    "undo": _undo,
}
"""The function of each verb; it returns the exit code."""
