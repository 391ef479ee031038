"""Code, Facet and ExampleRef: single things of a codebook, as plain values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from qualcode.errors import InvalidValue

_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def clean_text(text: object) -> str:
    r"""Return a text as a codebook keeps it: "\n" line ends, no unseen control characters, no blanks around.

    What Word and PDF files smuggle into pasted text would break YAML and Excel files.

    Examples
    --------
    >>> clean_text(" one\r\ntwo\x0b ")
    'one\ntwo'
    """
    plain = _LINE_ENDS.sub("\n", str(text)).replace("\ufeff", "")
    return _LONE_SURROGATE.sub("\ufffd", _UNSEEN.sub(" ", plain)).strip()


def clean_name(text: object) -> str:
    r"""Return a name as a codebook keeps it: one line, single blanks.

    Examples
    --------
    >>> clean_name("Trust \n in data")
    'Trust in data'
    """
    return " ".join(clean_text(text).split())


def clean_extra(extra: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields that qualcode does not know as text, lists and mappings of text; empty ones left out.

    Examples
    --------
    >>> clean_extra({"origin": " NVivo ", "weight": 3, "unused": ""})
    {'origin': 'NVivo', 'weight': '3'}
    """
    cleaned = {clean_name(key): _clean_value(value) for key, value in extra.items()}
    return {key: value for key, value in cleaned.items() if key and value not in ("", [], {})}


def _clean_value(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {clean_name(key): _clean_value(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_clean_value(inner) for inner in value]
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return clean_text(value)


def _names(values: Iterable[object] | str) -> tuple[str, ...]:
    listed = [values] if isinstance(values, str) else values
    return tuple(dict.fromkeys(name for value in listed if (name := clean_name(value))))


@dataclass(frozen=True, order=True)
class ExampleRef:
    """A passage that shows what a code means: a place, never the words.

    Parameters
    ----------
    source
        The source's id.
    version
        Which text of the source, as in `Transcript.version`.
    start, end
        Code points, ``0 <= start < end``.

    Raises
    ------
    InvalidValue
        If the place is empty, or source or version is no id.

    Examples
    --------
    >>> str(ExampleRef("P7a", "57a2fc3a7b6b2fd7", 9, 14))
    'P7a@57a2fc3a7b6b2fd7:9-14'
    """

    source: str
    version: str
    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise InvalidValue(f"An example must be a place like 120-180, got {self.start}-{self.end}.")
        for what, id_ in (("source", self.source), ("version", self.version)):
            if not id_ or re.search(r'[\s;"@]', id_):
                raise InvalidValue(f"The {what} of an example must be an id without blanks, got {id_!r}.")

    def __str__(self) -> str:
        return f"{self.source}@{self.version}:{self.start}-{self.end}"

    @classmethod
    def parse(cls, text: str) -> ExampleRef | None:
        """Return the place that a text like ``P7a@57a2fc3a7b6b2fd7:9-14`` names, or None."""
        match = re.fullmatch(r'([^\s;"@]+)@([^\s;"@]+):([0-9]+)-([0-9]+)', text)
        if match is None or not int(match[3]) < int(match[4]):
            return None
        return cls(match[1], match[2], int(match[3]), int(match[4]))


@dataclass(frozen=True)
class Code:
    """One code of a codebook. Everything but the name may be empty.

    Texts are cleaned when a code is made (see `clean_text`), so that a codebook is the same in YAML,
    CSV and Excel.

    Parameters
    ----------
    id
        Never changes and is never used for another code; the name may change.
    name
        What people read; one line, any script.
    facet
        Id of the facet in whose tree it stands.
    parent
        Id of the code above it, or None at the top of the facet.
    aliases
        Further names that find it.
    definition, include, exclude
        What it means; what belongs to it; what does not.
    examples
        The author's own words, or places in transcripts (`ExampleRef`); a text like
        ``P7a@57a2fc3a7b6b2fd7:9-14`` means a place.
    note
        Where it comes from, open questions.
    colour, key, icon
        "#b03060", a key to press, the name of an icon.
    codable
        Whether passages can be given it; False for a mere heading.
    counts_as
        Ids of the codes that a passage with this code also counts as.
    merged_into, split_into, retired
        What became of it. A merged or split code is retired.
    in_vivo
        Whether the name is in a participant's own words.
    extra
        Fields that qualcode does not know, kept as they are.

    Examples
    --------
    >>> Code("trust", "Trust", "theme", counts_as=("communication",)).counts_as
    ('communication',)
    """

    id: str
    name: str
    facet: str
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    definition: str = ""
    include: str = ""
    exclude: str = ""
    examples: tuple[str | ExampleRef, ...] = ()
    note: str = ""
    colour: str = ""
    key: str = ""
    icon: str = ""
    codable: bool = True
    counts_as: tuple[str, ...] = ()
    merged_into: str | None = None
    split_into: tuple[str, ...] = ()
    retired: bool = False
    in_vivo: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        put = object.__setattr__
        for name in ("id", "name", "facet"):
            put(self, name, clean_name(getattr(self, name)))
        for name in ("definition", "include", "exclude", "note", "colour", "key", "icon"):
            put(self, name, clean_text(getattr(self, name)))
        for name in ("aliases", "counts_as", "split_into"):
            put(self, name, _names(getattr(self, name)))
        for name in ("parent", "merged_into"):
            put(self, name, clean_name(getattr(self, name) or "") or None)
        put(self, "examples", _examples(self.examples))
        put(self, "retired", bool(self.retired or self.merged_into or self.split_into))
        put(self, "extra", clean_extra(self.extra))


def _examples(values: Iterable[str | ExampleRef] | str | ExampleRef) -> tuple[str | ExampleRef, ...]:
    listed = [values] if isinstance(values, str | ExampleRef) else list(values)
    cleaned = [value if isinstance(value, ExampleRef) else clean_text(value) for value in listed]
    places = [ExampleRef.parse(value) or value if isinstance(value, str) else value for value in cleaned]
    return tuple(dict.fromkeys(value for value in places if value))


@dataclass(frozen=True)
class Facet:
    """An ordered tree of codes of one sort, for example "theme" or "collaboration point".

    Parameters
    ----------
    id
        Never changes.
    name
        What people read.
    exclusive
        Whether a passage takes only one code of it (by one coder).
    scale
        The steps in their order where its codes are a scale, for example ("low", "high").
    note
        What it is for.
    extra
        Fields that qualcode does not know, kept as they are.

    Examples
    --------
    >>> Facet("theme", "Theme").exclusive
    False
    """

    id: str
    name: str
    exclusive: bool = False
    scale: tuple[str, ...] = ()
    note: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "id", clean_name(self.id))
        put(self, "name", clean_name(self.name))
        put(self, "scale", _names(self.scale))
        put(self, "note", clean_text(self.note))
        put(self, "extra", clean_extra(self.extra))


CODE_FIELDS = tuple(f.name for f in fields(Code))
"""Names of the fields of a code, in the order in which files show them."""

FACET_FIELDS = tuple(f.name for f in fields(Facet))
"""Names of the fields of a facet."""
