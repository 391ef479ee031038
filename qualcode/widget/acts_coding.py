"""Intents about codings: code, change, take off, undo. Each calls the verbs that a script calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qualcode.coding_page import data
from qualcode.coding_page.blocks import shown_words
from qualcode.errors import InvalidValue, NotFound, Refused
from qualcode.log import FOR_GOOD, MERGE, Event, verbs_of
from qualcode.widget.done import Done
from qualcode.widget.finding import blocks_of
from qualcode.widget.script import Name, call, code_name, together, written

if TYPE_CHECKING:
    from qualcode.widget.session import Session


def code(
    session: Session,
    source: str,
    version: str,
    start: int,
    end: int,
    quote: str,
    codes: list[str],
    stance: str = "supports",
    memo: str | None = None,
) -> Done:
    """Put one or several codes on a passage, in one step."""
    check_quote(session, source, version, start, end, quote)
    if not codes:
        raise InvalidValue("No code was chosen, so nothing was coded. Choose one.")
    before = own_codings(session, source)
    ids, lines = put_codes(session, source, (start, end), codes, stance, memo or "")
    made = tuple((source, id_) for id_ in ids if id_ not in before)
    return Done({"codings": ids}, together(lines), made)


def put_codes(
    session: Session, source: str, where: tuple[int, int], codes: list[str], stance: str, memo: str
) -> tuple[list[str], list[str]]:
    """Put codes on a passage whose words were checked; return the ids of the codings, and the lines of script."""
    project = session.project
    several = list(dict.fromkeys(codes))
    options: dict[str, Any] = {"stance": stance} if stance != "supports" else {}
    with_memo: dict[str, Any] = {"memo": memo} if memo and len(several) == 1 else {}
    names = [code_name(project._study.codebook, each) for each in several]
    lines = [call("code", source, where, name, **options, **with_memo) for name in names]
    with project.batch():
        ids = [project.code(source, where, each, **options, **with_memo) for each in several]
        if memo and len(several) > 1:  # one memo on all of them
            project.memo(memo, *(f"coding:{id_}" for id_ in ids), kind="coding")
            lines = [
                f"made = [{call('code', source, where, Name('code'), **options)} for code in {written(names)}]",
                call("memo", memo, Name('*(f"coding:{id}" for id in made)'), kind="coding"),
            ]
    return ids, lines


def uncode(session: Session, codings: list[str]) -> Done:
    """Take codings off, in one step."""
    given = _chosen(session, codings)
    session.project.uncode(given)
    return Done(script=call("uncode", given))


def recode(session: Session, codings: list[str], code: str) -> Done:
    """Give codings another code, in one step."""
    given = _chosen(session, codings)
    script = call("recode", given, code_name(session.project._study.codebook, code))
    session.project.recode(given, code)
    return Done(script=script)


def resize(
    session: Session, coding: str, start: int, end: int, quote: str, version: str | None = None
) -> Done:
    """Give a coding other borders."""
    source = check_own(session, coding)
    check_quote(session, source, version, start, end, quote)
    session.project.resize(coding, (start, end))
    return Done(script=call("resize", coding, (start, end)))


def stance(session: Session, codings: list[str], stance: str) -> Done:
    """Say whether passages support what the code says, in one step."""
    given = _chosen(session, codings)
    session.project.set_stance(given, stance)
    return Done(script=call("set_stance", given, stance))


def _chosen(session: Session, codings: list[str]) -> str | list[str]:
    """Return codings of one's own as the verbs take them: one id, or a list in which each stands once."""
    if not codings:
        raise InvalidValue("No coding was chosen, so nothing was changed.")
    chosen = list(dict.fromkeys(codings))
    for coding in chosen:
        check_own(session, coding)
    return chosen[0] if len(chosen) == 1 else chosen


STEPS_OF_PAGE = frozenset(
    {
        *("code", "code many", "uncode", "recode", "resize", "set stance", "correct", "finish", "relocate"),
        *(
            "memo",
            "change memo",
            "remove memo",
            "new code",
            "new facet",
            "change code",
            "rename code",
            "move code",
        ),
        *("merge codes", "split code", "retire code"),
    }
)
"""Verbs of steps that a coding page makes. One Ctrl+Z too many must not take back the import of the interview."""


