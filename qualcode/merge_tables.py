"""Three-way merge of the tables of a study (CSV), record by record and field by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from qualcode import logged_rows
from qualcode.case import CASE_COLUMNS, SPEAKER_COLUMNS
from qualcode.coding import CODING_COLUMNS, parse_codings, row_order
from qualcode.csvtext import format_csv, parse_csv
from qualcode.errors import FileProblems, Problem
from qualcode.merge_values import break_circles, each, merge_order, pick, shown, weight
from qualcode.suggestion import DECISION_COLUMNS, SUGGESTION_COLUMNS, parse_suggestions

Row = dict[str, str]
Key = tuple[str, ...]
PROGRESS_STATES = ("", "not started", "in progress", "finished")


@dataclass(frozen=True)
class TableKind:
    """What merging must know about a kind of table.

    Parameters
    ----------
    key
        The columns that identify a record.
    columns
        The columns of the format; others follow them.
    together
        Fields that only make sense as one: a changed start brings its end along.
    further
        Columns of states in which the further one wins.
    parse
        Raises FileProblems where a line cannot be such a record.
    """

    key: Key
    columns: Key = ()
    together: tuple[Key, ...] = ()
    further: Mapping[str, tuple[str, ...]] | None = None
    parse: Callable[[bytes, str], Any] | None = None


CODINGS = TableKind(("id",), CODING_COLUMNS, (("start", "end", "version"),), parse=parse_codings)
CASES = TableKind(("case",), CASE_COLUMNS)
SPEAKERS = TableKind(("source", "speaker"), SPEAKER_COLUMNS)
PROGRESS = TableKind(
    ("source", "part", "round"), ("source", "part", "round", "state"), further={"state": PROGRESS_STATES}
)
TURNS = TableKind(
    ("version", "number"),
    ("version", "number", "speaker", "start", "end", "begins", "ends", "marks"),
    (("start", "end", "begins", "ends", "marks"),),
)
SUGGESTIONS = TableKind(("id",), SUGGESTION_COLUMNS, (("start", "end", "version"),), parse=parse_suggestions)
DECISIONS = TableKind(("id",), DECISION_COLUMNS, parse=logged_rows.DECISIONS.parse)


@dataclass(frozen=True)
class Table:
    """A table in memory: its columns, and its rows by key."""

    columns: list[str]
    rows: dict[Key, Row]


def read_table(content: bytes, path: str, kind: TableKind) -> Table:
    """Return the records of a file by key.

    Raises
    ------
    FileProblems
        If a line cannot be read or a record is there twice: merging would lose one of them.
    """
    if kind.parse is not None and content:
        kind.parse(content, path)
    header, lines, problems = parse_csv(content, path, kind.key)
    rows: dict[Key, Row] = {}
    for number, values in enumerate(lines, start=2):
        row = dict(zip(header, values, strict=True))
        key = tuple(row[column] for column in kind.key)
        if key in rows:
            what = ", ".join(f"{column} {value!r}" for column, value in zip(kind.key, key, strict=True))
            problems.append(Problem(path, str(number), f"{what} is there twice", "delete one of the rows"))
        rows[key] = row
    if problems:
        raise FileProblems(problems)
    return Table(header, rows)


def merge_table(
    path: str, base: bytes | None, ours: bytes, theirs: bytes, kind: TableKind, notes: list[str]
) -> bytes:
    """Return the merged bytes of a table; what was decided is added to `notes`."""
    b = read_table(base, path, kind) if base else Table([], {})
    o, t = read_table(ours, path, kind), read_table(theirs, path, kind)
    columns = _merge_columns(b, o, t, kind)
    merged: dict[Key, Row] = {}
    for key in sorted({*o.rows, *t.rows}):
        row = _merge_row(path, key, b, o, t, columns, kind, notes)
        if row is not None:
            merged[key] = row
    if kind is CODINGS:
        _collapse_equal(path, merged, notes)
    if kind is CASES:
        _break_case_circles(path, merged, b.rows, notes)
    if kind is TURNS:
        _keep_turns_whole(path, merged, o.rows, t.rows, notes)
    rows = sorted(merged.items(), key=_row_order(kind, b, o, t))
    return format_csv(columns, [[row.get(column, "") for column in columns] for _, row in rows])


def _merge_columns(b: Table, o: Table, t: Table, kind: TableKind) -> list[str]:
    fixed = [column for column in kind.columns if column in o.columns or column in t.columns]
    keep = set(o.columns) | set(t.columns)
    for column in b.columns:
        for one, other in ((o, t), (t, o)):
            if column in keep and column not in fixed and column not in one.columns:
                # A column deleted here goes unless it was filled in there meanwhile.
                filled = any(
                    row.get(column, "") != b.rows.get(key, {}).get(column, "")
                    for key, row in other.rows.items()
                )
                if not filled:
                    keep.discard(column)
    return [*fixed, *merge_order(b.columns, o.columns, t.columns, keep - set(fixed))]


def _merge_row(
    path: str, key: Key, b: Table, o: Table, t: Table, columns: list[str], kind: TableKind, notes: list[str]
) -> Row | None:
    ours, theirs, base = o.rows.get(key), t.rows.get(key), b.rows.get(key)
    if ours is None or theirs is None:
        one = ours if ours is not None else theirs
        assert one is not None
        if base is None:
            return one
        if all(value == base.get(column, "") for column, value in one.items()):
            return None
        notes.append(
            f"{path}: {_name(key, kind)} was removed in one copy and changed in the other; it stays."
        )
        return one
    if kind is SUGGESTIONS and base is None:  # the assistant ran in both copies, and said the same
        return min(ours, theirs, key=lambda row: (row["created"], sorted(row.items())))
    if kind is DECISIONS:
        return _merge_decision(path, base, ours, theirs, notes)
    row: Row = {}
    grouped = {column: group for group in kind.together for column in group}
    for column in columns:
        if column in row:
            continue
        group = grouped.get(column, (column,))
        states = (kind.further or {}).get(column)
        value, clash = pick(
            _values(base, group, b, None),
            _values(ours, group, o, base),
            _values(theirs, group, t, base),
            order=_rank(states) if states else _numbers_then_letters,
        )
        assert value is not None
        row.update(zip(group, value, strict=True))
        if clash and not states:
            lost = {_values(ours, group, o, base), _values(theirs, group, t, base)} - {value}
            notes.append(
                f"{path}: {', '.join(group)} of {_name(key, kind)} was changed in both copies, to "
                f"{_listed(value)} and {_listed(lost.pop())}; {_listed(value)} stays."
            )
    return row


def _merge_decision(path: str, base: Row | None, ours: Row, theirs: Row, notes: list[str]) -> Row:
    """Return what one person decided in two copies; where that differs, what became a coding stays one."""
    if ours == base or theirs == base:
        return theirs if ours == base else ours
    stays, other = sorted((ours, theirs), key=_decision_weight)
    if stays["decision"] != other["decision"]:
        notes.append(
            f"{path}: the suggestion {stays['id']} was {stays['decision']} in one copy and {other['decision']} in the "
            f"other; {stays['decision']} stays."
        )
    return stays


def _decision_weight(row: Row) -> tuple[bool, str, str, list[tuple[str, str]]]:
    # of two codings that say the same the earliest stays, and so does the decision that names it
    return row["decision"] == "rejected", row["created"], row["coding"], sorted(row.items())


def _values(row: Row | None, group: Key, table: Table, base: Row | None) -> Key | None:
    """Return the fields of a row; a column this copy does not have counts as untouched."""
    if row is None:
        return None
    return tuple(row[column] if column in row else (base or {}).get(column, "") for column in group)


def _rank(states: tuple[str, ...]) -> Callable[[Key | None], Any]:
    return lambda values: (states.index(values[0]) if values and values[0] in states else -1, weight(values))


def _numbers_then_letters(values: Key | None) -> list[tuple[bool, int, str]]:
    """Return a sort key in which 9 comes before 10."""
    return [(not v.isdecimal(), int(v) if v.isdecimal() else 0, v) for v in values or ()]


def _name(key: Key, kind: TableKind) -> str:
    return " ".join(f"{column} {value!r}" for column, value in zip(kind.key, key, strict=True) if value)


def _listed(values: Key | None) -> str:
    return " - ".join(shown(value) for value in values or ())


def _collapse_equal(path: str, rows: dict[Key, Row], notes: list[str]) -> None:
    """Keep the earliest of codings that say the same: both machines made it, it is one coding."""
    first: dict[Key, Key] = {}
    for key in sorted(rows, key=lambda key: (rows[key]["created"], key)):
        row = rows[key]
        same = (row["start"], row["end"], row["version"], row["code"])
        if same in first:
            kept = rows[first[same]]
            said = f"{path}: the codings {kept['id']} and {row['id']} say the same; {kept['id']} stays"
            if row.get("stance") != kept.get("stance"):
                rows[first[same]] = {**kept, "stance": "mixed"}
                said += f", mixed, for one says {kept.get('stance')} and the other {row.get('stance')}"
            notes.append(f"{said}.")
            del rows[key]
        else:
            first[same] = key


def _break_case_circles(path: str, rows: dict[Key, Row], base: Mapping[Key, Row], notes: list[str]) -> None:
    """Undo one of two changes that made each case the parent of the other."""
    above = {key[0]: row.get("parent") or None for key, row in rows.items()}
    before = {key[0]: row.get("parent") or None for key, row in base.items()}
    for case, parent in break_circles(above, before):
        rows[case,]["parent"] = parent or ""
        notes.append(
            f"{path}: the two copies made the case {case!r} its own ancestor; its parent is {shown(parent)} again."
        )


def _keep_turns_whole(
    path: str, merged: dict[Key, Row], ours: Mapping[Key, Row], theirs: Mapping[Key, Row], notes: list[str]
) -> None:
    """Take the turns of a text from one copy where a mixture would overlap or skip a number."""
    for version in sorted({key[0] for key in merged}):
        mine = sorted((row for key, row in merged.items() if key[0] == version), key=_turn_number)
        if _is_sequence(mine):
            continue
        sides = [[row for key, row in side.items() if key[0] == version] for side in (ours, theirs)]
        whole = [side for side in sides if _is_sequence(sorted(side, key=_turn_number))]
        if not whole:
            continue
        chosen = max(whole, key=lambda side: [weight(row) for row in sorted(side, key=_turn_number)])
        for key in [key for key in merged if key[0] == version]:
            del merged[key]
        merged.update({(version, row["number"]): row for row in chosen})
        # What was said about single turns no longer holds.
        notes[:] = [note for note in notes if f"version {version!r} number" not in note]
        notes.append(f"{path}: both copies divided the text {version} into turns; one division stays.")


def _turn_number(row: Row) -> list[tuple[bool, int, str]]:
    return _numbers_then_letters((row["number"],))


def _is_sequence(turns: list[Row]) -> bool:
    end = 0
    # Number 0 carries the time marks that stand outside all turns.
    for number, turn in enumerate((turn for turn in turns if turn["number"] != "0"), start=1):
        start, stop = turn.get("start", ""), turn.get("end", "")
        if turn["number"] != str(number) or not (start.isdecimal() and stop.isdecimal()) or int(start) < end:
            return False
        end = int(stop)
    return True


def _row_order(kind: TableKind, b: Table, o: Table, t: Table) -> Callable[[tuple[Key, Row]], Any]:
    """Return the order of the records in the file, the one its writer uses."""
    if kind is CODINGS or kind is SUGGESTIONS:
        return lambda item: row_order(item[1])
    if kind is TURNS:
        versions = merge_order(
            *each((b, o, t), lambda table: list(dict.fromkeys(key[0] for key in table.rows)))
        )
        place = {version: number for number, version in enumerate(versions)}
        return lambda item: (place[item[0][0]], _turn_number(item[1]))
    return lambda item: item[0]
