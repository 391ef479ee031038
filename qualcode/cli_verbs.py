"""What each verb of the command line does: call the library, print what came out. No logic of its own."""

from __future__ import annotations

import argparse
import glob
import json
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

import qualcode as qc
from qualcode import git
from qualcode.check import check_folder
from qualcode.cli_words import in_words
from qualcode.codebook import check
from qualcode.errors import InvalidValue, Problem
from qualcode.file_names import given_path
from qualcode.readers import read_pseudonyms

if TYPE_CHECKING:
    from qualcode.project import Project
    from qualcode.verbs._import_report import ImportReport

Options = argparse.Namespace


def _init(options: Options) -> int:
    folder = given_path(options.folder)
    there = (folder / "qualcode.toml").is_file()
    if options.example:
        from qualcode.example import build_example

        if options.codebook or options.title:
            raise InvalidValue(
                "--example brings its own codebook and title. Leave --codebook and --title out."
            )
        project = build_example(folder)
        print(f"An example study with {len(project.sources)} made-up interviews is in {_shown(folder)}.")
    elif there and not (options.codebook or options.title):
        # A second coder's copy: nothing to make, but this computer needs its settings.
        project = qc.open_project(folder)
        print(f"{_shown(folder)} holds the study '{project.title}'. It stays as it is.")
    else:
        project = qc.create_project(
            folder, codebook=options.codebook, title=options.title, coder=options.coder
        )
        facets = ", ".join(facet.name for facet in project.codebook.facets)
        print(f"A study is in {_shown(folder)}. Its codebook has the facets: {facets}.")
    for line in git.register(folder):
        print(line)
    if options.coder:
        qc.set_coder(options.coder)
        print(f"You code as '{options.coder}' on this computer from now on.")
    print("Next: " + ("qualcode matrix --coders planted" if options.example else "qualcode import FILES"))
    return 0


def _import(options: Options) -> int:
    files = [name for pattern in options.files for name in _matching(pattern)]
    if options.id and len(files) != 1:
        raise InvalidValue(
            f"--id names one source, but {len(files)} files are given. Import them one by one."
        )
    reports = _open(options, who=True).add_sources(
        files,
        **({"id": options.id} if options.id else {}),
        format=options.format,
        encoding=options.encoding,
        speakers=_pairs(options.speaker, "--speaker"),
        roles=_pairs(options.role, "--role"),
        pseudonyms=_pseudonyms(options.pseudonyms),
        synthetic=options.synthetic,
        keep=options.keep,
    )
    if options.json:
        _json([_report(report) for report in reports])
    else:
        for report in reports:
            # What could not be read goes to the error stream, one line, as every error.
            if report.error:
                print(f"qualcode: {in_words(report.error)}", file=sys.stderr)
            else:
                _say(report)
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


def _open_page(options: Options) -> int:
    import webbrowser

    from qualcode.widget.server import CodingServer

    options.project = options.folder
    project = _open(options, who=True)
    server = CodingServer(project, options.source, options.coder, blind=options.blind, port=options.port)
    print(f"'{project.title}' is open for {project.coder}: {server.address}", flush=True)
    print("This computer alone can read it there. Everything is saved at once; end with Ctrl-C.", flush=True)
    if not options.no_browser:
        webbrowser.open(server.address)
    try:
        server.serve()
    except KeyboardInterrupt:
        print("Closed.")
    finally:
        server.close()
    return 0


def _code(options: Options) -> int:
    project = _open(options, who=True)
    where = _where(options.where)
    coding = project.code(
        options.source, where, options.code, stance=options.stance, memo=options.memo, create=options.create
    )
    made = project.coding(coding)
    path = project.codebook.path(made.code)
    print(f"{coding}: {made.source} {made.span.start}-{made.span.end} is coded '{path}' by {made.coder}.")
    return 0


