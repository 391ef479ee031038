"""JSON of speech recognisers: every shape with the full result, refusals, hostile files, real files."""

from __future__ import annotations

import copy
import json
import re
import time

import pytest

from qualcode.errors import ReadError
from qualcode.readers import read_transcript, read_with_notes


def timed(transcript):
    return [(t.speaker, transcript.text_of(t), t.begins, t.ends) for t in transcript.turns]


def word(text, start, end, **more):
    return {"word": text, "start": start, "end": end, **more}


def amazon_item(content, start=None, end=None, **more):
    kind = "punctuation" if start is None else "pronunciation"
    clock = {} if start is None else {"start_time": str(start), "end_time": str(end)}
    return {"type": kind, **clock, "alternatives": [{"confidence": "0.9", "content": content}], **more}


AMAZON = [
    amazon_item("Why", 0.5, 0.8), amazon_item("?"), amazon_item("It", 1.0, 1.2), amazon_item("drifts", 1.2, 1.9),
    amazon_item("."), amazon_item("A", 1.9, 2.0), amazon_item("lot", 2.0, 2.5), amazon_item("."),
]  # fmt: skip

SHAPES = {
    "Whisper": (
        {"text": " Why? It drifts.", "language": "en", "segments": [
            {"id": 0, "start": 0.0, "end": 1.5, "text": " Why?", "tokens": [1], "avg_logprob": -0.2},
            {"id": 1, "start": 1.5, "end": 3.0, "text": " It drifts."}]},
        [(None, "Why?", 0, 1.5), (None, "It drifts.", 1.5, 3)], "Whisper or WhisperX", "en"),
    "whisper-timestamped": (
        {"language": "de", "segments": [{"start": 0.1, "end": 2, "text": " Ja, genau.", "confidence": 0.9,
                                         "words": [{"text": "Ja,", "start": 0.1, "end": 0.5}]}]},
        [(None, "Ja, genau.", 0.1, 2)], "Whisper or WhisperX", "de"),
    "WhisperX: the segment's speaker": (
        {"segments": [{"start": 0, "end": 4, "text": "It is 14. Yes.", "speaker": "SPEAKER_00",
                       "words": [word("It", 0, 1, speaker="SPEAKER_00"), word("is", 1, 2), {"word": "14."},
                                 word("Yes.", 3, 4, speaker="SPEAKER_01")]}], "word_segments": []},
        [("SPEAKER_00", "It is 14. Yes.", 0, 4)], "Whisper or WhisperX", ""),
    "WhisperX: only the words have speakers": (
        {"segments": [{"start": 0, "end": 4, "text": " Why is it? “Well”, 14.",
                       "words": [word("Why", 0, 1, speaker="S0"), word("is", 1, 1.2), word("it?", 1.2, 2),
                                 word("Well,", 2, 3, speaker="S1"), {"word": "14."}]}]},
        [(None, "Why is it? “Well”, 14.", 0, 4)], "Whisper or WhisperX", ""),
    "WhisperX: words found in the text": (
        {"segments": [{"start": 0, "end": 4, "text": " Why is it? “Well, 14.",
                       "words": [word("Why", 0, 1, speaker="S0"), word("is", 1, 1.2), word("it?", 1.2, 2),
                                 word("Well,", 2, 3, speaker="S1"), {"word": "14."}]}]},
        [("S0", "Why is it?", 0, 2), ("S1", "“Well, 14.", 2, 3)], "Whisper or WhisperX", ""),
    "OpenAI words": (
        {"task": "transcribe", "language": "english", "duration": 3.0, "text": "Why? It drifts.",
         "words": [word("Why", 0, 1), word("It", 1, 2), word("drifts", 2, 3)]},
        [(None, "Why?", 0, 1), (None, "It drifts.", 1, 3)], "Whisper or WhisperX", ""),
    "OpenAI text": ({"text": "Why?\n\nIt drifts."}, [(None, "Why?", None, None), (None, "It drifts.", None, None)],
                    "Whisper or WhisperX", ""),
    "Hugging Face": (
        {"text": " Why? Well.", "chunks": [{"timestamp": [0.0, 1.5], "text": " Why?"}, {"timestamp": [1.5, None], "text": " Well."}]},
        [(None, "Why?", 0, 1.5), (None, "Well.", 1.5, None)], "Whisper or WhisperX", ""),
    "a list of segments": (
        [{"text": "Why?", "start": 0.0, "duration": 1.5}, {"text": "Well,\nyes.", "start": 1.5, "duration": 2}],
        [(None, "Why?", 0, 1.5), (None, "Well, yes.", 1.5, 3.5)], "Whisper or WhisperX", ""),
    "in a wrapper": (
        {"id": "x", "status": "succeeded", "output": {"segments": [{"start": 0, "end": 1, "text": "Yes.", "speaker": "SPEAKER_01"}]}},
        [("SPEAKER_01", "Yes.", 0, 1)], "Whisper or WhisperX", ""),
    "whisper.cpp": (
        {"result": {"language": "en"}, "transcription": [
            {"timestamps": {"from": "00:00:00,000", "to": "00:00:01,500"}, "offsets": {"from": 0, "to": 1500}, "text": " Why?"},
            {"offsets": {"from": 1500, "to": 3000}, "text": " It drifts."}]},
        [(None, "Why?", 0, 1.5), (None, "It drifts.", 1.5, 3)], "whisper.cpp", "en"),
    "AssemblyAI": (
        {"id": "x", "language_code": "en_us", "audio_duration": 9, "text": "...", "words": [], "utterances": [
            {"speaker": "A", "start": 170, "end": 900, "text": "Why?", "words": [{"text": "Why?", "start": 170, "end": 900}]},
            {"speaker": "B", "start": 1000, "end": 3000, "text": "It drifts. A lot.",
             "words": [{"text": "It", "start": 1000, "end": 1200}, {"text": "drifts.", "start": 1200, "end": 2000},
                       {"text": "A", "start": 2000, "end": 2100}, {"text": "lot.", "start": 2100, "end": 3000}]}]},
        [("A", "Why?", 0.17, 0.9), ("B", "It drifts. A lot.", 1, 3)], "AssemblyAI", "en-us"),
    "AssemblyAI without speakers": (
        {"audio_url": "https://cdn.example.org/upload/1", "utterances": None, "words": [
            {"text": "Why?", "start": 170, "end": 900, "speaker": None}, {"text": "It", "start": 1000, "end": 1200, "speaker": None},
            {"text": "drifts.", "start": 1200, "end": 2000, "speaker": None}]},
        [(None, "Why?", 0.17, 0.9), (None, "It drifts.", 1, 2)], "AssemblyAI", ""),
    "Amazon, segments beside": (
        {"jobName": "P7", "accountId": "111122223333", "results": {"language_code": "en-US", "transcripts": [], "items": AMAZON,
            "speaker_labels": {"speakers": 2, "segments": [
                {"speaker_label": "spk_0", "start_time": "0.5", "end_time": "0.8", "items": [{"start_time": "0.5", "speaker_label": "spk_0"}]},
                {"speaker_label": "spk_1", "start_time": "1.0", "end_time": "2.5", "items": [
                    {"start_time": start, "speaker_label": "spk_1"} for start in ("1.0", "1.2", "1.9", "2.0")]}]}}},
        [("spk_0", "Why?", 0.5, 0.8), ("spk_1", "It drifts. A lot.", 1, 2.5)], "Amazon Transcribe", "en-US"),
    "Amazon, speakers on the words": (
        {"results": {"items": [amazon_item("Why", 0.5, 0.8, speaker_label="spk_0"), amazon_item("?", speaker_label="spk_0"),
                               amazon_item("Well", 1, 2, speaker_label="spk_1")]}},
        [("spk_0", "Why?", 0.5, 0.8), ("spk_1", "Well", 1, 2)], "Amazon Transcribe", ""),
    "Amazon without speakers": (
        {"results": {"items": AMAZON}},
        [(None, "Why?", 0.5, 0.8), (None, "It drifts.", 1, 1.9), (None, "A lot.", 1.9, 2.5)], "Amazon Transcribe", ""),
    "Amazon calls": (
        {"LanguageCode": "de-DE", "AccountId": "1", "Transcript": [
            {"ParticipantRole": "AGENT", "Content": "Ja?", "BeginOffsetMillis": 40, "EndOffsetMillis": 900, "Items": []},
            {"ParticipantRole": "CUSTOMER", "Content": "Nein.", "BeginOffsetMillis": 800, "EndOffsetMillis": 1900}]},
        [("AGENT", "Ja?", 0.04, 0.9), ("CUSTOMER", "Nein.", 0.8, 1.9)], "Amazon Transcribe Call Analytics", "de-DE"),
    "Deepgram utterances": (
        {"metadata": {}, "results": {"channels": [{"detected_language": "en", "alternatives": [{"transcript": "x"}]}], "utterances": [
            {"start": 0.5, "end": 1, "transcript": "Why?", "channel": 0, "speaker": 0, "words": []},
            {"start": 1, "end": 3, "transcript": "It drifts.", "channel": 0, "speaker": 1, "words": []}]}},
        [("Speaker 0", "Why?", 0.5, 1), ("Speaker 1", "It drifts.", 1, 3)], "Deepgram", "en"),
    "Deepgram paragraphs": (
        {"results": {"channels": [{"alternatives": [{"words": [], "paragraphs": {"paragraphs": [
            {"speaker": 0, "sentences": [{"text": "Why?", "start": 0.5, "end": 1}]},
            {"speaker": 1, "sentences": [{"text": "It drifts.", "start": 1, "end": 3}, {"text": "Oh.", "start": 3, "end": 4}]}]}}]}]}},
        [("Speaker 0", "Why?", 0.5, 1), ("Speaker 1", "It drifts. Oh.", 1, 4)], "Deepgram", ""),
    "Deepgram words": (
        {"results": {"channels": [{"alternatives": [{"words": [
            word("why", 0.5, 1, punctuated_word="Why?", speaker=0), word("it", 1, 2, punctuated_word="It", speaker=1)]}]}]}},
        [("Speaker 0", "Why?", 0.5, 1), ("Speaker 1", "It", 1, 2)], "Deepgram", ""),
    "Deepgram, a channel each": (
        {"results": {"channels": [{"alternatives": [{"words": [word("well", 1, 2)]}]}, {"alternatives": [{"words": [word("why", 0, 1)]}]}]}},
        [("Channel 1", "why", 0, 1), ("Channel 0", "well", 1, 2)], "Deepgram", ""),
    "Google": (
        {"results": [{"languageCode": "en-us", "alternatives": [{"transcript": "Why? Well.", "words": [
            {"word": "Why?", "endTime": {"seconds": "1", "nanos": 500000000}},
            {"word": "Well.", "startTime": {"seconds": "1", "nanos": 500000000}, "endTime": {"seconds": "2"}}]}]},
            {"alternatives": [{"transcript": " Yes."}], "resultEndTime": "3s"}]},
        [(None, "Why?", 0, 1.5), (None, "Well.", 1.5, 2), (None, "Yes.", 2, 3)], "Google Speech-to-Text", "en-us"),
    "Google with speakers": (
        {"name": "7", "response": {"results": [
            {"alternatives": [{"transcript": "Why? Well.", "words": [
                {"word": "Why?", "startTime": "0s", "endTime": "1s"}, {"word": "Well.", "startTime": "1s", "endTime": "2s"}]}]},
            {"alternatives": [{"words": [
                {"word": "Why?", "startTime": "0s", "endTime": "1s", "speakerTag": 2},
                {"word": "Well.", "startTime": "1s", "endTime": "2s", "speakerTag": 1}]}]}]}},
        [("Speaker 2", "Why?", 0, 1), ("Speaker 1", "Well.", 1, 2)], "Google Speech-to-Text", ""),
    "Google, second version": (
        {"results": [{"alternatives": [{"transcript": "Well.", "words": [
            {"word": "Well.", "startOffset": "1.250s", "endOffset": "2s", "speakerLabel": "1"}]}], "languageCode": "en-US"}]},
        [("Speaker 1", "Well.", 1.25, 2)], "Google Speech-to-Text", "en-US"),
    "Azure batch": (
        {"source": "https://x.blob.core.windows.net/a/P7.wav?sv=2024&sig=abc", "combinedRecognizedPhrases": [], "recognizedPhrases": [
            {"channel": 0, "speaker": 1, "offset": "PT1M0.5S", "duration": "PT2S", "locale": "en-GB",
             "nBest": [{"display": "Why?", "lexical": "why"}]},
            {"channel": 0, "speaker": 2, "offsetInTicks": 630000000.0, "durationInTicks": 10000000.0, "nBest": [{"display": "Well."}]}]},
        [("Speaker 1", "Why?", 60.5, 62.5), ("Speaker 2", "Well.", 63, 64)], "Azure Speech", "en-GB"),
    "Azure fast": (
        {"durationMilliseconds": 9, "combinedPhrases": [{"text": "x"}], "phrases": [
            {"offsetMilliseconds": 40, "durationMilliseconds": 960, "text": "Why?", "locale": "en-US", "confidence": 0.9}]},
        [(None, "Why?", 0.04, 1)], "Azure Speech", "en-US"),
    "Rev.ai": (
        {"monologues": [
            {"speaker": 0, "elements": [{"type": "text", "value": "Why", "ts": 0.5, "end_ts": 1, "confidence": 1},
                                        {"type": "punct", "value": "?"}]},
            {"speaker": 1, "elements": [{"type": "text", "value": "It", "ts": 1, "end_ts": 1.5}, {"type": "punct", "value": " "},
                                        {"type": "text", "value": "drifts", "ts": 1.5, "end_ts": 2}, {"type": "punct", "value": ". "},
                                        {"type": "text", "value": "Oh", "ts": 2, "end_ts": 3}, {"type": "punct", "value": "."}]}]},
        [("Speaker 0", "Why?", 0.5, 1), ("Speaker 1", "It drifts. Oh.", 1, 3)], "Rev", ""),
    "Rev, typed": (
        {"speakers": [{"id": 1, "name": "Interviewer"}], "monologues": [{"speaker": 1, "elements": [
            {"type": "text", "value": "why", "timestamp": "00:00:20,000", "end_timestamp": "00:00:20,138"},
            {"type": "tag", "value": "inaudible", "timestamp": "00:00:27,000"}, {"type": "text", "value": "so"}]}]},
        [("Interviewer", "why [inaudible] so", 20, 20.138)], "Rev", ""),
    "podcast: the speaker where it changes": (
        {"version": "1.0.0", "segments": [
            {"speaker": "Ana", "startTime": 0.5, "endTime": 1, "body": "Why"}, {"startTime": 1, "endTime": 2, "body": "so?"},
            {"speaker": "Ben", "startTime": 2, "endTime": 3, "body": "Well."}]},
        [("Ana", "Why so?", 0.5, 2), ("Ben", "Well.", 2, 3)], "Podcasting 2.0", ""),
    "podcast: single words of nobody": (
        {"version": "1.0.0", "segments": [{"startTime": n, "endTime": n + 1, "body": body} for n, body in
                                          enumerate(["Why", "so?", "It", "drifts", "much."])]},
        [(None, "Why so?", 0, 2), (None, "It drifts much.", 2, 5)], "Podcasting 2.0", ""),
    "BBC Kaldi": (
        {"retval": {"words": [{"start": 1, "end": 2, "word": "why", "punct": "Why?", "index": 0},
                              {"start": 3, "end": 4, "word": "well", "punct": "Well.", "index": 1}],
                    "segmentation": {"segments": [{"start": 0, "duration": 2.5, "speaker": {"@id": "S0", "gender": "F"}},
                                                  {"start": 2.5, "duration": 2.5, "speaker": {"@id": "S1", "gender": "M"}}]}}},
        [("S0", "Why?", 1, 2), ("S1", "Well.", 3, 4)], "BBC Kaldi", ""),
    "BBC Digital Paper Edit": (
        {"words": [{"id": 0, "start": 1, "end": 2, "text": "Why?"}, {"id": 1, "start": 3, "end": 4, "text": "Well."}],
         "paragraphs": [{"id": 0, "start": 1, "end": 2, "speaker": "Ana"}, {"id": 1, "start": 3, "end": 4, "speaker": "Ben"}]},
        [("Ana", "Why?", 1, 2), ("Ben", "Well.", 3, 4)], "BBC Kaldi", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_shapes(name, read):
    document, expected, vendor, language = SHAPES[name]
    transcript, notes, format = read("P7.json", json.dumps(document))
    assert format == "json"
    assert timed(transcript) == expected
    assert transcript.language == language
    assert f"guessed: Read as JSON of {vendor}." in [str(note) for note in notes]


def test_every_sentence_of_a_named_speaker_has_its_time(read):
    transcript, notes, _ = read("P7.json", json.dumps(SHAPES["AssemblyAI"][0]))
    assert transcript.text == "Why?\nIt drifts. A lot."
    assert [(mark.position, mark.begins, mark.ends) for mark in transcript.marks] == [
        (0, 0.17, 0.9), (5, 1, 2), (16, 2, 3),
    ]  # fmt: skip
    assert [str(note) for note in notes] == [
        "guessed: Read as JSON of AssemblyAI.",
        "dropped: Confidence values and the times of single words.",
        "guessed: Speakers: A (1 turn), B (1 turn).",
    ]


def test_chinese_words_are_joined_without_blanks(read):
    words = [word(text, n, n + 1) for n, text in enumerate(["你", "好", "，", "Ana", "再", "见"])]
    transcript, _, _ = read(
        "a.json", json.dumps({"results": {"channels": [{"alternatives": [{"words": words}]}]}})
    )
    assert transcript.text == "你好， Ana 再见"


def test_talk_without_marks_or_pauses_is_parted_once_a_minute(read):
    words = [word("yes", n, n + 1) for n in range(150)]
    transcript, _, _ = read(
        "a.json", json.dumps({"results": {"channels": [{"alternatives": [{"words": words}]}]}})
    )
    assert [turn.begins for turn in transcript.turns] == [0, 60, 120]


def test_what_is_dropped_is_named_and_never_shown(read):
    document = copy.deepcopy(SHAPES["AssemblyAI"][0]) | {
        "audio_url": "https://store.example.org/a.mp3?X-Amz-Expires=1&X-Amz-Signature=abc",
        "webhook_url": "https://hooks.example.org/maria",
        "chapters": [{"summary": "Maria's job"}],
        "iab_categories_result": {"status": "unavailable", "results": []},
        "entities": [],
    }
    document["utterances"].append({"speaker": "B", "start": 5000, "end": 6000, "text": " ", "words": []})
    _, notes, _ = read("P7.json", json.dumps(document))
    shown = [str(note) for note in notes]
    assert shown[1:6] == [
        "dropped: 1 signed address (who has it can open the recording).",
        "dropped: 1 address of files or services.",
        "dropped: What the service added: chapters.",
        "dropped: Confidence values and the times of single words.",
        "dropped: 1 sentence without words.",
    ]
    assert not re.search("maria|example|abc", " ".join(shown), re.IGNORECASE)


def test_times_that_are_none_or_impossible_are_left_out(read):
    segments = [
        {"start": float("nan"), "end": 2, "text": "a a"}, {"start": 3, "end": 2, "text": "b b"},
        {"start": -4, "end": 5, "text": "c c"}, {"start": 10**300, "end": 1, "text": "d d"},
        {"start": float("inf"), "text": "e e"}, {"start": True, "end": [], "text": "f f"},
        {"start": 2.5, "end": 2.75, "text": "g g"},
    ]  # fmt: skip
    transcript, notes, _ = read("a.json", json.dumps({"segments": segments}), format="json")
    assert timed(transcript) == [
        (None, "a a", None, None), (None, "b b", 3, None), (None, "c c", None, None), (None, "d d", None, None),
        (None, "e e", None, None), (None, "f f", None, None), (None, "g g", 2.5, 2.75),
    ]  # fmt: skip
    assert "kept: 5 segments without a time." in [str(note) for note in notes]
    assert any("begins earlier than the one above" in str(note) for note in notes)


def test_words_come_as_they_are(read):
    text = "e\u0301 👩‍🚀 \u200fשלום &amp; <i>tag</i> A\u00a0B\x00"
    transcript, _, _ = read(
        "a.json", json.dumps({"segments": [{"start": 0, "text": text + "\r\nline\ud800"}]})
    )
    assert transcript.text == text + " line\ufffd"


def test_a_segment_a_line(read):
    lines = [
        {"speaker": "SPEAKER_00", "text": "Why?", "start": 0, "end": 1},
        {"speaker": "SPEAKER_01", "text": "Well.", "start": 1},
    ]
    transcript, _, _ = read("a.jsonl", "\n".join(json.dumps(line) for line in lines) + "\n")
    assert timed(transcript) == [("SPEAKER_00", "Why?", 0, 1), ("SPEAKER_01", "Well.", 1, None)]


def test_utf16_and_any_suffix(read):
    content = json.dumps(SHAPES["Whisper"][0]).encode("utf-16")
    transcript, _, format = read("talk.txt", content)
    assert format == "json"
    assert len(transcript.turns) == 2


def test_a_long_text_before_the_segments(read):
    document = {
        "text": "Yes. " * 40_000,
        "segments": [{"start": 0, "end": 1, "text": "Yes.", "speaker": "A"}],
    }
    transcript, _, _ = read("a.json", json.dumps(document))
    assert timed(transcript) == [("A", "Yes.", 0, 1)]


REFUSED = {
    "unknown": (
        '{"title": "x", "Maria": 1, "messages": []}',
        "this is JSON, but not of a speech recogniser known here (it has messages, title). Read are: Amazon "
        "Transcribe, Deepgram, Google Speech-to-Text, Rev, BBC Kaldi, Amazon Transcribe Call Analytics, "
        "AssemblyAI, Azure Speech, Podcasting 2.0, whisper.cpp, Whisper or WhisperX. Export the transcript as "
        ".vtt, .srt, .docx or .txt.",
    ),
    "cut off": (
        '{"text": "a",\n "segments": [{"start": 0, "te',
        "it is JSON, but broken or cut off at line 2. Download it again; if it is plain text, pass format='text'.",
    ),
    "several": (
        '{"text": "a"} {"text": "b"}\n',
        "it holds several JSON documents one after the other. Save each as a file of its own.",
    ),
    "only who speaks when": (
        json.dumps({"segmentation": SHAPES["BBC Kaldi"][0]["retval"]["segmentation"]}),
        "it says who speaks when, but holds no words. Give the transcript that belongs to it.",
    ),
    "not finished": (
        '{"audio_url": "https://x", "status": "processing", "text": null, "words": null, "utterances": null}',
        "it is JSON of AssemblyAI, but holds no words: the recogniser had not finished, failed, or heard nothing. "
        "Download the finished transcript.",
    ),
    "nothing heard": (
        '{"text": "", "segments": [], "language": "en"}',
        "it is JSON of Whisper or WhisperX, but holds no words: the recogniser had not finished, failed, or "
        "heard nothing. Download the finished transcript.",
    ),
    "notebook": (
        '{"cells": [], "nbformat": 4}',
        "this is a Jupyter notebook, not a transcript. Give the transcript itself.",
    ),
    "deep": (
        "[" * 100_000 + "]" * 100_000,
        "it is JSON nested deeper, or with longer numbers, than any transcript; it was not opened.",
    ),
    "many": (
        '{"a": [' + "0," * 5_000_001 + "0]}",
        "it is JSON with more than 5,000,000 values, which no transcript has; it was not opened.",
    ),
    "scalars": ('{"segments": 3, "words": {}, "results": "x", "monologues": [1]}', None),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refusals(name, read):
    content, reason = REFUSED[name]
    with pytest.raises(ReadError) as caught:
        read("a.json", content, format="json")
    if reason is not None:
        assert str(caught.value) == f"a.json: {reason}"
    assert "Maria" not in str(caught.value)


HOSTILE = {
    "marks without end": {"results": {"items": [amazon_item("a", 0, 1), *[amazon_item(".")] * 100_000]}},
    "a word of dots": {"segments": [{"start": 0, "text": "a b", "speaker": "S", "words": [word("." * 10**6 + "x", 0, 1)] * 9}]},
    "blanks": {"segments": [{"start": 0, "text": "a" + " " * 10**6 + "b"}]},
    "words that are not there": {"segments": [{"start": 0, "text": "a " * 10**5, "speaker": "S", "words": [word("a", 0, 1)] * 10**5}]},
    "an address": {"segments": [{"start": 0, "text": "a b"}], "x": ["https://x/?" + "token" * 1500] * 500},
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_documents_are_read_quickly(name, write):
    path = write("a.json", json.dumps(HOSTILE[name]))
    begun = time.perf_counter()
    assert read_transcript(path).turns
    assert time.perf_counter() - begun < 120  # seconds; minutes or hours where time grows with the square


def test_a_huge_number_is_no_time(read):
    transcript, _, _ = read("a.json", '{"segments": [{"start": ' + "9" * 100_000 + ', "text": "a"}]}')
    assert timed(transcript) == [(None, "a", None, None)]


# ---------------------------------------------------------------------------- a real file


def test_the_signed_address_of_a_real_file_is_not_told(shared):
    path = shared / "samples" / "transcripts" / "asr-json" / "assemblyai_utterances.json"
    transcript, notes, _ = read_with_notes(path)
    assert "http" in path.read_text(encoding="utf-8")
    assert "http" not in transcript.text + " ".join(map(str, notes))
