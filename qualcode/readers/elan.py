"""ELAN (.eaf): tiers that stand alone are speech; those that depend on others (words, glosses) are left out."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from qualcode.errors import ReadError
from qualcode.readers._files import read_bytes
from qualcode.readers._names import label_key
from qualcode.readers._reading import Note, Reading, ReadOptions, counted
from qualcode.readers._speech import Utterance, fill_times, overlap_notes, utterances_to_reading
from qualcode.readers._tiers import LEVELS, Tier, check_tiers, in_order, speaker_and_level, speech_of
from qualcode.readers._times import number_of
from qualcode.readers._xml import attribute, child, children, parse_xml, root_name

_ID = re.compile(r"\s*(?:[\w.:/-]*\d[\w.:/-]*)?\s*")


def sniff(head: bytes, name: str) -> float:
    """Return 1 where the first element is that of ELAN, else 0."""
    return 1.0 if root_name(head) == "ANNOTATION_DOCUMENT" else 0.0


def read(path: Path, *, options: ReadOptions) -> Reading:
    """Read an ELAN file.

    Raises
    ------
    ReadError
        If the file cannot be opened, is broken, or no tier is known to hold speech.
    """
    broken = "its XML is broken or cut off. Open it in ELAN and save it anew."
    root = parse_xml(path, read_bytes(path), broken, options.encoding)
    slots, notes = _slots(root)
    tiers: dict[str, Any] = {}
    for element in children(root, "TIER"):
        tiers.setdefault(attribute(element, "TIER_ID"), element)
    if not tiers:
        raise ReadError(path, "it has no tiers. Give the .eaf file with the transcript.")
    check_tiers(path, len(tiers))
    times = _times(root, slots)
    codes = {
        attribute(kind, "LINGUISTIC_TYPE_ID")
        for kind in children(root, "LINGUISTIC_TYPE")
        if attribute(kind, "CONTROLLED_VOCABULARY_REF")
    }
    chosen, more = _choose(tiers, options.certain_labels)
    notes.extend(more)
    said, more = speech_of(
        path, [_tier(tiers[name], times, codes) for name in chosen], options.certain_labels
    )
    notes.extend([*more, *overlap_notes(said, "annotation"), *_hidden(root)])
    language = _language(root, [tiers[name] for name in chosen])
    return utterances_to_reading(said, notes, noun="annotation", format="eaf", language=language)


def _slots(root: Any) -> tuple[dict[str, float | None], list[Note]]:
    """Return the seconds of every time slot; those without a value stand between their neighbours."""
    order = child(root, "TIME_ORDER")
    header = child(root, "HEADER")
    unit = attribute(header, "TIME_UNITS") if header is not None else ""
    names: list[str] = []
    raw: list[float | None] = []
    for slot in children(order, "TIME_SLOT") if order is not None else ():
        value = number_of(attribute(slot, "TIME_VALUE"))
        names.append(attribute(slot, "TIME_SLOT_ID"))
        raw.append(round(value / 1000, 6) if value is not None else None)
    notes = []
    if unit not in ("", "milliseconds"):
        raw = [None] * len(raw)
        notes.append(Note("dropped", f"All times: they are in {unit!r:.40}, not in milliseconds."))
    known = [time for time in raw if time is not None]
    missing = len(raw) - len(known)
    # A program that wrote the slots in another order than that of time gives unknown ones no neighbours.
    filled = fill_times(raw) if all(a <= b for a, b in itertools.pairwise(known)) else raw
    if missing and known:
        notes.append(
            Note("guessed", f"{counted(missing, 'time slot')} of {len(raw):,} without a time; "
                 "they were put evenly between their neighbours where these are known.")
        )  # fmt: skip
    return dict(zip(names, filled, strict=True)), notes


def _annotations(tier: Any) -> Iterable[Any]:
    for holder in children(tier, "ANNOTATION"):
        for element in holder:
            if isinstance(element.tag, str) and attribute(element, "ANNOTATION_ID"):
                yield element


Times = dict[str, tuple[float | None, float | None]]


def _times(root: Any, slots: dict[str, float | None]) -> Times:
    """Return begin and end of every annotation; one that refers to another has the times of that one."""
    times: Times = {}
    refers: dict[str, str] = {}
    for tier in children(root, "TIER"):
        for element in _annotations(tier):
            id_ = attribute(element, "ANNOTATION_ID")
            if attribute(element, "ANNOTATION_REF"):
                refers[id_] = attribute(element, "ANNOTATION_REF")
            else:
                begins = slots.get(attribute(element, "TIME_SLOT_REF1"))
                times[id_] = begins, slots.get(attribute(element, "TIME_SLOT_REF2"))
    for id_ in refers:
        way, at = [id_], refers[id_]
        while at not in times and at in refers and len(way) < 50:  # a circle has no end
            way.append(at)
            at = refers[at]
        for each in way:
            times[each] = times.get(at, (None, None))
    return times


def _tier(element: Any, times: Times, codes: set[str]) -> Tier:
    said = []
    for annotation in _annotations(element):
        value = child(annotation, "ANNOTATION_VALUE")
        begins, ends = times[attribute(annotation, "ANNOTATION_ID")]
        words = "".join(value.itertext()) if value is not None else ""
        said.append(Utterance(None, words, begins, ends))
    kind = attribute(element, "LINGUISTIC_TYPE_REF")
    level = "other" if kind in codes else LEVELS.get(kind.strip().casefold(), "")
    if level == "speech" and speaker_and_level(attribute(element, "TIER_ID"))[1] == "other":
        level = ""  # every tier has some type, and people leave it at the first
    return Tier(
        attribute(element, "TIER_ID"),
        [each for chain in in_order([[each] for each in said]) for each in chain],
        attribute(element, "PARTICIPANT"),
        level,
    )


def _choose(tiers: dict[str, Any], certain: tuple[str, ...]) -> tuple[list[str], list[Note]]:
    """Return the tiers that stand alone, or in place of one that only numbers its parts, the tier below it."""
    named = {label_key(label) for label in certain}
    below: dict[str, list[str]] = {}
    for name, tier in tiers.items():
        if attribute(tier, "PARENT_REF"):
            below.setdefault(attribute(tier, "PARENT_REF"), []).append(name)
    chosen: dict[str, None] = {}  # in order, each once
    instead: list[str] = []
    for name, tier in tiers.items():
        if attribute(tier, "PARENT_REF") in tiers:
            if label_key(name) in named:
                chosen[name] = None
            continue
        texts = [_text(each) for each in _annotations(tier)]
        numbers = bool(texts) and all(_ID.fullmatch(text) for text in texts) and label_key(name) not in named
        spoken = [each for each in below.get(name, ()) if _is_speech(tiers[each])]
        if numbers and spoken:
            instead.extend(each for each in spoken if each not in chosen)
            chosen.update(dict.fromkeys(spoken))
        else:
            chosen[name] = None
    notes = []
    if instead:
        notes.append(
            Note("guessed", f"{counted(len(instead), 'tier')} below one that only numbers its parts was taken "
                 "as the speech.")
        )  # fmt: skip
    left = [name for name in tiers if name not in chosen and attribute(tiers[name], "PARENT_REF")]
    if left:
        values = sum(1 for name in left for _ in _annotations(tiers[name]))
        shown = ", ".join(" ".join(name.split())[:40] for name in left[:8]) + (
            " ..." if len(left) > 8 else ""
        )
        notes.append(
            Note("dropped", f"{counted(len(left), 'tier')} that {'depends' if len(left) == 1 else 'depend'} on "
                 f"another, with {counted(values, 'annotation')}: {shown}.")
        )  # fmt: skip
    return list(chosen), notes


def _text(annotation: Any) -> str:
    value = child(annotation, "ANNOTATION_VALUE")
    return "".join(value.itertext()) if value is not None else ""


def _is_speech(tier: Any) -> bool:
    kind = re.sub(r"T$", "", attribute(tier, "LINGUISTIC_TYPE_REF").strip()).casefold()
    level = LEVELS.get(kind) or speaker_and_level(attribute(tier, "TIER_ID"))[1]
    return level == "speech" and any(_text(each).strip() for each in _annotations(tier))


def _language(root: Any, tiers: list[Any]) -> str:
    found = {attribute(tier, "LANG_REF") for tier in tiers} - {""}
    known = {attribute(each, "LANG_ID") for each in children(root, "LANGUAGE")}
    one = found.pop() if len(found) == 1 else ""
    return one if one in known and re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", one) else ""


def _hidden(root: Any) -> list[Note]:
    """Name what identifies people behind the page, by kind and never by content."""
    author = attribute(root, "AUTHOR").strip().lower() not in ("", "unspecified", "pympi")
    annotators = any(attribute(tier, "ANNOTATOR").strip() for tier in children(root, "TIER"))
    media = any(attribute(each, "MEDIA_URL") for each in root.iter() if isinstance(each.tag, str))
    what = [
        words
        for words, there in (
            ("the author", author), ("the annotators", annotators), ("the path of the recording", media),
        )
        if there
    ]  # fmt: skip
    return [Note("dropped", f"What the file says of {', '.join(what)}.")] if what else []
