"""JSON of speech recognisers (.json): Whisper, AssemblyAI, Deepgram, Amazon, Google, Azure, Rev, podcasts, BBC."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from qualcode.errors import ReadError
from qualcode.readers import _recognised_segments, _recognised_words
from qualcode.readers._encoding import decode
from qualcode.readers._files import read_bytes
from qualcode.readers._json import addresses, child, looks_like_json, parse_json
from qualcode.readers._reading import Note, Reading, ReadOptions, counted
from qualcode.readers._recognised import Heard
from qualcode.readers._speech import utterances_to_reading

SHAPES = (*_recognised_words.SHAPES, *_recognised_segments.SHAPES)
"""Every shape that is read, in the order it is tried."""

EXTRAS = {
    "AccountId": "the account number", "accountId": "the account number",
    "auto_highlights_result": "highlights", "chapters": "chapters", "Categories": "categories",
    "ConversationCharacteristics": "measures of the talk", "entities": "entities", "intents": "intents",
    "sentiment_analysis_results": "sentiment", "sentiments": "sentiment", "summary": "a summary",
    "topics": "topics", "iab_categories_result": "topics", "translations": "translations",
}  # fmt: skip
"""What services add to a transcript, by its key: it is left out and named in a note."""

_WRAPPERS = ("output", "result", "data", "transcription", "transcript")
"""Where services that run a recogniser for others put its document."""

KNOWN_KEYS = (
    "alternatives", "annotations", "audio_url", "body", "cells", "channels", "chunks", "content", "conversation",
    "data", "elements", "id", "items", "jobName", "language", "metadata", "messages", "monologues", "name",
    "paragraphs", "phrases", "project", "response", "result", "results", "segmentation", "segments", "sentences",
    "speaker", "speakers", "status", "text", "title", "transcript", "transcripts", "transcription", "turns",
    "utterances", "version", "words",
)  # fmt: skip
"""Keys that may be named in a message: other ones could be names of people."""


def sniff(head: bytes, name: str) -> float:
    """Return 0.9 for any JSON: which shape it has is told when it is read, as the telling part may come late."""
    if looks_like_json(head):
        return 0.9
    return 0.7 if name.lower().endswith(".json") else 0.0


def read(path: Path, *, options: ReadOptions) -> Reading:
    """Read the JSON of a speech recogniser.

    Raises
    ------
    ReadError
        If the file cannot be opened, is no JSON, has none of the shapes known here, or holds no words.
    """
    text, notes = decode(path, read_bytes(path), options.encoding)
    data = parse_json(path, text)
    name, heard = _heard(path, data)
    if not any(each.words for each in heard.utterances):
        raise ReadError(path, _without_words(name, data))
    found = [*notes, Note("guessed", f"Read as JSON of {name}."), *heard.notes]
    timeless = sum(1 for each in heard.utterances if each.words and each.begins is None)
    if timeless:
        found.append(Note("kept", f"{counted(timeless, heard.noun)} without a time."))
    counts, hidden = addresses(data)
    found += [*counts, *_extras(data)]
    reading = utterances_to_reading(
        heard.utterances, found, noun=heard.noun, format="json", language=heard.language
    )
    return replace(reading, hidden=hidden)


def _heard(path: Path, data: Any) -> tuple[str, Heard]:
    wrapped = [inner for key in _WRAPPERS if isinstance(inner := child(data, key), (dict, list))]
    for each in [data, *wrapped]:
        for name, shape in SHAPES:
            heard = shape(each)
            if heard is not None:
                return name, heard
    raise ReadError(path, _unknown(data))


def _without_words(name: str, data: Any) -> str:
    if child(data, "segmentation", "segments") or child(data, "retval", "segmentation", "segments"):
        return "it says who speaks when, but holds no words. Give the transcript that belongs to it."
    return (
        f"it is JSON of {name}, but holds no words: the recogniser had not finished, failed, or heard nothing. "
        "Download the finished transcript."
    )


def _unknown(data: Any) -> str:
    names = ", ".join(name for name, _ in SHAPES)
    if isinstance(data, dict) and "nbformat" in data:
        return "this is a Jupyter notebook, not a transcript. Give the transcript itself."
    if isinstance(data, dict) and isinstance(data.get("text"), str) and "media-time" in data:
        return "this is a file of oTranscribe. Pass format='otr'."
    keys = [key for key in KNOWN_KEYS if isinstance(data, dict) and key in data]
    shown = f" (it has {', '.join(keys[:8])})" if keys else ""
    return (
        f"this is JSON, but not of a speech recogniser known here{shown}. Read are: {names}. "
        "Export the transcript as .vtt, .srt, .docx or .txt."
    )


def _holds_something(value: object) -> bool:
    if isinstance(value, dict):  # {"status": "unavailable", "results": []} holds nothing
        return any(isinstance(each, (dict, list)) and each for each in value.values())
    return bool(value)


def _extras(data: Any) -> list[Note]:
    places = [data, child(data, "results"), child(data, "response"), child(data, "metadata")]
    found = {
        words
        for place in places
        if isinstance(place, dict)
        for key, words in EXTRAS.items()
        if _holds_something(place.get(key))
    }
    notes = [Note("dropped", f"What the service added: {', '.join(sorted(found))}.")] if found else []
    return [*notes, Note("dropped", "Confidence values and the times of single words.")]
