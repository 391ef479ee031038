"""JSON from strangers: parsed within bounds, looked into without trust, its addresses counted."""

from __future__ import annotations

import contextlib
import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qualcode.errors import ReadError
from qualcode.readers._encoding import narrow
from qualcode.readers._hidden import Piece, delivered
from qualcode.readers._reading import Hidden, Note, counted

MAX_VALUES = 5_000_000
"""No transcript holds more: three hours of talk with every word timed are about a tenth of that."""

_LONGEST = 10_000_000.0  # seconds; no recording lasts four months

_OPENING = re.compile(
    rb"\{\s*(?:\"[^\"\n]{0,200}\"\s*:|\})|\[\s*(?:\{\s*\"|\"[^\"\n]{0,200}\"\s*[,\]]|\])", re.IGNORECASE
)
_ADDRESS = re.compile(r"https?://\S{1,8000}|(?:s3|gs|file)://.{1,8000}", re.IGNORECASE)
_SIGNED = re.compile(
    r"[?&](?:[\w.-]{0,40}(?:signature|token|credential|secret|apikey|api_key|security)[\w.-]{0,40}|sig|key|policy|expires|se|sv)=",
    re.IGNORECASE,
)


def looks_like_json(head: bytes) -> bool:
    """Return whether a file begins as a JSON object or list does, in any encoding that JSON comes in.

    Examples
    --------
    >>> looks_like_json(b'{"text": "Yes."}'), looks_like_json(b"[0:05] Yes.")
    (True, False)
    """
    return _OPENING.match(narrow(head[:4000]).lstrip()) is not None


def parse_json(path: Path, text: str) -> Any:
    """Return what a JSON text holds; NaN and Infinity become None, a document a line becomes a list.

    Raises
    ------
    ReadError
        If it is broken, cut off, nested without end, or holds more values than any transcript.
    """
    if text.count("{") + text.count("[") + text.count(",") > MAX_VALUES:
        raise ReadError(
            path,
            f"it is JSON with more than {MAX_VALUES:,} values, which no transcript has; it was not opened.",
        )
    try:
        return _parse(text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            lines = [line for line in text.split("\n") if line.strip()]
            with contextlib.suppress(RecursionError, ValueError):
                return [_parse(line) for line in lines]
            reason = "it holds several JSON documents one after the other. Save each as a file of its own."
        else:
            reason = (
                f"it is JSON, but broken or cut off at line {error.lineno:,}. Download it again; if it is "
                "plain text, pass format='text'."
            )
    except (RecursionError, ValueError):
        reason = "it is JSON nested deeper, or with longer numbers, than any transcript; it was not opened."
    raise ReadError(path, reason)


def _parse(text: str) -> Any:
    return json.loads(text, parse_constant=lambda _: None, parse_int=_integer)


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= 20 else None


def dicts(value: object) -> list[dict[str, Any]]:
    """Return the objects in a list, [] where it is no list.

    Examples
    --------
    >>> dicts([{"text": "a"}, None, 3]), dicts(None)
    ([{'text': 'a'}], [])
    """
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def child(value: object, *keys: str) -> Any:
    """Return what stands under a path of keys, None where the path ends early.

    Examples
    --------
    >>> child({"retval": {"words": 3}}, "retval", "words"), child({"retval": None}, "retval", "words")
    (3, None)
    """
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def string(value: dict[str, Any], *keys: str) -> str:
    """Return the first of these keys that holds words, else "".

    Examples
    --------
    >>> string({"punctuated_word": "Yes.", "word": "yes"}, "punctuated_word", "word")
    'Yes.'
    """
    return next((found for key in keys if isinstance(found := value.get(key), str) and found.strip()), "")


def seconds(value: object, per_second: float = 1.0) -> float | None:
    """Return a time as seconds: a number, or a number as text; None where it is none or impossible.

    Examples
    --------
    >>> seconds("4.87"), seconds(1500, per_second=1000), seconds(float("inf")), seconds(-1), seconds(True)
    (4.87, 1.5, None, None, None)
    """
    if isinstance(value, str):
        value = float(value) if re.fullmatch(r"\d{1,12}(?:\.\d{1,12})?", value) else None
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return None
    number = value / per_second
    return round(number, 6) if math.isfinite(number) and 0 <= number <= _LONGEST else None


def times(begins: float | None, ends: float | None) -> tuple[float | None, float | None]:
    """Return begin and end with an end that lies before the begin left open.

    Examples
    --------
    >>> times(1.0, 2.0), times(2.0, 1.0), times(None, 1.0)
    ((1.0, 2.0), (2.0, None), (None, None))
    """
    return begins, ends if begins is not None and ends is not None and ends >= begins else None


def addresses(data: object) -> tuple[list[Note], tuple[Hidden, ...]]:
    """Return the addresses in a JSON document; a signed one opens the recording for whoever has it.

    Returns
    -------
    tuple
        Notes that count them, and the addresses, each with its key.

    Examples
    --------
    >>> notes, found = addresses({"audio_url": "https://x.org/a.mp3?Expires=1&Signature=abc"})
    >>> print(*notes)
    dropped: 1 signed address (who has it can open the recording).
    >>> found[0].kind, found[0].name
    ('signed address', 'audio_url')
    """
    pieces = [
        Piece("signed address" if _SIGNED.search(value) else "address", key, value)
        for key, value in _strings(data)
        if _ADDRESS.fullmatch(value)
    ]
    signed = sum(1 for piece in pieces if piece.kind == "signed address")
    plain = len(pieces) - signed
    notes = []
    if signed:
        noun = counted(signed, "signed address", "signed addresses")
        who = "it" if signed == 1 else "them"
        notes.append(Note("dropped", f"{noun} (who has {who} can open the recording).", "signed address"))
    if plain:
        noun = counted(plain, "address", "addresses")
        notes.append(Note("dropped", f"{noun} of files or services.", "address"))
    found, cut = delivered(pieces, "")
    return [*notes, *cut], found


def _strings(data: object) -> Iterator[tuple[str, str]]:
    """Yield every text of a document in its order, with the key under which it stands."""
    waiting: list[tuple[str, object]] = [("", data)]
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, str):
            yield key, value.strip()
        elif isinstance(value, dict):
            waiting.extend(reversed([(str(inner), each) for inner, each in value.items()]))
        elif isinstance(value, list):
            waiting.extend([(key, each) for each in reversed(value)])
