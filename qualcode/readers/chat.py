"""CHAT of TalkBank and CLAN (.cha): the main lines, word for word; headers and dependent tiers are left out.

Codes of CHAT ("&-uh", "[//]", "+...") are part of the words and stay as they came. Only what is not visible
in CLAN goes: the bullets that hold times and files, and the signs around underlined words.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from qualcode.errors import ReadError
from qualcode.readers._encoding import decode, peek
from qualcode.readers._files import read_bytes
from qualcode.readers._reading import MAX_LINES, Note, Reading, ReadOptions, TooLong, check_length, counted
from qualcode.readers._speech import Utterance, utterances_to_reading

_BEGIN = re.compile(r"(?:@(?:UTF8|Window|Font|PID|Color words)\b[^\n]*\n\s*)*@Begin\b|@UTF8\b")
_MAIN = re.compile(r"\*([^\s:*][^\s:]{0,30}):[ \t]*(.*)", re.DOTALL)
_HEADER = re.compile(r"@([^:\t\n]{1,40})(?::[ \t]*(.*))?", re.DOTALL)
_BULLET = re.compile(
    r"\x15([^\x15\n]{0,300})\x15|\x15(?P<open>\d{1,12}_\d{1,12}-?)|•(?P<shown>\d{1,12}_\d{1,12})•"
)
_TIMES = re.compile(r"(\d{1,12})_(\d{1,12})-?\s*$")
_SIGNS = re.compile(r"[\x01\x02][\x01-\x04]?|[\x03-\x08\x15]")

ROLES = {
    "interviewer": "Interviewer Investigator Moderator Examiner",
    "participant": "Participant Subject Informant Respondent Interviewee Patient Client Target_Child Target_Adult",
    "other": "Environment Media Observer Camera_Operator Narrator Text Non_Human OffScript Uncertain Unidentified",
}
"""The roles of TalkBank that say by themselves whether somebody asks or answers; the others stay open."""
_ROLE = {word.casefold(): role for role, words in ROLES.items() for word in words.split()}

_CODES = {
    "retracing": re.compile(r"\[/{1,3}\??\]|\[/-\]"),
    "filler": re.compile(r"&[-+~]\S"),
    "event": re.compile(r"&=\S"),
    "special ending": re.compile(r"(?:^|\s)\+(?:\.\.[.?]|/{1,2}[.?]|\"/?\.|!\?|\.)"),
    "overlap": re.compile(r"\[[<>]\d?\]|(?:^|\s)\+<"),
    "pause": re.compile(r"\((?:\.{1,3}|\d{1,3}(?:[.:]\d{0,3}){0,2})\)"),
    "unclear stretch": re.compile(r"(?:^|\s)(?:xxx|yyy|www)\b"),
}


def sniff(head: bytes, name: str) -> float:
    """Return 1 where the file begins as CHAT does, 0.9 where main lines stand under participants, else 0."""
    text = (peek(head) or head.decode("utf-8", errors="replace")).removeprefix("\ufeff").lstrip()
    if _BEGIN.match(text):
        return 1.0
    return (
        0.9 if re.search(r"^@Participants:", text, re.M) and re.search(r"^\*\S{1,30}:", text, re.M) else 0.0
    )


def read(path: Path, *, options: ReadOptions) -> Reading:
    """Read a CHAT file.

    Raises
    ------
    ReadError
        If the file cannot be opened, is not text, or has no main line with words.
    """
    text, notes = decode(path, read_bytes(path), options.encoding)
    check_length(text, 4 * MAX_LINES)
    if text.count("\x15") > 8 * MAX_LINES:  # two for a time
        raise TooLong
    lines = _whole_lines(text)
    said: list[Utterance] = []
    left: Counter[str] = Counter()
    tiers: Counter[str] = Counter()
    odd = files = signs = 0
    headers: dict[str, str] = {}
    codes: Counter[str] = Counter()
    for line in lines:
        if line.startswith("@"):
            match = _HEADER.match(line)
            name, value = (match.group(1).strip(), match.group(2) or "") if match else ("?", "")
            headers.setdefault(name, value)
            left[name] += 1
        elif line.startswith("%"):
            tiers["%" + re.split(r"[:\s]", line[1:31], maxsplit=1)[0]] += 1
        elif match := _MAIN.match(line):
            for noun, pattern in _CODES.items():
                codes[noun] += len(pattern.findall(match.group(2)))
            pieces, here, gone = _pieces(match.group(1), match.group(2))
            said.extend(pieces)
            files += here
            signs += gone
        elif line.strip():
            odd += 1
    if not any(each.words.strip() for each in said):
        raise ReadError(
            path, "it has no line that begins with a speaker (*PAR:) and holds words. Give the transcript."
        )
    roles = _roles(headers.get("Participants", ""))
    found = [*notes, *_notes(headers, left, tiers, codes, odd, files, signs)]
    unknown = {each.speaker for each in said} - set(_codes_of(headers.get("Participants", "")))
    if unknown and headers.get("Participants"):
        found.append(Note("kept", f"{counted(len(unknown), 'speaker')} that @Participants does not name."))
    language = re.match(r"\s*([a-z]{2,3})\b", headers.get("Languages", ""))
    return utterances_to_reading(
        said, found, noun="stretch", format="chat", language=language.group(1) if language else "", roles=roles
    )  # fmt: skip


def _whole_lines(text: str) -> list[str]:
    """Return the lines with their continuations: a line that begins with a blank goes on with the one above."""
    lines: list[list[str]] = []
    for line in text.split("\n"):
        if line[:1] in ("\t", " ") and lines:
            lines[-1].append(line.strip())
        elif line:
            lines.append([line])
    return [" ".join(parts) for parts in lines]


def _pieces(speaker: str, words: str) -> tuple[list[Utterance], int, int]:
    """Return a main line cut at its bullets, each stretch with the times of the bullet behind it."""
    pieces: list[Utterance] = []
    at = files = signs = 0
    for match in [*_BULLET.finditer(words), None]:
        stretch, gone = _SIGNS.subn("", words[at : match.start() if match else len(words)])
        signs += gone
        begins = ends = None
        if match is not None:
            at = match.end()
            times = _TIMES.search(match.group(1) or match.group("open") or match.group("shown") or "")
            if times:
                begins, ends = (round(int(group) / 1000, 3) for group in times.groups())
            else:
                files += 1
        if stretch.strip():
            joint = " " if pieces else None
            pieces.append(Utterance(speaker, stretch, begins, ends, joint))
        elif begins is not None and pieces and pieces[-1].begins is None:
            pieces[-1].begins, pieces[-1].ends = begins, ends
    return pieces, files, signs


def _codes_of(participants: str) -> list[str]:
    return [words[0] for part in participants.split(",") if (words := part.split())]


def _roles(participants: str) -> dict[str, str]:
    """Return code to role: "CHI Ross Target_Child, INV Investigator"."""
    found = {}
    for part in participants.split(","):
        words = part.split()
        if len(words) > 1 and words[-1].casefold() in _ROLE:
            found[words[0]] = _ROLE[words[-1].casefold()]
    return found


def _notes(
    headers: dict[str, str],
    left: Counter[str],
    tiers: Counter[str],
    codes: Counter[str],
    odd: int,
    files: int,
    signs: int,
) -> list[Note]:
    notes = []
    kept = {noun: count for noun, count in codes.items() if count}
    if kept:
        listing = ", ".join(counted(count, noun) for noun, count in kept.items())
        notes.append(Note("kept", f"The codes of CHAT as they stand in the words: {listing}."))
    if tiers:
        listing = ", ".join(f"{name} ({count})" for name, count in tiers.most_common(8))
        notes.append(Note("dropped", f"{counted(tiers.total(), 'dependent line')}: {listing}."))
    plain = {"UTF8", "Begin", "End", "Participants", "Languages"}
    gone = {name: count for name, count in left.items() if name not in plain}
    if gone:
        listing = ", ".join(
            f"@{name}" + (f" ({count})" if count > 1 else "") for name, count in list(gone.items())[:10]
        )
        notes.append(Note("dropped", f"{counted(sum(gone.values()), 'header line')}: {listing}."))
    if files:
        notes.append(
            Note(
                "dropped", f"{counted(files, 'bullet')} that {'points' if files == 1 else 'point'} to a file."
            )
        )
    if signs:
        notes.append(Note("dropped", f"{counted(signs, 'sign')} around underlined words."))
    if odd:
        notes.append(
            Note("dropped", f"{counted(odd, 'line')} that {'is' if odd == 1 else 'are'} no part of CHAT.")
        )
    if "End" not in headers:
        notes.append(Note("guessed", "The file has no @End; it may be cut off."))
    return notes
