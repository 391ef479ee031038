"""Shapes of JSON in which a recogniser gives whole segments: Whisper, AssemblyAI, Amazon calls, Azure, podcasts.

Each function takes the parsed document and returns what it says, or None where the document has another
shape. A list of segments that is there but empty is still the shape.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from qualcode.readers._json import child, dicts, seconds, string, times
from qualcode.readers._reading import Note, counted
from qualcode.readers._recognised import (
    Heard,
    Word,
    cut,
    language_code,
    one_line,
    one_word_each,
    segment,
    space,
    speaker_label,
    timed_words,
    words_to_utterances,
)
from qualcode.readers._speech import Utterance

_ONLY_TEXT = {"text", "language", "duration", "task", "usage", "logprobs"}
_ISO = re.compile(r"PT(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8}(?:\.\d{1,9})?)S)?")


def whisper(data: Any) -> Heard | None:
    """Whisper, whisper-timestamped, faster-whisper, WhisperX, OpenAI; also a bare list of such segments."""
    if isinstance(data, list) and data and all(_is_segment(each) for each in data):
        data = {"segments": data}
    if not isinstance(data, dict):
        return None
    found = next(
        (data[key] for key in ("segments", "speakers", "chunks") if _are_segments(data.get(key))), None
    )
    if found is None:
        return None if "segments" in data else _whisper_words(data) or _whisper_text(data)
    language = language_code(data.get("language"))
    parts = [_whisper_segment(each) for each in dicts(found)]
    if one_word_each([part for part, _ in parts]):
        return Heard(
            words_to_utterances(space([part for part, _ in parts if part.text])), language, noun="sentence"
        )
    others = 0
    utterances = []
    for part, words in parts:
        others += part.speaker is not None and any(word.speaker not in (None, part.speaker) for word in words)
        utterances += segment(part.speaker, part.text, part.begins, part.ends, words)
    notes = []
    if others:
        notes.append(
            Note(
                "guessed",
                f"In {counted(others, 'segment')} some words are given to another speaker than the segment; "
                "the segment's counts.",
            )
        )
    return Heard(utterances, language, notes)


def _whisper_segment(value: dict[str, Any]) -> tuple[Word, list[Word]]:
    words = timed_words(dicts(value.get("words")), _whisper_word)
    begins, ends = _times(value, "start", "end")
    stretch = value.get("timestamp")
    if isinstance(stretch, list) and len(stretch) == 2:  # as Hugging Face writes them
        begins, ends = times(seconds(stretch[0]), seconds(stretch[1]))
    if ends is None and begins is not None and (length := seconds(value.get("duration"))) is not None:
        ends = round(begins + length, 6)
    return Word(string(value, "text", "transcript"), begins, ends, _speaker(value)), words


def _are_segments(value: object) -> bool:
    return isinstance(value, list) and (not value or any(_is_segment(each) for each in value))


def _is_segment(value: object) -> bool:
    if not isinstance(value, dict) or not {"start", "timestamp"} & set(value):
        return False
    return isinstance(value.get("text", value.get("transcript")), str)


def _speaker(value: dict[str, Any]) -> str | None:
    return speaker_label(
        next((value[key] for key in ("speaker", "speaker_id") if value.get(key) is not None), None)
    )


def _whisper_word(value: dict[str, Any]) -> Word | None:
    text = string(value, "word", "text")
    return Word(text, *_times(value, "start", "end"), _speaker(value))


def _whisper_words(data: dict[str, Any]) -> Heard | None:
    """The transcript and its words, without segments; OpenAI gives the words without their marks."""
    words = timed_words(dicts(data.get("words")), _whisper_word)
    text = data.get("text")
    if not words or not isinstance(text, str) or "utterances" in data or "paragraphs" in data:
        return None
    return Heard(
        words_to_utterances(cut(text, words) or words), language_code(data.get("language")), noun="sentence"
    )


def _whisper_text(data: dict[str, Any]) -> Heard | None:
    text = data.get("text")
    if not isinstance(text, str) or not set(data) <= _ONLY_TEXT:
        return None
    said = [Utterance(None, one_line(line), None, None) for line in text.split("\n") if line.strip()]
    return Heard(said, language_code(data.get("language")), noun="paragraph")


def whisper_cpp(data: Any) -> Heard | None:
    """The program whisper.cpp: times in milliseconds under "offsets"."""
    found = dicts(child(data, "transcription"))
    if not found or not any("offsets" in each or "timestamps" in each for each in found):
        return None
    utterances = []
    for each in found:
        begins, ends = times(
            seconds(child(each, "offsets", "from"), 1000), seconds(child(each, "offsets", "to"), 1000)
        )
        utterances.append(
            Utterance(speaker_label(each.get("speaker")), one_line(string(each, "text")), begins, ends)
        )
    return Heard(utterances, language_code(child(data, "result", "language")))


def podcast(data: Any) -> Heard | None:
    """The transcript JSON of Podcasting 2.0: the speaker stands where it changes, segments may be words."""
    found = dicts(child(data, "segments"))
    if not found or not any("body" in each for each in found):
        return None
    words = []
    speaker: str | None = None
    went_on = 0
    for each in found:
        own = speaker_label(each.get("speaker"))
        went_on += own is None and speaker is not None
        speaker = own or speaker
        words.append(Word(string(each, "body"), *_times(each, "startTime", "endTime"), speaker))
    if one_word_each(words):
        return Heard(words_to_utterances(space([word for word in words if word.text])), noun="sentence")
    notes = []
    if went_on:
        notes.append(
            Note("guessed", f"{counted(went_on, 'segment')} without a speaker went on with the one above.")
        )
    return Heard(
        [Utterance(each.speaker, one_line(each.text), each.begins, each.ends) for each in words], notes=notes
    )


def assembly_ai(data: Any) -> Heard | None:
    """AssemblyAI: utterances where speakers were asked for, else words; milliseconds."""
    if (
        not isinstance(data, dict)
        or not {"utterances", "words"} & set(data)
        or not _MARKS_OF_ASSEMBLY & set(data)
    ):
        return None
    language = language_code(data.get("language_code"))
    utterances = []
    for each in dicts(data.get("utterances")):
        words = timed_words(dicts(each.get("words")), _assembly_word)
        begins, ends = _times(each, "start", "end", 1000)
        utterances += segment(_assembly_speaker(each), string(each, "text"), begins, ends, words)
    if utterances:
        return Heard(utterances, language, noun="sentence")
    words = timed_words(dicts(data.get("words")), _assembly_word)
    return Heard(words_to_utterances(words), language, noun="sentence")


_MARKS_OF_ASSEMBLY = {"audio_url", "acoustic_model", "language_model", "audio_duration", "speech_model"}


def _assembly_speaker(value: dict[str, Any]) -> str | None:
    return speaker_label(value.get("speaker")) or speaker_label(value.get("channel"), "Channel")


def _assembly_word(value: dict[str, Any]) -> Word:
    return Word(string(value, "text"), *_times(value, "start", "end", 1000), _assembly_speaker(value))


def amazon_call(data: Any) -> Heard | None:
    """Amazon Transcribe Call Analytics: one entry a turn, milliseconds, the speaker by role."""
    found = dicts(child(data, "Transcript"))
    if not found or not any("Content" in each for each in found):
        return None
    utterances = []
    for each in found:
        words = timed_words(dicts(each.get("Items")), _call_word)
        begins, ends = _times(each, "BeginOffsetMillis", "EndOffsetMillis", 1000)
        speaker = speaker_label(each.get("ParticipantRole")) or speaker_label(each.get("ParticipantId"))
        utterances += segment(speaker, string(each, "Content"), begins, ends, words)
    return Heard(utterances, language_code(data.get("LanguageCode")), noun="sentence")


def _call_word(value: dict[str, Any]) -> Word:
    return Word(string(value, "Content"), *_times(value, "BeginOffsetMillis", "EndOffsetMillis", 1000))


def azure(data: Any) -> Heard | None:
    """Azure: "recognizedPhrases" of batches, "phrases" of the fast service."""
    batch = dicts(child(data, "recognizedPhrases"))
    fast = [each for each in dicts(child(data, "phrases")) if "offsetMilliseconds" in each]
    found = batch or fast
    if not found:
        return None
    channels = {repr(each.get("channel")) for each in found}
    language = ""
    utterances = []
    for each in found:
        best = next(iter(dicts(each.get("nBest"))), {})
        words = string(best, "display", "lexical") or string(each, "text", "display")
        begins = _azure_time(each, "offset")
        length = _azure_time(each, "duration")
        ends = round(begins + length, 6) if begins is not None and length is not None else None
        speaker = speaker_label(each.get("speaker"))
        if speaker is None and len(channels) > 1:
            speaker = speaker_label(each.get("channel"), "Channel")
        language = language or language_code(each.get("locale"))
        utterances.append(Utterance(speaker, one_line(words), begins, ends))
    if len(channels) > 1:
        utterances.sort(key=_begin)
    return Heard(utterances, language, noun="phrase")


def _azure_time(value: dict[str, Any], name: str) -> float | None:
    for key, per_second in ((f"{name}Milliseconds", 1000), (f"{name}InTicks", 10_000_000)):
        if (found := seconds(value.get(key), per_second)) is not None:
            return found
    match = _ISO.fullmatch(value[name]) if isinstance(value.get(name), str) else None
    if match is None:
        return None
    hours, minutes, rest = (float(part or 0) for part in match.groups())
    return seconds(hours * 3600 + minutes * 60 + rest)


def _begin(each: Utterance) -> float:
    return each.begins if each.begins is not None else 0.0


def _times(
    value: dict[str, Any], first: str, last: str, per_second: float = 1
) -> tuple[float | None, float | None]:
    return times(seconds(value.get(first), per_second), seconds(value.get(last), per_second))


SHAPES: tuple[tuple[str, Callable[[Any], Heard | None]], ...] = (
    ("Amazon Transcribe Call Analytics", amazon_call),
    ("AssemblyAI", assembly_ai),
    ("Azure Speech", azure),
    ("Podcasting 2.0", podcast),
    ("whisper.cpp", whisper_cpp),
    ("Whisper or WhisperX", whisper),
)
"""Name and function, in the order they are tried: the particular before the general."""