def _codebook(options: Options) -> int:
    changes = options.action not in ("show", "check", "export")
    for option in ("facet", "parent", "into", "definition"):
        if getattr(options, option) is not None and option not in _USES.get(options.action, ()):
            raise InvalidValue(f"codebook {options.action} has no --{option}. See: qualcode codebook --help")
    return _ACTIONS[options.action](options, _open(options, who=changes))


def _codebook_show(options: Options, project: Project) -> int:
    _words(options)
    frame = project.codebook.to_frame()
    if options.json:
        _json(_records(frame))
        return 0
    book = project.codebook
    counts = project.codings["code"].value_counts()
    for facet in book.facets:
        print(facet.name)
        for code in book.codes:
            if code.facet == facet.id and code in book.active:
                depth = len(book.ancestors(code.id))
                used = int(counts.get(code.id, 0))
                print("  " * (depth + 1) + code.name + (f"  ({used})" if used else ""))
    return 0


def _codebook_check(options: Options, project: Project) -> int:
    _words(options)
    return _problems(check(project.codebook), "the codebook", options.json)


def _codebook_import(options: Options, project: Project) -> int:
    (file,) = _words(options, "the file to read")
    project.replace_codebook(file)
    count = len(project.codebook.active)
    return _done(options, f"The codebook now has {count} codes.", codes=count)


def _codebook_export(options: Options, project: Project) -> int:
    (file,) = _words(options, "the file to write")
    project.export_codebook(file)
    return _done(options, f"Written: {file}", file=file)


def _codebook_new(options: Options, project: Project) -> int:
    (name,) = _words(options, "the name of the new code")
    fields = {"definition": options.definition} if options.definition else {}
    code = project.new_code(name, parent=options.parent, facet=options.facet, **fields)
    path = project.codebook.path(code)
    return _done(options, f"New code '{path}' with the id {code}.", code=code, path=path)


def _codebook_rename(options: Options, project: Project) -> int:
    code, name = _words(options, "the code", "its new name")
    id_ = project.codebook.code(code).id
    project.rename_code(code, name)
    path = project.codebook.path(id_)
    return _done(
        options, f"'{code}' is now called '{name}'; the old name still finds it.", code=id_, path=path
    )


def _codebook_move(options: Options, project: Project) -> int:
    (code,) = _words(options, "the code")
    id_ = project.codebook.code(code).id
    project.move_code(code, parent=options.parent, facet=options.facet)
    path = project.codebook.path(id_)
    return _done(options, f"It is now '{path}'.", code=id_, path=path)


def _codebook_merge(options: Options, project: Project) -> int:
    if not options.into or not options.words:
        raise InvalidValue("merge needs codes, and --into with the code that stays.")
    project.merge_codes(options.words, options.into)
    id_ = project.codebook.code(options.into).id
    path = project.codebook.path(id_)
    return _done(options, f"Merged into '{path}'.", code=id_, path=path)


def _codebook_retire(options: Options, project: Project) -> int:
    (code,) = _words(options, "the code")
    id_ = project.codebook.code(code).id
    project.retire_code(code)
    path = project.codebook.path(id_)
    return _done(
        options, f"'{code}' is retired: it stays on its codings and is offered no more.", code=id_, path=path
    )


def _codebook_freeze(options: Options, project: Project) -> int:
    (note,) = _words(options, "a note, such as 'after the first ten interviews'")
    version = project.freeze_codebook(note)
    return _done(options, f"Frozen as version {version}.", version=version)


_USES = {"new": ("facet", "parent", "definition"), "move": ("facet", "parent"), "merge": ("into",)}
"""Which options an action of codebook understands."""


_ACTIONS: dict[str, Callable[[Options, Project], int]] = {
    "show": _codebook_show,
    "check": _codebook_check,
    "import": _codebook_import,
    "export": _codebook_export,
    "new": _codebook_new,
    "rename": _codebook_rename,
    "move": _codebook_move,
    "merge": _codebook_merge,
    "retire": _codebook_retire,
    "freeze": _codebook_freeze,
}


