"""Who was given what to code, and how far they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from qualcode.dealing import deal
from qualcode.errors import InvalidValue
from qualcode.study import STATES
from qualcode.verbs._base import one_line
from qualcode.verbs._sources import SourceVerbs

if TYPE_CHECKING:
    import pandas as pd

    from qualcode.change import Change


class AssignmentVerbs(SourceVerbs):
    """The verbs about who codes what."""

    def assign(
        self,
        to: str | Iterable[str],
        source: str | Iterable[str] | None = None,
        part: str | None = None,
        *,
        per_source: int | None = None,
        seed: int = 0,
        round: str = "",
        coder: str | None = None,
    ) -> pd.DataFrame:
        """Give coders sources to code: one to one, or many sources dealt to many coders.

        Parameters
        ----------
        to
            A coder, or several.
        source
            A source, or several; all of the study where several coders are named.
        part
            Of a source, for example "turns 1-20".
        per_source
            How many coders each source gets; all of them by default. Sources are dealt evenly, and so that each coder works
            beside many others. A source that some of them have already gets only those that are missing, so the same call
            after more sources came deals the rest.
        seed
            The same seed deals in the same way.
        round
            For coding again later; "" is the first.
        coder
            Who assigns; else the coder of the session.

        Returns
        -------
        pandas.DataFrame
            ``coder, source``: what was given now, one row each.

        Raises
        ------
        InvalidValue
            If a source should get more coders than there are, or a coder or source is named twice.
        UnknownSource
            If there is no such source. Nothing is then given to anybody.
        """
        import pandas as pd

        people = _once("to", [to] if isinstance(to, str) else [str(each) for each in to])
        if source is None and isinstance(to, str):
            raise InvalidValue(
                f"assign: name the source, such as project.assign('{to}', 'P7a'). Only several coders are dealt all sources."
            )
        self._study.refresh()
        wanted = (
            sorted(self._study.sources)
            if source is None
            else [source]
            if isinstance(source, str)
            else list(source)
        )
        wanted = _once("source", [self._source(each).id for each in wanted])
        each = len(people) if per_source is None else per_source
        if not 1 <= each <= len(people):
            raise InvalidValue(
                f"assign: per_source is {each}, and {len(people)} coder{' is' if len(people) == 1 else 's are'} named. Expected "
                f"1 to {len(people)}."
            )
        who = self._who(coder)
        people = [self._who(person) for person in people]
        place = (one_line(part, "part") if part else "", one_line(round, "round") if round else "")
        have = {
            id_: [
                p
                for p in people
                if any(
                    (r["source"], r["part"], r["round"]) == (id_, *place)
                    for r in self._study.progress.get(p, [])
                )
            ]
            for id_ in wanted
        }
        dealt = deal(wanted, people, each, seed, have)
        with self._writer.batch():
            for person, id_ in dealt:
                self._set_state(person, id_, *place, "not started", "assign", who)
        return pd.DataFrame(dealt, columns=["coder", "source"])

    def finish(
        self,
        source: str,
        coder: str | None = None,
        *,
        part: str | None = None,
        round: str = "",
        finished: bool = True,
    ) -> None:
        """Say that a coder has coded all of a source (finished=False: not yet, after all).

        Agreement, and "not found", count only what a coder was given and finished.
        """
        who = self._who(coder)
        place = (one_line(part, "part") if part else "", one_line(round, "round") if round else "")
        self._set_state(who, source, *place, "finished" if finished else "in progress", "finish", who)

    def _set_state(
        self, to: str, source: str, part: str, round_: str, state: str, verb: str, who: str
    ) -> None:
        assert state in STATES
        with self._writer.change(verb, who, source=source, to=to, state=state) as change:
            self._source(source)
            self._register(change, who)
            self._register(change, to)
            self._put_state(change, to, {"source": source, "part": part, "round": round_, "state": state})

    def _put_state(self, change: Change, to: str, row: dict[str, str]) -> None:
        rows = [dict(each) for each in self._study.progress.get(to, [])]
        for each in rows:
            if all(each[key] == row[key] for key in ("source", "part", "round")):
                each["state"] = row["state"]
                break
        else:
            rows.append(row)
        self._put_progress(change, to, rows)


def _once(name: str, given: list[str]) -> list[str]:
    """Return a list, refusing an empty one and one that names something twice."""
    if not given:
        raise InvalidValue(
            f"assign: {name} names nobody." if name == "to" else "assign: there is no source to give."
        )
    twice = next((each for at, each in enumerate(given) if each in given[:at]), None)
    if twice is not None:
        raise InvalidValue(f"assign: {name} names '{twice}' twice.")
    return given
