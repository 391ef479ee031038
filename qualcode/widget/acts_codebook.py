"""Intents about the codebook: make, change, rename, move, merge, split, retire codes, and begin a facet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from qualcode.codebook import Codebook
from qualcode.codebook_values import ExampleRef, clean_name
from qualcode.coding_page.data import Plain
from qualcode.errors import InvalidValue
from qualcode.widget.acts_coding import check_own, check_quote, own_codings, put_codes
from qualcode.widget.done import Done
from qualcode.widget.kinds import KINDS
from qualcode.widget.script import call, code_name, together

if TYPE_CHECKING:
    from qualcode.widget.session import Session

LONGEST_IN_VIVO = 120
"""Most characters of a name in a participant's own words; longer ones are passages, not names."""


def new_code(
    session: Session,
    name: str,
    facet: str | None = None,
    parent: str | None = None,
    after: str | None = None,
    in_vivo: bool = False,
    fields: Plain | None = None,
) -> Done:
    """Make a code."""
    made, line = make_code(session, name, facet, parent, after, in_vivo, fields)
    return Done({"code": made}, line)


def code_new(
    session: Session,
    name: str,
    source: str,
    version: str,
    start: int,
    end: int,
    quote: str,
    facet: str | None = None,
    parent: str | None = None,
    after: str | None = None,
    in_vivo: bool = False,
    fields: Plain | None = None,
    also: list[str] | None = None,
    stance: str = "supports",
    memo: str | None = None,
) -> Done:
    """Make a code and put it, and others with it, on a passage, in one step."""
    check_quote(session, source, version, start, end, quote)
    before = own_codings(session, source)
    with session.project.batch():
        made, line = make_code(session, name, facet, parent, after, in_vivo, fields)
        ids, lines = put_codes(session, source, (start, end), [made, *(also or [])], stance, memo or "")
    new = tuple((source, id_) for id_ in ids if id_ not in before)
    return Done({"code": made, "codings": ids}, together([line, *lines]), new)


def make_code(
    session: Session,
    name: str,
    facet: str | None,
    parent: str | None,
    after: str | None,
    in_vivo: bool,
    fields: Plain | None,
) -> tuple[str, str]:
    """Make a code; return its id and the line of script, in which the id stands so that later lines find it."""
    project, words = session.project, clean_name(name)
    if in_vivo and len(words) > LONGEST_IN_VIVO:
        raise InvalidValue(
            f"The passage has {len(words)} characters; a code in a participant's own words has at most {LONGEST_IN_VIVO}. "
            "Select fewer words, or give the code a name."
        )
    book = project._study.codebook
    options: dict[str, Any] = {"facet": facet} if facet is not None else {}
    options |= {"in_vivo": True} if in_vivo else {}
    shown: dict[str, Any] = {} if after is None else {"after": after and book.code(after).id}
    given = _fields(session, fields)
    above = () if parent is None else (code_name(book, parent),)
    made = project.new_code(words, parent, **options, **shown, **given)
    return made, call("new_code", words, *above, **options, **shown, **_written(given), id=made)


def change_code(session: Session, code: str, fields: Plain) -> Done:
    """Change what describes a code."""
    name, given = _name(session, code), _fields(session, fields)
    if not given:
        raise InvalidValue("change_code: nothing was given to change.")
    session.project.change_code(code, **given)
    return Done(script=call("change_code", name, **_written(given)))


def rename_code(session: Session, code: str, name: str) -> Done:
    """Give a code another name."""
    before = _name(session, code)
    session.project.rename_code(code, name)
    return Done(script=call("rename_code", before, name))


def move_code(
    session: Session, code: str, parent: str | None = None, facet: str | None = None, after: str | None = None
) -> Done:
    """Put a code somewhere else in the tree."""
    values = [_name(session, code), *([] if parent is None else [_name(session, parent)])]
    options: dict[str, Any] = {} if facet is None else {"facet": facet}
    shown = {} if after is None else {"after": after and _name(session, after)}
    session.project.move_code(code, parent, after=after, **options)
    return Done(script=call("move_code", *values, **options, **shown))


def merge_codes(session: Session, codes: list[str], into: str) -> Done:
    """Join codes into one."""
    names, target = [_name(session, code) for code in codes], _name(session, into)
    session.project.merge_codes(codes, into)
    given = names[0] if len(names) == 1 else names
    return Done(script=call("merge_codes", given, into=target))


def split_code(session: Session, code: str, deal: dict[str, list[str]]) -> Done:
    """Deal the coder's codings of a code onto new codes."""
    name, twins = _name(session, code), _twins(session, deal)
    with session.project.batch():
        if twins:
            session.project.uncode(twins)
        made = session.project.split_code(code, deal)
    return Done({"codes": made}, together([*_without(twins), call("split_code", name, deal)]))