def _matrix(options: Options) -> int:
    project = _open(options)
    facets = [facet.id for facet in project.codebook.facets]
    matrix = qc.matrix(
        project,
        rows=_side(options.rows) or facets[0],
        columns=_side(options.columns) or (facets[1] if len(facets) > 1 else "source"),
        count_by=options.count_by,
        relation=options.relation,
        coders=_list(options.coders),
    )
    if options.out:
        axes = qc.plot.matrix(matrix, style=options.style, width=options.width)
        qc.save_figure(axes.figure, options.out)
    if options.json:
        _json(
            {
                "rule": matrix.rule,
                "count_by": matrix.count_by,
                "relation": matrix.relation,
                "coders": list(matrix.coders),
                "n": matrix.n,
                "total": matrix.total,
                "rows": [
                    {"key": h.key, "path": h.path, "total": t}
                    for h, t in zip(matrix.rows, matrix.row_totals, strict=True)
                ],
                "columns": [
                    {"key": h.key, "path": h.path, "total": t}
                    for h, t in zip(matrix.columns, matrix.column_totals, strict=True)
                ],
                "cells": _records(matrix.to_frame()),
            }
        )
    else:
        print(matrix)
        if options.out:
            print(f"Drawn: {options.out}")
    return 0


def _status(options: Options) -> int:
    project = _open(options)
    codings = project.codings
    sources = project.sources[["source", "title", "language", "length", "turns", "synthetic", "text_present"]]
    sources = sources.assign(
        codings=sources["source"].map(codings["source"].value_counts()).fillna(0).astype(int),
        coders=[
            ", ".join(sorted(set(codings.loc[codings["source"] == s, "coder"]))) for s in sources["source"]
        ],
    )
    advice = git.advice(project.path, private=not sources["synthetic"].all())
    if options.json:
        _json(
            {
                "title": project.title,
                "sources": _records(sources),
                "progress": _records(project.progress),
                "codes": len(project.codebook.active),
                "codings": len(codings),
                "cases": len(project.cases),
                "coders": _records(project.coders),
                "memos": len(project.memos),
                "advice": advice,
            }
        )
        return 0
    print(project.title)
    print(
        f"{_count(len(sources), 'source')}, {_count(len(project.cases), 'case')}, "
        f"{_count(len(project.codebook.active), 'code')}, {_count(len(codings), 'coding')}, "
        f"{_count(len(project.memos), 'memo')}"
    )
    _table(sources[["source", "length", "turns", "codings", "coders", "text_present"]])
    if len(project.progress):
        print()
        _table(project.progress)
    for line in advice:
        print(line)
    return 0


def _check(options: Options) -> int:
    if options.repair:
        from qualcode.repair import repair_folder

        check_folder(options.project)  # refuses what is no study, before anything is touched
        done = repair_folder(options.project)
        for line in done if not options.json else ():
            _say(f"Mended: {line}")
    return _problems(check_folder(options.project), "the study", options.json)


def _merge(options: Options) -> int:
    report = _open(options).merge(options.other, preview=options.preview, unrelated=options.unrelated)
    _say(report)
    return 1 if report.conflicts else 0


def _export(options: Options) -> int:
    files = qc.export_tables(_open(options), options.out, quotes=options.quotes, replace=options.replace)
    for file in files:
        print(f"Written: {_shown(file)}")
    if options.quotes:
        print("These files hold what people said. Keep them where the interviews are.")
    return 0


def _backup(options: Options) -> int:
    path = qc.backup(_open(options), options.out, replace=options.replace)
    print(
        f"Written: {_shown(path)}, with everything in the folder of the study but hidden files and caches. It holds what people "
        "said; keep it where the interviews are."
    )
    return 0


def _restore(options: Options) -> int:
    project = qc.restore(options.file, options.folder)
    print(f"The study '{project.title}' is in {_shown(Path(options.folder))}.")
    return _problems(project.check(), "the study", False)


def _merge_file(options: Options) -> int:
    from qualcode.git import merge_driver

    return merge_driver(options.base, options.ours, options.theirs, options.path)


