"""Cases (participants, organizations, ...) and their typed attributes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from numbers import Real
from typing import Any

from qualcode.errors import InvalidValue

ATTRIBUTE_TYPES = ("text", "number", "boolean", "date", "ordered", "list")
"""What an attribute can be; "ordered" has levels, "list" holds several values."""

CASE_COLUMNS = ("case", "kind", "parent")
SPEAKER_COLUMNS = ("source", "speaker", "case", "role")

_TRUE = {"true", "yes", "1", "y", "wahr", "ja"}
_FALSE = {"false", "no", "0", "n", "falsch", "nein"}
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)
# Guessed more narrowly than read: 007 is a label, 1e5 an id, and NO the code of a country.
_PLAIN_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?", re.ASCII)
_PLAIN_BOOLEAN = re.compile(r"[Yy]es|[Nn]o|true|True|TRUE|false|False|FALSE")
_PLAIN_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Attribute:
    """The declaration of an attribute of cases.

    Parameters
    ----------
    name
        Its column.
    type
        "text", "number", "boolean", "date", "ordered" or "list".
    levels
        The values of an ordered attribute, lowest first.
    """

    name: str
    type: str = "text"
    levels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.type not in ATTRIBUTE_TYPES:
            raise InvalidValue(
                f"Unknown type {self.type!r} of the attribute '{self.name}'. Use {', '.join(ATTRIBUTE_TYPES)}."
            )
        if self.type == "ordered" and not self.levels:
            raise InvalidValue(f"The ordered attribute '{self.name}' needs its levels, lowest first.")
        if len(set(self.levels)) < len(self.levels) or any(
            level != level.strip() or not level for level in self.levels
        ):
            raise InvalidValue(
                f"The levels of the attribute '{self.name}' must differ, and none may be empty or have blanks around it."
            )
        if self.name in CASE_COLUMNS:
            raise InvalidValue(
                f"An attribute cannot be called '{self.name}'; that is a column of every case."
            )

    def read(self, text: str) -> Any:
        """Return the value that a text of the table stands for, or None where it is empty.

        Raises
        ------
        InvalidValue
            If the text is no value of this type.

        Examples
        --------
        >>> Attribute("years", "number").read("7")
        7.0
        >>> Attribute("tools", "list").read("NVivo; paper")
        ('NVivo', 'paper')
        """
        if text == "":
            return None
        if self.type == "number":
            if not _NUMBER.fullmatch(text):
                raise self._wrong(text, "a number such as 7 or 7.5")
            return float(text)
        if self.type == "boolean":
            if text.casefold() in _TRUE:
                return True
            if text.casefold() in _FALSE:
                return False
            raise self._wrong(text, "yes or no")
        if self.type == "date":
            try:
                return date.fromisoformat(text)
            except ValueError:
                raise self._wrong(text, "a date such as 2026-03-01") from None
        if self.type == "list":
            return tuple(part.strip() for part in text.split(";") if part.strip())
        if self.type == "ordered" and text not in self.levels:
            raise self._wrong(text, "one of " + ", ".join(self.levels))
        return text

    def fits(self, text: str) -> bool:
        """Whether a text of the table is a value of this type.

        Examples
        --------
        >>> Attribute("years", "number").fits("seven")
        False
        """
        try:
            self.read(text)
        except InvalidValue:
            return False
        return True

    def write(self, value: Any) -> str:
        """Return a value as the table keeps it; reading it back gives the value.

        A text is kept in one line: line ends inside it become blanks.

        Raises
        ------
        InvalidValue
            If the value is none of this type.

        Examples
        --------
        >>> Attribute("remote", "boolean").write(True)
        'yes'
        """
        if is_missing(value):
            return ""
        if not isinstance(value, str):
            value = self._as_text(value)
        text = re.sub(r"\s*[\r\n]+\s*", " ", value).strip()
        self.read(text)
        return text

    def _as_text(self, value: Any) -> str:
        if self.type == "boolean" and value in (True, False):
            return "yes" if value else "no"
        if self.type == "list" and isinstance(value, list | tuple | set | frozenset):
            parts = [str(part) for part in (sorted(value) if isinstance(value, set | frozenset) else value)]
            for part in parts:
                if ";" in part:
                    raise self._wrong(part, "list entries without semicolons, which separate them")
            return "; ".join(parts)
        if self.type == "number" and isinstance(value, Real):
            number = float(value)
            return f"{number:g}" if number == float(f"{number:g}") else repr(number)
        return str(value)

    def _wrong(self, text: str, expected: str) -> InvalidValue:
        return InvalidValue(
            f"'{text}' is no value of the attribute '{self.name}' ({self.type}). Expected {expected}."
        )


def guess_attribute(name: str, values: Sequence[str]) -> Attribute:
    """Return the narrowest of number, boolean, date and text that all values fit beyond doubt.

    What might be a label stays text: 007, 1e5, NO.

    Examples
    --------
    >>> guess_attribute("years", ["3", "", "7.5"]).type
    'number'
    """
    filled = [value for value in values if value != ""]
    plain = (("number", _PLAIN_NUMBER), ("boolean", _PLAIN_BOOLEAN), ("date", _PLAIN_DATE))
    for kind, pattern in plain:
        if not filled or not all(pattern.fullmatch(value) for value in filled):
            continue
        attribute = Attribute(name, kind)
        try:
            for value in filled:
                attribute.read(value)
        except InvalidValue:  # 2026-13-01 looks like a date
            continue
        return attribute
    return Attribute(name)


def is_missing(value: Any) -> bool:
    """Return whether a value stands for "not known": None, NaN, NaT, or the NA of pandas."""
    if value is None:
        return True
    try:
        return bool(value != value)  # NaN is the one value unequal to itself
    except (TypeError, ValueError):  # NA says neither yes nor no; an array is a value
        return type(value).__name__ == "NAType"


@dataclass(frozen=True, slots=True)
class Case:
    """A unit of the study: a participant, an organization.

    Parameters
    ----------
    id
        For example "P7a".
    kind
        "participant", "organization", or what the study has.
    parent
        Id of the case it belongs to ("" for none): a participant's organization.
    attributes
        Attribute to text, as in data/cases.csv.
    """

    id: str
    kind: str = "participant"
    parent: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.id.strip():
            raise InvalidValue("A case needs an id, for example P7a.")
        if self.parent == self.id:
            raise InvalidValue(f"The case '{self.id}' cannot be its own parent.")