def deal(session: Session, code: str, deal: dict[str, list[str]]) -> Done:
    """Deal the coder's codings of a code that somebody split onto its parts, all or some of them, in one step."""
    project, book = session.project, session.project._study.codebook
    old, twins = book.code(code), _twins(session, deal)
    dealt = {part: codings for part, codings in deal.items() if codings}
    if not dealt:
        raise InvalidValue("No coding was dealt, so nothing was changed.")
    waiting = set(project.to_be_dealt())
    for coding in (coding for codings in dealt.values() for coding in codings):
        if coding not in waiting or book.resolve(project._row(coding)[2]["code"]) != old.id:
            raise InvalidValue(f"{coding} is no coding of '{old.name}' that waits to be dealt.")
    lines = [call("recode", codings, _name(session, part)) for part, codings in dealt.items()]
    with project.batch():
        if twins:
            project.uncode(twins)
        for part, codings in dealt.items():
            project.recode(codings, part)
    return Done(script=together([*_without(twins), *lines]))


def _twins(session: Session, deal: Mapping[str, list[str]]) -> list[str]:
    """Return codings that became equal to a dealt one when codes were merged: a page shows them as one, so one stays."""
    study, found = session.project._study, dict[str, None]()
    for coding in (coding for codings in deal.values() for coding in codings):
        source = check_own(session, coding)
        rows = study.codings[session.project._row(coding)[0], source].rows
        place = _place(study.codebook, rows[coding])
        found |= {id_: None for id_, row in rows.items() if _place(study.codebook, row) == place}
    given = {coding for codings in deal.values() for coding in codings}
    return [id_ for id_ in found if id_ not in given]


def _place(book: Codebook, row: Mapping[str, str]) -> tuple[str, ...]:
    return row["start"], row["end"], row["version"], book.resolve(row["code"])


def _without(twins: list[str]) -> list[str]:
    return [call("uncode", twins)] if twins else []


def retire_code(session: Session, code: str) -> Done:
    """Take a code out of use."""
    name = _name(session, code)
    session.project.retire_code(code)
    return Done(script=call("retire_code", name))


def new_facet(session: Session, name: str, exclusive: bool = False, note: str = "") -> Done:
    """Begin another tree of codes."""
    options: dict[str, Any] = ({"exclusive": True} if exclusive else {}) | ({"note": note} if note else {})
    made = session.project.new_facet(name, **options)
    return Done({"facet": made}, call("new_facet", name, **options))


# -- helpers ---------------------------------------------------------------------------------------


def _name(session: Session, code: str) -> str:
    return code_name(session.project._study.codebook, code)


_PLAIN: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("definition", "include", "exclude", "note", "key", "colour", "icon"), KINDS["str"][1]),
    **dict.fromkeys(("aliases", "counts_as"), KINDS["list[str]"][1]),
    "codable": KINDS["bool"][1],
}
"""Field of a code that is given as it is, and whether a value is of its kind."""


def _fields(session: Session, fields: Plain | None) -> dict[str, Any]:
    """Return the fields of a code as the verbs take them.

    Raises
    ------
    InvalidValue
        If there is no such field, or its value is of a wrong kind.
    """
    found: dict[str, Any] = {}
    for name, value in (fields or {}).items():
        if name in _PLAIN and _PLAIN[name](value):
            found[name] = value
        elif name == "examples" and isinstance(value, list):
            found[name] = [_example(session, each) for each in value]
        elif name in _PLAIN or name == "examples":
            raise InvalidValue(
                f"fields: {name} is of a wrong kind ({type(value).__name__}). Reload the page."
            )
        else:
            raise InvalidValue(f"fields: a code has no field {name!r:.40}. Reload the page.")
    return found


def _example(session: Session, example: Any) -> str | ExampleRef:
    """Return an example: one's own words, a place on this page, or one that was there before (its `ref`)."""
    if isinstance(example, str):
        return example
    if isinstance(example, Mapping):
        ref, source = example.get("ref"), example.get("source")
        if isinstance(ref, str) and (found := ExampleRef.parse(ref)):
            return found
        if source is None and isinstance(example.get("text"), str):
            return str(example["text"])
        start, end = example.get("start"), example.get("end")
        if isinstance(source, str) and type(start) is int and type(end) is int:
            session.project._source(source)
            return ExampleRef(source, session.project._version_here(source), start, end)
    raise InvalidValue("fields: an example must be words of one's own, or a place (source, start, end).")


def _written(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields for a script: a place stands there as the text that means it, never as words."""
    return {
        name: [str(each) for each in value] if name == "examples" else value for name, value in fields.items()
    }