def undo(session: Session, steps: int = 1, past_merge: bool = False) -> Done:
    """Take back the coder's own newest steps."""
    options: dict[str, Any] = {"past_merge": True} if past_merge else {}
    done = session.project._writer.steps(session.coder)[0]
    _refuse_foreign([step for step in done if not past_merge or step[0].verb != MERGE], steps, "undo")
    taken = session.project.undo(steps, **options)
    values = (steps,) if steps != 1 else ()
    return Done({"verbs": list(taken["verb"])}, call("undo", *values, **options))


def redo(session: Session, steps: int = 1) -> Done:
    """Do again what was undone."""
    _refuse_foreign(session.project._writer.steps(session.coder)[1], steps, "redo")
    done = session.project.redo(steps)
    return Done({"verbs": list(done["verb"])}, call("redo", *((steps,) if steps != 1 else ())))


def _refuse_foreign(steps: list[list[Event]], count: int, verb: str) -> None:
    """Refuse to take back, or to do again, what no coding page does.

    Raises
    ------
    Refused
        If one of the newest steps is such a one; merges and what is for good say for themselves why not.
    """
    for step in reversed(steps[-count:] if count > 0 else []):
        foreign = [one for one in verbs_of(step) if one not in STEPS_OF_PAGE]
        if foreign and step[0].verb not in (MERGE, *FOR_GOOD):
            which, what = ("last", "taken back") if verb == "undo" else ("next", "done again")
            line = "; at the command line, qualcode undo" if verb == "undo" else ""
            raise Refused(
                f"The {which} step is '{foreign[0]}', which is no step of a coding page, so it is not {what} here. In Python, "
                f"project.{verb}() does it{line}."
            )


def finish(session: Session, source: str, finished: bool = True, part: str = "", round: str = "") -> Done:
    """Say that the coder has coded all of a source (or of a part, in a round), or not yet."""
    options: dict[str, Any] = {"part": part} if part else {}
    options |= ({"round": round} if round else {}) | ({} if finished else {"finished": False})
    session.project.finish(source, **options)
    return Done(script=call("finish", source, **options))


def correct(session: Session, source: str, version: str, start: int, end: int, quote: str, text: str) -> Done:
    """Correct words of the transcript; codings follow, and the changes hold the new text."""
    check_quote(session, source, version, start, end, quote)
    report = session.project.correct(source, (start, end), text)
    said = str(report) if not session.blind else f"{source}: a new text of {report.turns} turns"
    return Done({"report": said, "version": report.after}, call("correct", source, (start, end), text))


# -- checks ----------------------------------------------------------------------------------------


def check_quote(session: Session, source: str, version: str | None, start: int, end: int, quote: str) -> None:
    """Refuse a place whose words are not those that the page showed.

    Raises
    ------
    Refused
        If the text changed under the page; the reply then holds the text that is here.
    """
    text = data.text_of(session.project, source)
    if version in (None, text.version) and 0 <= start < end <= len(text.text):
        if text.text[start:end] == quote:
            return
        _, parts = blocks_of(session, source)
        if (
            quote and shown_words(parts, start, end) == quote
        ):  # over several turns, without the labels between
            return
    session.snapshot.send_text_again(source)
    raise Refused(
        f"The text of {source} changed while this page was open, so nothing was done. The page now shows the text as it is; "
        "look at the passage and do it again."
    )


def check_own(session: Session, coding: str) -> str:
    """Return the source of a coding; in blind coding, other coders' do not exist."""
    owner, source, _ = session.project._row(coding)
    if session.blind and owner != session.coder:
        raise NotFound(
            f"There is no coding {coding!r}. Ids of codings stand in project.codings and qc.retrieve(project)."
        )
    return source


def own_codings(session: Session, source: str) -> set[str]:
    """Return the ids of the coder's own codings of a source."""
    held = session.project._study.codings.get((session.coder, source))
    return set(held.rows) if held else set()
