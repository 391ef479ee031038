"""What merging file by file cannot see: a code removed here and used there, two texts under one id."""

from __future__ import annotations

from collections.abc import Mapping

import tomlkit

from qualcode import folder as paths
from qualcode.coding import parse_codings
from qualcode.csvtext import decode, format_csv
from qualcode.dangling import dangling
from qualcode.errors import FileProblems, Problem
from qualcode.folder import Folder, digest
from qualcode.logged_rows import DECISIONS, row_kind
from qualcode.memo import parse_memo
from qualcode.merge_codebook import restore_codes
from qualcode.merge_tables import CASES, read_table
from qualcode.study import Study
from qualcode.suggestion import format_suggestions, parse_suggestions

Files = Mapping[str, bytes]
Merged = dict[str, bytes]


def keep_texts_apart(ours: Files, theirs: Files, merged: Merged) -> None:
    """Let a source whose text differs describe the text that stays, and keep the other among the versions."""
    for file in sorted(merged):
        if not (
            file.startswith("data/transcripts/") and file.count("/") == 2 and file in ours and file in theirs
        ):
            continue
        about = paths.source_file(file.rsplit("/", 1)[1].removesuffix(".txt"))
        if theirs[file] in (ours[file], merged[file]) or about not in ours or about not in merged:
            continue
        merged.setdefault(paths.version_file(digest(theirs[file])), theirs[file])
        merged.setdefault(paths.version_file(digest(ours[file])), ours[file])
        mine = tomlkit.parse(decode(ours[about], about))
        record = tomlkit.parse(decode(merged[about], about))
        if record.get("version") != mine.get("version"):
            for key in ("version", "length"):
                if key in mine:
                    record[key] = mine[key]
            merged[about] = tomlkit.dumps(record).encode("utf-8")


def same_codings(ours: Files, theirs: Files, merged: Merged, notes: list[str]) -> None:
    """Point memos and decisions about a coding that became one with another at the one that stayed."""
    stayed: dict[str, str] = {}
    for file in sorted(merged):
        if not file.startswith("data/codings/"):
            continue
        rows = parse_codings(merged[file], file)[1]
        ids = {row["id"] for row in rows}
        by_place = {(row["start"], row["end"], row["version"], row["code"]): row["id"] for row in rows}
        for side in (ours, theirs):
            for row in parse_codings(side[file], file)[1] if file in side else ():
                same = by_place.get((row["start"], row["end"], row["version"], row["code"]))
                if row["id"] not in ids and same is not None:
                    stayed[f"coding:{row['id']}"] = f"coding:{same}"
    for file in sorted(merged) if stayed else ():
        if row_kind(file) is DECISIONS:
            extra, decisions = DECISIONS.parse(merged[file], file)
            for row in decisions:
                row["coding"] = stayed.get(f"coding:{row['coding']}", row["coding"]).removeprefix("coding:")
            merged[file] = DECISIONS.format(extra, decisions)
        if file.startswith("data/memos/"):
            memo = parse_memo(merged[file], file)
            targets = tuple(dict.fromkeys(stayed.get(t, t) for t in memo.targets))
            if targets != memo.targets:
                lines = merged[file].decode("utf-8")
                for old, new in stayed.items():
                    lines = lines.replace(f"\n- {old}\n", f"\n- {new}\n", 1)
                merged[file] = lines.encode("utf-8")
                notes.append(f"{file}: is now about the coding that stayed.")


def mend_references(ours: Files, theirs: Files, merged: Merged, notes: list[str]) -> None:
    """Bring back what one copy removed while the other began to use it.

    Raises
    ------
    FileProblems
        If something is used that neither copy has, although each copy by itself held together.
    """
    _mend_coders(ours, theirs, merged, notes)
    known = {*_dangling(ours), *_dangling(theirs)}
    tried: set[str] = set()
    while missing := sorted(name for name in _dangling(merged) if name not in tried):
        tried.update(missing)
        codes = [name.partition(":")[2] for name in missing if name.startswith("code:")]
        if codes:
            sides = [side[paths.CODEBOOK] for side in (ours, theirs) if paths.CODEBOOK in side]
            merged[paths.CODEBOOK] = restore_codes(merged.get(paths.CODEBOOK, b""), codes, sides)
        for name in missing:
            kind, _, id_ = name.partition(":")
            if kind == "source":
                _mend_source(id_, ours, theirs, merged)
            elif kind == "case":
                _mend_case(id_, ours, theirs, merged)
            elif kind == "suggestion":
                _mend_suggestion(id_, ours, theirs, merged)
            if kind != "coding":
                notes.append(f"The {kind} {id_!r} was removed in one copy and used in the other; it stays.")
    _mend_coders(ours, theirs, merged, notes)
    lost = [name for name in _dangling(merged) if name not in known and not name.startswith("coding:")]
    if lost:
        raise FileProblems(
            [
                Problem("data", "", f"after the merge nothing would be known of the {name.replace(':', ' ', 1)}",
                        "run 'qualcode check' in both copies and mend what it names, then merge")
                for name in sorted(lost)
            ]
        )  # fmt: skip


def _dangling(files: Files) -> dict[str, set[tuple[str, str]]]:
    study = Study(Folder("."))  # never read from: the files are given one by one
    for file in sorted(files, key=lambda f: (f != paths.SETTINGS, f)):
        if file == paths.SETTINGS or file == paths.CODEBOOK or file.startswith("data/"):
            study.put(file, files[file])
    return dangling(study)


def _mend_coders(ours: Files, theirs: Files, merged: Merged, notes: list[str]) -> None:
    places = ("data/codings/", "data/suggestions/", "data/decisions/")
    workers = {file.split("/")[2] for file in merged if file.startswith(places)}
    workers |= {
        file.split("/")[2].removesuffix(".csv") for file in merged if file.startswith("data/progress/")
    }
    for coder in sorted(workers):
        file = paths.coder_file(coder)
        known = ours.get(file) or theirs.get(file)
        if file not in merged and known is not None:
            merged[file] = known
            notes.append(
                f"The coder {coder!r} was removed in one copy and worked in the other; the coder stays."
            )


def _mend_source(source: str, ours: Files, theirs: Files, merged: Merged) -> None:
    for file in (paths.source_file(source), paths.turns_file(source), paths.text_file(source)):
        for side in (ours, theirs):
            if file in side:
                merged.setdefault(file, side[file])


def _mend_suggestion(id_: str, ours: Files, theirs: Files, merged: Merged) -> None:
    for side in (ours, theirs):
        for file in side:
            if not (file.startswith("data/suggestions/") and file.endswith(".csv")):
                continue
            extra, rows = parse_suggestions(side[file], file)
            found = [row for row in rows if row["id"] == id_]
            if found:
                kept = parse_suggestions(merged[file], file)[1] if file in merged else []
                merged[file] = format_suggestions(extra, [*kept, *found])
                return


def _mend_case(case: str, ours: Files, theirs: Files, merged: Merged) -> None:
    for side in (ours, theirs):
        known = read_table(side[paths.CASES], paths.CASES, CASES) if paths.CASES in side else None
        if known is None or (case,) not in known.rows:
            continue
        there = read_table(merged.get(paths.CASES, b"case,kind,parent\n"), paths.CASES, CASES)
        columns = list(dict.fromkeys([*there.columns, *known.columns]))
        rows = sorted({**there.rows, (case,): known.rows[case,]}.items())
        merged[paths.CASES] = format_csv(columns, [[row.get(c, "") for c in columns] for _, row in rows])
        return