RUN: dict[str, Callable[[Options], int]] = {
    "init": _init,
    "import": _import,
    "open": _open_page,
    "code": _code,
    "codebook": _codebook,
    "matrix": _matrix,
    "status": _status,
    "check": _check,
    "merge": _merge,
    "export": _export,
    "backup": _backup,
    "restore": _restore,
    "merge-file": _merge_file,
}
"""The function of each verb; it returns the exit code."""


# -- reading what was typed ------------------------------------------------------------------------


def _open(options: Options, *, who: bool = False) -> Project:
    project = qc.open_project(options.project, coder=getattr(options, "coder", None))
    if who and project.coder is None:
        raise InvalidValue(
            "who is doing this? Add --coder ana, or say it once for this computer: qualcode init --coder ana"
        )
    return project


def _where(typed: str) -> Any:
    """A turn, a range of characters, a time, or a quote."""
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


def _pairs(typed: Sequence[str], option: str) -> dict[str, str]:
    pairs = {}
    for pair in typed:
        left, sign, right = pair.partition("=") if isinstance(pair, str) else ("", "", "")  # "--speaker=--"
        if not sign or not left.strip() or not right.strip():
            raise InvalidValue(
                f"{option} '{pair or ''}' was expected as LEFT=RIGHT, for example 'Interviewer 1=I'."
            )
        pairs[left.strip()] = right.strip()
    return pairs


def _pseudonyms(file: str | None) -> dict[str, str] | None:
    return None if file is None else read_pseudonyms(given_path(file))


def _matching(pattern: str) -> list[str]:
    """The files that a pattern means, for terminals (Windows) that leave this to the program."""
    if Path(pattern).exists() or not any(sign in pattern for sign in "*?["):
        return [pattern]
    found = sorted(glob.glob(pattern))  # noqa: PTH207 - the pattern may begin at the root
    return found or [pattern]


def _words(options: Options, *wanted: str) -> list[str]:
    if len(options.words) != len(wanted):
        expected = " and ".join(wanted) or "nothing more"
        raise InvalidValue(
            f"codebook {options.action} needs {expected}; {len(options.words)} words were given."
        )
    return list(options.words)


def _list(typed: str | None) -> list[str] | None:
    return [part.strip() for part in typed.split(",") if part.strip()] if typed else None


def _side(typed: str | None) -> str | list[str] | None:
    parts = _list(typed)
    return parts[0] if parts and len(parts) == 1 else parts


# -- printing --------------------------------------------------------------------------------------


def _problems(problems: Sequence[Problem], what: str, as_json: bool) -> int:
    if as_json:
        _json([{"file": p.file, "place": p.place, "message": p.message, "fix": p.fix} for p in problems])
    elif problems:
        for problem in problems:
            print(in_words(str(problem)))
        print(f"{_count(len(problems), 'problem')}.")
    else:
        print(f"Nothing is wrong in {what}.")
    return 1 if problems else 0


def _done(options: Options, said: str, **facts: object) -> int:
    """Say what a step did: one sentence, or with --json its facts."""
    if options.json:
        _json({"action": options.action, **facts})
    else:
        print(said)
    return 0


def _say(report: object) -> None:
    for line in str(report).split("\n"):
        indent = line[: len(line) - len(line.lstrip())]
        print(indent + in_words(line.strip()))


def _json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2, default=_json_value))


def _json_value(value: Any) -> Any:
    if value is pd.NA:
        return None
    if hasattr(value, "item"):  # numpy's numbers
        return value.item()
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    return str(value)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(name): None if _missing(value) else value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def _missing(value: Any) -> bool:
    return value is None or value is pd.NA or bool(value != value)


def _table(frame: pd.DataFrame) -> None:
    if len(frame):
        print(frame.to_string(index=False, na_rep=""))


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _shown(path: Path) -> str:
    return path.as_posix() if str(path) != "." else "this folder"
