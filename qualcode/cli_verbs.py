"""What each verb of the command line does: call the library, print what came out. No logic of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import qualcode as qc
from qualcode import cli_codebook, cli_sources, git
from qualcode.analysis._code_matrix_text import as_text
from qualcode.check import check_folder
from qualcode.cli_typed import (
    Options,
    counted,
    open_study,
    parts,
    place,
    print_json,
    print_table,
    records,
    say,
    shown,
    side,
    tell_problems,
)
from qualcode.errors import InvalidValue
from qualcode.file_names import given_path


def _init(options: Options) -> int:
    folder = given_path(options.folder)
    there = (folder / "qualcode.toml").is_file()
    if options.example:
        from qualcode.example import build_example, interviews, start_example

        if options.codebook or options.title:
            raise InvalidValue(
                "--example brings its own codebook and title. Leave --codebook and --title out."
            )
        if options.solution:
            project = build_example(folder)
            print(
                f"An example study with {len(project.sources)} made-up interviews, imported and coded, is in {shown(folder)}."
            )
        else:
            project = start_example(folder)
            raw = interviews(project.path / "data" / "raw")
            print(
                f"An example study is in {shown(folder)}: a codebook, and {len(raw)} made-up interviews in data/raw to import."
            )
    elif options.solution:
        raise InvalidValue("--solution goes with --example: it is the example, imported and coded.")
    elif there and not (options.codebook or options.title):
        # A second coder's copy: nothing to make, but this computer needs its settings.
        project = qc.open_project(folder)
        print(f"{shown(folder)} holds the study '{project.title}'. It stays as it is.")
    else:
        project = qc.create_project(
            folder, codebook=options.codebook, title=options.title, coder=options.coder
        )
        facets = ", ".join(facet.name for facet in project.codebook.facets)
        print(f"A study is in {shown(folder)}. Its codebook has the facets: {facets}.")
    for line in git.register(folder):
        print(line)
    if options.coder:
        qc.set_coder(options.coder)
        print(f"You code as '{options.coder}' on this computer from now on.")
    nexts = "qualcode import data/raw/S* --synthetic" if options.example else "qualcode import FILES"
    print(f"Next: {'qualcode matrix --coders planted' if options.solution else nexts}")
    return 0


def _open_page(options: Options) -> int:
    import webbrowser

    from qualcode.widget.server import CodingServer

    options.project = options.folder
    project = open_study(options, who=True)
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
    project = open_study(options, who=True)
    where = place(options.where)
    coding = project.code(
        options.source, where, options.code, stance=options.stance, memo=options.memo, create=options.create
    )
    made = project.coding(coding)
    path = project.codebook.path(made.code)
    print(f"{coding}: {made.source} {made.span.start}-{made.span.end} is coded '{path}' by {made.coder}.")
    return 0


def _matrix(options: Options) -> int:
    project = open_study(options)
    facets = [facet.id for facet in project.codebook.facets]
    matrix = qc.matrix(
        project,
        rows=side(options.rows) or facets[0],
        columns=side(options.columns) or (facets[1] if len(facets) > 1 else "source"),
        count_by=options.count_by,
        relation=options.relation,
        coders=parts(options.coders),
    )
    if options.out:
        axes = qc.plot.matrix(matrix, style=options.style, width=options.width)
        qc.save_figure(axes.figure, options.out)
    if options.json:
        print_json(
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
                "cells": records(matrix.to_frame()),
            }
        )
    else:
        print(as_text(matrix, whole=options.all))
        if options.out:
            print(f"Drawn: {options.out}")
    return 0


def _status(options: Options) -> int:
    project = open_study(options)
    codings = project.codings
    sources = project.sources[["source", "title", "language", "length", "turns", "synthetic", "text_present"]]
    sources = sources.sort_values("source", key=lambda ids: ids.str.casefold(), kind="stable")
    sources = sources.assign(
        codings=sources["source"].map(codings["source"].value_counts()).fillna(0).astype(int),
        coders=[
            ", ".join(sorted(set(codings.loc[codings["source"] == s, "coder"]))) for s in sources["source"]
        ],
    )
    advice = git.advice(project.path, private=not sources["synthetic"].all())
    if options.json:
        print_json(
            {
                "title": project.title,
                "sources": records(sources),
                "progress": records(project.progress),
                "codes": len(project.codebook.active),
                "codings": len(codings),
                "cases": len(project.cases),
                "coders": records(project.coders),
                "memos": len(project.memos),
                "advice": advice,
            }
        )
        return 0
    print(project.title)
    print(
        f"{counted(len(sources), 'source')}, {counted(len(project.cases), 'case')}, "
        f"{counted(len(project.codebook.active), 'code')}, {counted(len(codings), 'coding')}, "
        f"{counted(len(project.memos), 'memo')}"
    )
    print_table(sources[["source", "length", "turns", "codings", "coders", "text_present"]])
    if len(project.progress):
        print()
        print_table(project.progress)
    for line in advice:
        print(line)
    return 0


def _check(options: Options) -> int:
    if options.repair:
        done = qc.repair_project(options.project)
        for line in done if not options.json else ():
            say(f"Mended: {line}")
    return tell_problems(check_folder(options.project), "the study", options.json)


def _merge(options: Options) -> int:
    if options.all:
        every = open_study(options).merge_all(
            options.other, preview=options.preview, unrelated=options.unrelated
        )
        say(every)
        return 1 if every.refused or every.conflicts else 0
    report = open_study(options).merge(options.other, preview=options.preview, unrelated=options.unrelated)
    say(report)
    return 1 if report.conflicts else 0


def _export(options: Options) -> int:
    files = qc.export_tables(open_study(options), options.out, quotes=options.quotes, replace=options.replace)
    for file in files:
        print(f"Written: {shown(file)}")
    if options.quotes:
        print("These files hold what people said. Keep them where the interviews are.")
    return 0


def _backup(options: Options) -> int:
    path = qc.backup(open_study(options), options.out, replace=options.replace)
    print(
        f"Written: {shown(path)}, with everything in the folder of the study but hidden files and caches. It holds what people "
        "said; keep it where the interviews are."
    )
    return 0


def _restore(options: Options) -> int:
    project = qc.restore(options.file, options.folder)
    print(f"The study '{project.title}' is in {shown(Path(options.folder))}.")
    return tell_problems(project.check(), "the study", False)


def _merge_file(options: Options) -> int:
    from qualcode.git import merge_driver

    return merge_driver(options.base, options.ours, options.theirs, options.path)


RUN: dict[str, Callable[[Options], int]] = {
    "init": _init,
    **cli_sources.RUN,
    "open": _open_page,
    "code": _code,
    "codebook": cli_codebook.codebook,
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
