"""What stands beside the speech in TEI: persons, their roles, the timeline."""

from __future__ import annotations

import re
from typing import Any

from qualcode.readers._reading import Note, counted
from qualcode.readers._speech import fill_times, one_line_label
from qualcode.readers._times import number_of, seconds
from qualcode.readers._words import guess_roles
from qualcode.readers._xml import attribute, child, children, local, words_of

_UNITS = {"": 1.0, "s": 1.0, "ms": 0.001, "min": 60.0, "h": 3600.0}
_DAY_TIME = re.compile(r"(?:\d{4}-\d\d-\d\dT)?(\d{1,2}:\d{2}:\d{2}(?:\.\d{1,6})?)")


def persons(root: Any) -> tuple[dict[str, str], dict[str, str], list[Note]]:
    """Return the id of every person (or group) with the label, label with role, and what was left out.

    The label is the name; where two persons have one name, the id stands behind it.
    """
    labels: dict[str, str] = {}
    roles: dict[str, str] = {}
    told = 0
    names = ("person", "personGrp", "participant", "org")
    for person in (each for each in root.iter() if local(each) in names):
        id_ = attribute(person, "id")
        if not id_ or id_ in labels:
            continue
        label = _name(person) or one_line_label(attribute(person, "n")) or one_line_label(id_)
        if label is None:
            continue
        if label in labels.values():
            label = f"{label} ({id_})"
        labels[id_] = label
        role = guess_roles((attribute(person, "role").strip().capitalize(),))
        if role:
            roles[label] = next(iter(role.values()))
        told += any(not local(each).endswith("Name") for each in person)
    notes = []
    if told:
        notes.append(
            Note("dropped", f"What the file says of {counted(told, 'person or group', 'persons and groups')}, "
                 "their names apart.")
        )  # fmt: skip
    return labels, roles, notes


def _name(person: Any) -> str | None:
    name = next((each for each in person if local(each) in ("persName", "orgName", "name")), None)
    if name is None:
        return None
    given = [words_of(each) for each in children(name, "forename")]
    family = [words_of(each) for kind in ("nameLink", "surname") for each in children(name, kind)]
    return one_line_label(" ".join([*given, *family])) or one_line_label(words_of(name))


def label_of(who: str, labels: dict[str, str]) -> str | None:
    """Return the label of a reference such as "#ana", "persons.xml#ana" or "#ana #ben".

    Examples
    --------
    >>> label_of("#a #b", {"a": "Ana", "b": "Ben"}), label_of("x.xml#c", {}), label_of("", {})
    ('Ana + Ben', 'c', None)
    """
    ids = [part.rpartition("#")[2] for part in who.split()]
    found = list(dict.fromkeys(labels.get(id_, id_) for id_ in ids if id_))
    return one_line_label(" + ".join(found))


def timeline(root: Any) -> tuple[dict[str, float], list[Note]]:
    """Return the id of every point of the timeline with its seconds."""
    points: dict[str, float] = {}
    missing = total = 0
    for line in (each for each in root.iter() if local(each) == "timeline"):
        ids: list[str] = []
        times: list[float | None] = []
        known: dict[str, float | None] = {}
        first: float | None = None
        origin = attribute(line, "origin").lstrip("#")
        for when in children(line, "when"):
            id_ = attribute(when, "id")
            time: float | None = None
            of_day = _DAY_TIME.match(attribute(when, "absolute"))
            length = number_of(attribute(when, "interval"))
            if of_day:
                clock = seconds(of_day.group(1))
                first = clock if first is None else first
                time = clock - first if clock is not None and first is not None else None
            elif length is not None and length >= 0:
                unit = _UNITS.get(attribute(when, "unit") or attribute(line, "unit"))
                since = attribute(when, "since").lstrip("#") or (ids[-1] if ids else "")
                before = known.get(since, 0.0 if since in ("", origin) else None)
                time = before + length * unit if before is not None and unit is not None else None
            elif id_ == origin or not ids:
                time = 0.0
            ids.append(id_)
            times.append(round(time, 6) if time is not None else None)
            known[id_] = times[-1]
        missing += sum(1 for time in times if time is None)
        total += len(times)
        for id_, each in zip(ids, fill_times(times), strict=True):
            if id_ and each is not None:
                points.setdefault(id_, each)
    notes = []
    if missing:
        notes.append(
            Note("guessed", f"{missing:,} of {counted(total, 'point')} of the timeline without a time; "
                 "they were put evenly between their neighbours where these are known.")
        )  # fmt: skip
    return points, notes


def title_of(document: Any) -> str:
    """Return the title of a document, the main one first."""
    statement = child(document, "teiHeader", "fileDesc", "titleStmt")
    titles = children(statement, "title") if statement is not None else []
    main = [each for each in titles if attribute(each, "type") == "main"]
    return words_of((main or titles or [None])[0])
