"""EXMARaLDA basic transcriptions (.exb): the speech of every speaker; descriptions and annotations are left out.

A tier is cut into events wherever anybody else begins or ends. Events that touch are one utterance again:
their words are put together as they stand, which is how EXMARaLDA shows them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qualcode.errors import ReadError
from qualcode.readers._files import read_bytes
from qualcode.readers._reading import Note, Reading, ReadOptions, counted
from qualcode.readers._speech import (
    Utterance,
    fill_times,
    one_line_label,
    overlap_notes,
    utterances_to_reading,
)
from qualcode.readers._times import number_of
from qualcode.readers._xml import attribute, child, children, parse_xml, root_name, words_of

_ENDS_WORDS = frozenset('.!?|,;…)]}"”’»›/')
"""After these signs a new word begins, even where the file has no blank."""


def sniff(head: bytes, name: str) -> float:
    """Return 1 where the first element is that of a basic transcription, else 0."""
    return 1.0 if root_name(head) == "basic-transcription" else 0.0


def read(path: Path, *, options: ReadOptions) -> Reading:
    """Read an EXMARaLDA basic transcription.

    Raises
    ------
    ReadError
        If the file cannot be opened, is broken, or holds no tier with speech.
    """
    broken = "its XML is broken or cut off. Open it in the EXMARaLDA Partitur-Editor and save it anew."
    root = parse_xml(path, read_bytes(path), broken, options.encoding)
    head, body = child(root, "head"), child(root, "basic-body")
    if body is None:
        raise ReadError(path, "it has no basic-body, where the speech stands. " + broken.rpartition(". ")[2])
    labels = _labels(head)
    places, times, notes = _timeline(body)
    chains: list[tuple[int, int, list[Utterance]]] = []
    spaced = [0, 0]
    left: dict[str, int] = {}
    lost = 0
    for number, tier in enumerate(children(body, "tier")):
        kind = attribute(tier, "type") or "t"
        if kind != "t":
            left[kind] = left.get(kind, 0) + 1
            continue
        speaker = labels.get(attribute(tier, "speaker")) or one_line_label(attribute(tier, "speaker"))
        events = []
        for event in children(tier, "event"):
            start, end = places.get(attribute(event, "start")), places.get(attribute(event, "end"))
            if start is None:
                lost += 1
            events.append((start if start is not None else -1, end, _spoken(event)))
        for start, chain in _chains(events, speaker, times, spaced):
            chains.append((start, number, chain))
    said = [each for _, _, chain in sorted(chains, key=lambda each: each[:2]) for each in chain]
    if not any(each.words.strip() for each in said):
        raise ReadError(
            path,
            "it has no tier of type t (transcription) with words. Set the type of the speakers' tiers in the "
            "Partitur-Editor, or give the file with the transcript.",
        )
    if spaced[0]:
        notes.append(
            Note("changed", f"A blank put between {counted(spaced[0], 'pair')} of events that touch.")
        )
    if spaced[1]:
        notes.append(
            Note("kept", f"{counted(spaced[1], 'pair')} of events that touch without a blank, as one word; "
                 "if words look glued, the blank is missing in the file.")
        )  # fmt: skip
    if lost:
        notes.append(Note("kept", f"{counted(lost, 'event')} outside the timeline, at the beginning."))
    notes.extend([*_left_out(left), *_hidden(head), *overlap_notes(said, "event")])
    meta = child(head, "meta-information") if head is not None else None
    title = words_of(child(meta, "transcription-name")) if meta is not None else ""
    return utterances_to_reading(
        said, notes, noun="event", format="exb", title=title, language=_language(head)
    )  # fmt: skip


def _labels(head: Any | None) -> dict[str, str]:
    """Return the id of every speaker with the abbreviation that people know."""
    table = child(head, "speakertable") if head is not None else None
    found = {}
    for speaker in children(table, "speaker") if table is not None else ():
        short = child(speaker, "abbreviation")
        label = one_line_label(words_of(short)) or one_line_label(attribute(speaker, "id"))
        if label:
            found[attribute(speaker, "id")] = label
    return found


def _timeline(body: Any) -> tuple[dict[str, int], list[float | None], list[Note]]:
    line = child(body, "common-timeline")
    points = children(line, "tli") if line is not None else []
    raw = [number_of(attribute(point, "time")) for point in points]
    known = [time for time in raw if time is not None]
    missing = len(raw) - len(known)
    notes = []
    if missing and known:
        notes.append(
            Note("guessed", f"{missing:,} of {counted(len(raw), 'point')} of the timeline without a time; "
                 "they were put evenly between their neighbours.")
        )  # fmt: skip
    places: dict[str, int] = {}
    for place, point in enumerate(points):
        places.setdefault(attribute(point, "id"), place)
    return places, fill_times(raw), notes


def _spoken(event: Any) -> str:
    """Return the words of an event; what is described in it (ud-information) is not spoken."""
    parts = [event.text or ""]
    parts.extend(each.tail or "" for each in event)
    return "".join(parts)


def _chains(
    events: list[tuple[int, int | None, str]],
    speaker: str | None,
    times: list[float | None],
    spaced: list[int],
) -> list[tuple[int, list[Utterance]]]:
    """Return the events of one tier as utterances: those that touch go on with each other."""
    events.sort(key=lambda event: event[0])
    chains: list[tuple[int, list[Utterance]]] = []
    above: tuple[int | None, str] = (None, "")
    for start, end, words in events:
        begins = times[start] if 0 <= start < len(times) else None
        ends = times[end] if end is not None else None
        said = Utterance(speaker, words, begins, ends)
        before = above[1]
        if chains and above[0] == start and start >= 0:
            if not words.strip():  # a pause of the notation, not one of the chain
                above = (end, before + words)
                continue
            touch = before and not before[-1].isspace() and not words[0].isspace()
            apart = touch and before[-1] in _ENDS_WORDS and words[0].isalnum()
            spaced[0] += bool(apart)
            spaced[1] += bool(touch and not apart)
            said.joint = "" if touch and not apart else " "
            chains[-1][1].append(said)
        elif words.strip():
            chains.append((start, [said]))
        else:
            continue
        above = (end, words)
    return chains


_KINDS = {"d": "description", "a": "annotation", "l": "link", "ud": "user-defined"}


def _left_out(kinds: dict[str, int]) -> list[Note]:
    if not kinds:
        return []
    total = sum(kinds.values())
    listing = ", ".join(f"{_KINDS.get(kind, 'other')} ({count})" for kind, count in kinds.items())
    return [
        Note(
            "dropped", f"{counted(total, 'tier')} that {'is' if total == 1 else 'are'} not speech: {listing}."
        )
    ]


def _hidden(head: Any | None) -> list[Note]:
    if head is None:
        return []
    table = child(head, "speakertable")
    told = 0
    for speaker in children(table, "speaker") if table is not None else ():
        rest = [
            each for each in speaker if each.tag is not None and not str(each.tag).endswith("abbreviation")
        ]
        told += any(words_of(each) or len(each) or attribute(each, "value") for each in rest)
    notes = []
    if told:
        notes.append(
            Note("dropped", f"What the file says of {counted(told, 'speaker')} (sex, languages, comments and the like).")
        )  # fmt: skip
    meta = child(head, "meta-information")
    media = meta is not None and any(attribute(each, "url").strip() for each in meta)
    if media:
        notes.append(Note("dropped", "What the file says of the path of the recording."))
    return notes


def _language(head: Any | None) -> str:
    """Return the language used, where all speakers use one and the same."""
    table = child(head, "speakertable") if head is not None else None
    found = {
        attribute(each, "lang")
        for speaker in (children(table, "speaker") if table is not None else ())
        for used in children(speaker, "languages-used")
        for each in children(used, "language")
    }
    one = found.pop() if len(found) == 1 else ""
    return one if one.isalpha() and len(one) in (2, 3) else ""
