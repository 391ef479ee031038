"""Three-way merge of logs (one event a line) and memos (front matter and Markdown)."""

from __future__ import annotations

import json
import re
from typing import Any

from qualcode.csvtext import decode
from qualcode.errors import FileProblems, Problem
from qualcode.merge_values import each, merge_list, merge_order, pick, shown, weight

BOTH_TEXTS = "[Two copies of this memo differed when they were merged. The other text follows.]"
"""Stands between the two texts of a memo that was changed in both copies."""


def merge_log(path: str, base: bytes | None, ours: bytes, theirs: bytes, notes: list[str]) -> bytes:
    """Return the union of the events of both sides, each line byte for byte as it was.

    A log is only ever added to, so nothing is left out whatever the base holds. Events keep the
    order of their side; those of the two sides are woven by time, then id.
    """
    problems: list[Problem] = []
    sides = each((base or b"", ours, theirs), lambda content: _read_log(content, path, problems))
    events: dict[str, bytes] = {}
    for id_, (_, line) in sides[2].items():
        mine = sides[1].get(id_)
        if mine is not None and mine[1] != line and b'"cleaned": true' in mine[1] + line:
            # what was taken out of the log in one copy stays out
            events[id_] = mine[1] if b'"cleaned": true' in mine[1] else line
            continue
        if mine is not None and mine[1] != line and json.loads(mine[1]) != json.loads(line):
            problems.append(
                Problem(
                    path,
                    str(ours.split(b"\n").index(mine[1]) + 1),
                    f"the event {id_!r} says different things in the two copies, but a log is only ever added to",
                    "restore the line that was edited from git or a backup",
                )
            )
        events[id_] = line if mine is None else max(line, mine[1])
    if problems:
        raise FileProblems(problems)
    events |= {id_: line for id_, (_, line) in sides[1].items() if id_ not in events}
    times = {id_: time for side in sides for id_, (time, _) in side.items()}
    order = merge_order(*each(sides, list), events, lambda id_: (times[id_], id_))
    return b"".join(events[id_] + b"\n" for id_ in order)


def _read_log(content: bytes, path: str, problems: list[Problem]) -> dict[str, tuple[str, bytes]]:
    """Return event id to time and line."""
    found: dict[str, tuple[str, bytes]] = {}
    for number, line in enumerate(content.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            event: Any = json.loads(line)
            found[str(event["id"])] = str(event["time"]), line.rstrip(b"\r")
        except (ValueError, KeyError, TypeError):
            problems.append(
                Problem(path, str(number), "is no event of the log", "restore the line from git or a backup")
            )
    return found


def merge_memo(path: str, base: bytes | None, ours: bytes, theirs: bytes, notes: list[str]) -> bytes:
    """Return the merged bytes of a memo: fields key by key, and where both rewrote the text, both texts."""
    (b, b_texts), (o, o_texts), (t, t_texts) = (
        _read_memo(content, path) if content else ({}, []) for content in (base, ours, theirs)
    )
    lines: list[str] = []
    for key in merge_order(list(b), list(o), list(t)):
        items = [_items(side.get(key)) for side in (b, o, t)]
        if any(items):
            targets = merge_list(items[0], items[1], items[2])
            lines += [f"{key}:", *(f"- {target}" for target in targets)] if targets else []
            continue
        chosen, clash = pick(b.get(key), o.get(key), t.get(key))
        if clash:
            notes.append(
                f"{path}: {key} was changed in both copies, to "
                f"{' and '.join(shown(value) for value in sorted((o.get(key), t.get(key)), key=weight))}; "
                f"{shown(chosen)} stays."
            )
        lines += chosen.split("\n") if chosen is not None else []
    texts = merge_list(b_texts, o_texts, t_texts)
    if len(texts) > max(len(o_texts), len(t_texts)):
        notes.append(f"{path}: the text was changed in both copies; both texts stay, one after the other.")
    body = f"\n\n{BOTH_TEXTS}\n\n".join(texts)
    return ("\n".join(["---", *lines, "---", body]) + "\n").encode("utf-8")


def _read_memo(content: bytes, path: str) -> tuple[dict[str, str], list[str]]:
    """Return the fields as they are written (key to its lines) and the texts of a memo."""
    lines = decode(content, path).split("\n")
    if lines[0] != "---" or "---" not in lines[1:]:
        raise FileProblems(
            [Problem(path, "1", "a memo begins with '---', its fields and '---' again", "restore it")]
        )
    close = lines.index("---", 1)
    fields: dict[str, str] = {}
    key = ""
    for number, line in enumerate(lines[1:close], start=2):
        if re.match(r"[^\s#-][^:]*:", line):
            key = line.partition(":")[0].strip()
            fields[key] = line.rstrip()
        elif key:
            fields[key] += "\n" + line
        elif line.strip():
            raise FileProblems(
                [Problem(path, str(number), "is no field of a memo ('kind: theory')", "correct it")]
            )
    text = "\n".join(lines[close + 1 :]).removesuffix("\n")
    parts = [part.strip("\n") for part in text.split(BOTH_TEXTS)] if BOTH_TEXTS in text else [text]
    return fields, list(dict.fromkeys(parts))


def _items(field: str | None) -> list[str]:
    """Return the elements of a field that is a list ("targets:" and lines with "- "), else nothing."""
    if field is None or "\n- " not in field:
        return []
    return [line[2:].strip() for line in field.split("\n")[1:] if line.startswith("- ")]
