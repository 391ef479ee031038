"""Shapes of JSON in which a recogniser gives single words: Amazon, Deepgram, Google, Rev, BBC Kaldi.

Each function takes the parsed document and returns what it says, or None where the document has another
shape.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from typing import Any

from qualcode.readers._json import child, dicts, seconds, string, times
from qualcode.readers._reading import Note, counted
from qualcode.readers._recognised import (
    Heard,
    Word,
    language_code,
    one_line,
    segment,
    space,
    speaker_label,
    timed_words,
    words_to_utterances,
)
from qualcode.readers._speech import Utterance
from qualcode.readers._times import seconds as clock

_LONG = 500
"""Letters; a word with its marks is never longer."""


def amazon(data: Any) -> Heard | None:
    """Amazon Transcribe: words and marks, the speaker on them or in a list of segments beside them."""
    results = child(data, "results")
    if not isinstance(results, dict) or not isinstance(results.get("items"), list):
        return None
    speakers: dict[str, str | None] = {}
    for part in dicts(child(results, "speaker_labels", "segments")):
        for item in dicts(part.get("items")):
            speakers[str(item.get("start_time"))] = speaker_label(item.get("speaker_label"))
    words: list[Word] = []
    for item in dicts(results["items"]):
        text = string(next(iter(dicts(item.get("alternatives"))), {}), "content")
        begins, ends = _times(item, "start_time", "end_time")
        own = speaker_label(item.get("speaker_label")) or speakers.get(str(item.get("start_time")))
        if item.get("type") == "punctuation" and words:
            words.append(Word(text, None, None, words[-1].speaker, blank=False))
        else:
            words.append(Word(text, begins, ends, own or _channel(item.get("channel_label"))))
    channels = {word.speaker for word in words if word.speaker and word.speaker.startswith("Channel ")}
    if len(channels) == 1:
        for word in words:
            word.speaker = None if word.speaker in channels else word.speaker
    words = space([word for word in words if word.text])
    language = language_code(results.get("language_code")) or language_code(child(data, "language_code"))
    return Heard(words_to_utterances(_attach(words)), language, noun="sentence")


def _channel(value: object) -> str | None:
    number = value.removeprefix("ch_") if isinstance(value, str) else value
    return speaker_label(number, "Channel")


def _attach(words: list[Word]) -> list[Word]:
    """Return words with the marks that follow them without a blank as part of them."""
    found: list[Word] = []
    for word in words:
        if found and not word.blank and word.begins is None and len(found[-1].text) < _LONG:
            found[-1].text += word.text
        else:
            found.append(word)
    return found


def deepgram(data: Any) -> Heard | None:
    """Deepgram: utterances, else paragraphs of sentences, else words; for each channel."""
    results = child(data, "results")
    if not isinstance(results, dict) or not isinstance(results.get("channels"), list):
        return None
    channels = dicts(results["channels"])
    several = len(channels) > 1
    best = [next(iter(dicts(channel.get("alternatives"))), {}) for channel in channels]
    language = next(
        (code for each in [*channels, *best] if (code := language_code(each.get("detected_language")))), ""
    )
    utterances: list[Utterance] = []
    for each in dicts(results.get("utterances")):
        own = _deepgram_speaker(each, each.get("channel") if several else None)
        words = timed_words(dicts(each.get("words")), _deepgram_word)
        if several:
            for word in words:
                word.speaker = None
        utterances += segment(own, string(each, "transcript"), *_times(each, "start", "end"), words)
    if not utterances:
        for number, each in enumerate(best):
            utterances += _deepgram_channel(each, number if several else None)
    if several:
        utterances.sort(key=lambda each: each.begins if each.begins is not None else 0.0)
    return Heard(utterances, language, noun="sentence")


def _deepgram_channel(best: dict[str, Any], channel: int | None) -> list[Utterance]:
    found = [
        Utterance(
            _deepgram_speaker(part, channel),
            one_line(string(sentence, "text")),
            *_times(sentence, "start", "end"),
        )
        for part in dicts(child(best, "paragraphs", "paragraphs"))
        for sentence in dicts(part.get("sentences"))
    ]
    if found:
        return found
    words = timed_words(dicts(best.get("words")), lambda value: _deepgram_word(value, channel))
    return words_to_utterances(words)


def _deepgram_speaker(value: dict[str, Any], channel: object) -> str | None:
    labels = [speaker_label(channel, "Channel"), speaker_label(value.get("speaker"))]
    return ", ".join(label for label in labels if label) or None


def _deepgram_word(value: dict[str, Any], channel: object = None) -> Word:
    text = string(value, "punctuated_word", "word")
    return Word(text, *_times(value, "start", "end"), _deepgram_speaker(value, channel))


def google(data: Any) -> Heard | None:
    """Google Speech-to-Text; with speakers, its last result says all words of the others once more."""
    data = child(data, "response") or data
    results = dicts(child(data, "results"))
    if not results or not any(isinstance(each.get("alternatives"), list) for each in results):
        return None
    best = [next(iter(dicts(each.get("alternatives"))), {}) for each in results]
    spoken = [timed_words(dicts(each.get("words")), _google_word) for each in best]
    notes = []
    if len(results) > 1 and spoken[-1] and spoken[0] and _repeats(spoken):
        results, best, spoken = results[-1:], best[-1:], spoken[-1:]
        notes.append(Note("kept", "The words with their speakers, which the file repeats at its end."))
    channels = {repr(each.get("channelTag")) for each in results}
    utterances: list[Utterance] = []
    for result, each, words in zip(results, best, spoken, strict=True):
        if words:
            found = words_to_utterances(words)
        else:
            ends = _google_time(result.get("resultEndTime", result.get("resultEndOffset")))
            begins = utterances[-1].ends if utterances else 0.0
            found = [Utterance(None, one_line(string(each, "transcript")), *times(begins, ends))]
        if len(channels) > 1:
            for one in found:
                one.speaker = one.speaker or speaker_label(result.get("channelTag"), "Channel")
        utterances += found
    if len(channels) > 1:
        utterances.sort(key=lambda each: each.begins if each.begins is not None else 0.0)
    language = next((code for each in results if (code := language_code(each.get("languageCode")))), "")
    return Heard(utterances, language, notes, noun="sentence")


def _repeats(spoken: list[list[Word]]) -> bool:
    first, last = spoken[0][0].begins, spoken[-1][0].begins
    tagged = any(word.speaker for word in spoken[-1]) and not any(word.speaker for word in spoken[0])
    return tagged and first is not None and last is not None and last <= first


def _google_word(value: dict[str, Any]) -> Word:
    ends = _google_time(value.get("endTime", value.get("endOffset")))
    begins = _google_time(value.get("startTime", value.get("startOffset", None if ends is None else "0s")))
    tag = value.get("speakerLabel") or value.get("speakerTag") or None  # 0 is "no speaker"
    return Word(string(value, "word").replace("▁", ""), *times(begins, ends), speaker_label(tag))


def _google_time(value: object) -> float | None:
    if isinstance(value, dict):  # {"seconds": "12", "nanos": 900000000}; what is zero is left out
        whole, part = seconds(value.get("seconds", 0)), seconds(value.get("nanos", 0), 1e9)
        return round(whole + part, 6) if whole is not None and part is not None else None
    return seconds(value.removesuffix("s")) if isinstance(value, str) else None


def rev(data: Any) -> Heard | None:
    """Rev and Rev.ai: monologues of elements; blanks are elements as well, and so are marks and tags."""
    monologues = dicts(child(data, "monologues"))
    if not monologues or not any("elements" in each for each in monologues):
        return None
    names = {repr(each.get("id")): speaker_label(each.get("name")) for each in dicts(data.get("speakers"))}
    utterances: list[Utterance] = []
    tags = 0
    for each in monologues:
        number = each.get("speaker")
        speaker = speaker_label(each.get("speaker_name")) or names.get(repr(number)) or speaker_label(number)
        words: list[Word] = []
        blank = False
        for element in dicts(each.get("elements")):
            value = element.get("value")
            if not isinstance(value, str):
                continue
            if element.get("type") == "tag":
                tags += 1
                value, blank = f"[{value.strip('[]<> ')}]", True
            begins = _rev_time(element, "ts", "timestamp")
            ends = _rev_time(element, "end_ts", "end_timestamp")
            if value.strip():
                word = Word(value.strip(), *times(begins, ends), speaker, blank or value[:1].isspace())
                words.append(word)
                blank = False
            blank = blank or value[-1:].isspace() or element.get("type") == "tag"
        utterances += words_to_utterances(_attach(words))
    notes = (
        [Note("kept", f"{counted(tags, 'tag')} such as [inaudible], as part of the words.")] if tags else []
    )
    return Heard(utterances, language_code(data.get("language")), notes, noun="sentence")


def _rev_time(value: dict[str, Any], number: str, written: str) -> float | None:
    found = seconds(value.get(number))
    return clock(value[written]) if found is None and isinstance(value.get(written), str) else found


def kaldi(data: Any) -> Heard | None:
    """BBC Kaldi (words, and who speaks when) and the BBC's Digital Paper Edit (words, and paragraphs)."""
    data = child(data, "retval") or data
    found = dicts(child(data, "words"))
    by_speaker = dicts(child(data, "segmentation", "segments")) or dicts(child(data, "segments", "segments"))
    paragraphs = dicts(child(data, "paragraphs"))
    if not (by_speaker or paragraphs or any("punct" in each for each in found)):
        return None
    if not all("start" in each for each in [*found, *by_speaker, *paragraphs]):
        return None
    parts = [
        (begins, speaker_label(part.get("speaker")))
        for part in by_speaker or paragraphs
        if (begins := seconds(part.get("start"))) is not None
    ]
    parts.sort(key=lambda part: part[0])
    begun = [begins for begins, _ in parts]
    words = timed_words(found, _kaldi_word)
    for word in words:
        if word.begins is not None and parts:
            middle = (word.begins + (word.ends if word.ends is not None else word.begins)) / 2
            word.speaker = parts[max(0, bisect_right(begun, middle) - 1)][1]
    notes = []
    if words and parts:
        notes.append(
            Note(
                "guessed",
                "Which speaker a word belongs to, by its time; words and speakers are apart in the file.",
            )
        )
    return Heard(words_to_utterances(words), notes=notes, noun="sentence")


def _kaldi_word(value: dict[str, Any]) -> Word:
    return Word(string(value, "punct", "text", "word"), *_times(value, "start", "end"))


def _times(value: dict[str, Any], first: str, last: str) -> tuple[float | None, float | None]:
    return times(seconds(value.get(first)), seconds(value.get(last)))


SHAPES: tuple[tuple[str, Callable[[Any], Heard | None]], ...] = (
    ("Amazon Transcribe", amazon),
    ("Deepgram", deepgram),
    ("Google Speech-to-Text", google),
    ("Rev", rev),
    ("BBC Kaldi", kaldi),
)
"""Name and function, in the order they are tried."""
