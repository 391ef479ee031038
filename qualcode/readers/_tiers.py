"""Tiers of a recording: which of them hold what was said, who speaks in them, and everything in one order.

For ELAN and Praat, where a tier is a person, or a level of description ("words", "phones", "gestures"), or
both ("Ana - words"). A tier is told by its name. Levels of whole utterances come before levels of words;
other levels are left out and reported. The caller can name a tier in `speakers=` to have it read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from qualcode.errors import ReadError
from qualcode.readers._names import label_key, never_speaks
from qualcode.readers._reading import Note, counted
from qualcode.readers._speech import Utterance, one_line_label
from qualcode.readers._times import sane

_SPEECH_WORDS = """
utterance utterances utt utts spch speech orth orthography orthographic sentence sentences phrase phrases text
texts tx txt transcript transcription transcriptions transkript transkription äußerung äußerungen satz sätze ipu
ipus turn turns talk default énoncé énoncés transcripción transcrição trascrizione tier
"""
_WORD_WORDS = """
word words wrd mot mots wort wörter palabra palabras palavra palavras parola parole token tokens tok woord woorden
"""
_OTHER_WORDS = """
phone phones phon phons vowel vowels consonant consonants phoneme phonemes phn segment segments seg syllable syllables syll ipa mau phonetic phonetics pitch
tone tones tobi intonation f0 maxf0 minf0 break breaks bi gloss glosses pos lemma lemmas morph morphs morpheme
morphemes translation translations übersetzung traduction traducción ft gesture gestures geste gesten gaze
comment comments kommentar kommentare note notes marker markers code codes coding topic topics section sections
noise noises misc miscellaneous ref silence silences vad activity emotion music formant formants intensity
"""
LEVELS = {
    **dict.fromkeys(_SPEECH_WORDS.split(), "speech"),
    **dict.fromkeys(_WORD_WORDS.split(), "words"),
    **dict.fromkeys(_OTHER_WORDS.split(), "other"),
}
"""Word in the name of a tier to the level of description it tells."""

_SILENT_WORDS = """
sil sp spn silent silence <sil> <eps> <p:> <p> <s> </s> <pause> {sl} # ## sounding
"""
SILENCES = frozenset(_SILENT_WORDS.split())
"""Labels that only say whether anybody speaks, as Praat and aligners write them; compared in small letters."""

_PART = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])")


MAX_TIERS = 1_000
"""More than any recording has people and levels."""


def check_tiers(path: object, number: int) -> None:
    """Refuse a file that has more tiers than any recording.

    Raises
    ------
    ReadError
        If there are more than `MAX_TIERS`.
    """
    if number > MAX_TIERS:
        raise ReadError(
            path, f"it has {number:,} tiers, more than any recording. Copy it again, or save it anew."
        )


@dataclass(slots=True)
class Tier:
    """One tier.

    Parameters
    ----------
    name
        As the file has it.
    said
        What stands in it, in order of time; the speakers are not yet known.
    speaker
        Who speaks, where the file says so apart from the name.
    level
        "speech", "words" or "other" where the file says so; "" where the name must tell.
    points
        Whether it consists of moments and not of stretches.
    """

    name: str
    said: list[Utterance] = field(default_factory=list)
    speaker: str = ""
    level: str = ""
    points: bool = False


def speaker_and_level(name: str) -> tuple[str | None, str]:
    """Return whose tier it is by its name, and of which level ("" where nothing is said).

    Examples
    --------
    >>> speaker_and_level("Ana - words"), speaker_and_level("W-Spch"), speaker_and_level("orth@Ana")
    (('Ana', 'words'), ('W', 'speech'), ('Ana', 'speech'))
    >>> speaker_and_level("Ana Lima"), speaker_and_level("phones"), speaker_and_level("Gesture phases")
    (('Ana Lima', ''), (None, 'other'), ('phases', 'other'))
    """
    before, at, after = name.partition("@")
    if at and before.strip() and after.strip():  # the convention of the documentation of languages
        return one_line_label(after), LEVELS.get(before.strip().casefold(), "other")
    spaced = _CAMEL.sub(" ", name)
    parts = [part.group() for part in _PART.finditer(spaced)]
    found = [LEVELS[part.casefold()] for part in parts if part.casefold() in LEVELS]
    if not found:
        label = one_line_label(name)
        return (None if label is None or never_speaks(label) else label), ""
    level = next((each for each in ("other", "words", "speech") if each in found), "")
    rest = spaced if len(found) < len(parts) and spaced == name else name
    for part in parts:
        if part.casefold() in LEVELS:
            rest = re.sub(rf"(?<![^\W_]){re.escape(part)}(?![^\W_])", " ", rest, count=1)
    rest = re.sub(r"\(\s*\)|\[\s*\]", " ", rest)
    label = one_line_label(rest.strip(" \t-–—_:;,./|+"))
    if not label or not any(character.isalnum() for character in label) or label.isdecimal():
        return None, level
    return label, level


def speech_of(
    path: object, tiers: Sequence[Tier], certain: Iterable[str]
) -> tuple[list[Utterance], list[Note]]:
    """Return everything said in the tiers that hold speech, in the order of its beginning.

    Raises
    ------
    ReadError
        If no tier holds words, or none is known to hold speech.
    """
    named = {label_key(label) for label in certain}
    filled = [tier for tier in tiers if any(said.words.strip() for said in tier.said)]
    if not filled:
        raise ReadError(path, "its tiers hold no words. Give the file with the transcript.")
    taken: list[tuple[Tier, str | None, str]] = []
    rest: list[tuple[Tier, str | None, str]] = []
    for tier in filled:
        speaker, level = speaker_and_level(tier.name)
        speaker = one_line_label(tier.speaker) or speaker
        level = tier.level or level
        sure = label_key(tier.name) in named
        if sure:
            taken.append((tier, one_line_label(tier.speaker) or one_line_label(tier.name), level))
        elif level in ("", "speech") and not tier.points:
            taken.append((tier, speaker, level))
        else:
            rest.append((tier, speaker, level))
    heard = {speaker for _, speaker, _ in taken}
    if not heard or None not in heard:
        for each in list(rest):
            tier, speaker, level = each
            if level == "words" and not tier.points and speaker not in heard and (speaker or not taken):
                taken.append(each)
                rest.remove(each)
    if not taken:
        names = _names(tier.name for tier, _, _ in rest)
        raise ReadError(
            path,
            f"none of its tiers is known to hold what was said; it has: {names}. Name the tier and its "
            "speaker: speakers={'name of the tier': 'label'}.",
        )
    chains: list[list[Utterance]] = []
    for tier, speaker, level in taken:
        for said in tier.said:
            said.speaker = speaker
        chains.extend(chains_of(tier.said) if level == "words" else [[said] for said in _carried(tier.said)])
    notes = []
    if rest:
        notes.append(
            Note("dropped", f"{counted(len(rest), 'tier')} that {'is' if len(rest) == 1 else 'are'} not speech: "
                 f"{_names(tier.name for tier, _, _ in rest)}. Pass speakers= to have one read.")
        )  # fmt: skip
    doubled = len(taken) - len({tier.name for tier, _, _ in taken})
    if doubled:
        notes.append(Note("kept", f"{counted(doubled, 'tier')} with the name of another, as one speaker."))
    return [said for chain in in_order(chains) for said in chain], notes


def _carried(said: Sequence[Utterance]) -> list[Utterance]:
    return [each for each in said if each.words.strip()]


def chains_of(words: Sequence[Utterance]) -> list[list[Utterance]]:
    """Return words that touch in time as chains: within one each word goes on with the one above.

    Examples
    --------
    >>> said = [Utterance("Ana", "so", 0, 1), Utterance("Ana", "yes", 1, 2), Utterance("Ana", "oh", 5, 6)]
    >>> [[each.words for each in chain] for chain in chains_of(said)]
    [['so', 'yes'], ['oh']]
    """
    chains: list[list[Utterance]] = []
    for said in _carried(words):
        last = chains[-1][-1] if chains else None
        if last is None or last.ends is None or said.begins is None or abs(said.begins - last.ends) > 0.001:
            chains.append([said])
        else:
            said.joint = " "
            chains[-1].append(said)
    return chains


def in_order(chains: Sequence[list[Utterance]]) -> list[list[Utterance]]:
    """Return chains in the order of their beginning; one without a time stays behind the one above it.

    Examples
    --------
    >>> said = [[Utterance("Ana", "b", 2)], [Utterance("Ana", "c")], [Utterance("Ben", "a", 1)]]
    >>> [chain[0].words for chain in in_order(said)]
    ['a', 'b', 'c']
    """
    keys = []
    time = 0.0
    for number, chain in enumerate(chains):
        begins = sane(chain[0].begins)
        time = begins if begins is not None else time
        keys.append((time, number))
    return [chains[number] for _, number in sorted(keys)]


def _names(names: Iterable[str]) -> str:
    listing = [" ".join(name.split())[:40] or "(no name)" for name in names]
    return ", ".join(listing[:8]) + (f" and {len(listing) - 8} more" if len(listing) > 8 else "")
