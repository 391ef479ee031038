"""Whose coding counts: per source, the coders that an analysis listens to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from qualcode.analysis._study import Bools, Ints, Tables, any_along, listed, places_of
from qualcode.errors import InvalidValue, UnknownCoder, did_you_mean


@dataclass(frozen=True)
class Listened:
    """The coders of an analysis.

    Parameters
    ----------
    coders
        All coders of the study, in the order of the rows of `counts`.
    counts
        Coder by source: whether this coder's codings of the source count.
    read
        Per source: whether a coder that counts there has coded or finished it.
    words
        Who that is, for the sentence under a result.
    finished
        Per source: whether a coder that counts there has finished it.
    """

    coders: tuple[str, ...]
    counts: Bools
    read: Bools
    words: str
    finished: Bools

    @property
    def named(self) -> tuple[str, ...]:
        """The coders that count in some source that was read."""
        return tuple(
            coder
            for coder, counts in zip(self.coders, self.counts, strict=True)
            if (counts & self.read).any()
        )


def listen_to(
    tables: Tables, coders: str | Iterable[str] | None, coder_at: Ints, source_at: Ints, within: Bools
) -> Listened:
    """Return whose codings count in which source.

    Without `coders`: the consensus where it is finished, else the human coders. A consensus that is not
    finished, a machine or a key never stands in by itself: a source with nothing else is an error.

    Parameters
    ----------
    coder_at, source_at
        Coder and source of every coding, as places in `Tables.coder_kinds` and `Tables.source_ids`.
    within
        The sources that are asked about.

    Raises
    ------
    UnknownCoder
        If a coder of `coders` is none of the study.
    InvalidValue
        If a source is coded by machines, a key or an unfinished consensus alone.
    """
    names = tuple(tables.coder_kinds)
    kinds = np.array([tables.coder_kinds[name] for name in names], dtype=object)
    has = np.zeros((len(names), len(tables.source_ids)), np.bool_)
    there = (coder_at >= 0) & (source_at >= 0)
    has[coder_at[there], source_at[there]] = True
    finished = _finished(tables, names)
    if coders is not None:
        chosen = [_coder(tables, names, coder) for coder in listed(coders)]
        if not chosen:
            raise InvalidValue("coders=[] counts nobody. Name coders, or leave it out.")
        counts = np.zeros_like(has)
        counts[chosen] = True
        read = ((has | finished) & counts).any(axis=0) & within
        counts &= has | finished
        who = _and([names[at] for at in dict.fromkeys(chosen)])
        return Listened(names, counts & within, read, who, any_along(counts & finished, 0))
    consensus = (kinds == "consensus")[:, None] & finished
    human = (kinds == "human")[:, None] & (has | finished)
    agreed = consensus.any(axis=0)
    counts = np.where(agreed, consensus, human) & within
    read = counts.any(axis=0)
    _refuse_unheard(tables, names, has & within & ~read)
    words = _words(names, counts, agreed & read, read)
    return Listened(names, counts, read, words, any_along(counts & finished, 0))


def _finished(tables: Tables, names: tuple[str, ...]) -> Bools:
    """Coder by source: whether every part of the source, in some round, is finished."""
    done = np.zeros((len(names), len(tables.source_ids)), np.bool_)
    frame = tables.progress
    if frame.empty:
        return done
    at = {name: place for place, name in enumerate(names)}
    source = {name: place for place, name in enumerate(tables.source_ids)}
    rounds: dict[tuple[str, str, str], bool] = {}
    for coder, source_id, round_, state in zip(
        frame["coder"], frame["source"], frame["round"], frame["state"], strict=True
    ):
        key = coder, source_id, round_
        rounds[key] = rounds.get(key, True) and state == "finished"
    for (coder, source_id, _), whole in rounds.items():
        if whole and source_id in source:
            done[at[coder], source[source_id]] = True
    return done


def _coder(tables: Tables, names: tuple[str, ...], coder: str) -> int:
    if coder in names:
        return names.index(coder)
    called = [place for place, name in enumerate(names) if tables.coder_names.get(name) == coder]
    if len(called) == 1:
        return called[0]
    known = [*names, *tables.coder_names.values()]
    raise UnknownCoder(
        f"The project has no coder '{coder}'; it has {', '.join(names) or 'none yet'}."
        + did_you_mean(str(coder), known)
    )


def _refuse_unheard(tables: Tables, names: tuple[str, ...], has: Bools) -> None:
    sources = np.flatnonzero(has.any(axis=0))
    if not len(sources):
        return
    who = [name for name, codes in zip(names, has, strict=True) if codes.any()]
    shown = ", ".join(tables.source_ids[at] for at in sources[:5])
    more = f" and {len(sources) - 5} more" if len(sources) > 5 else ""
    kinds = ", ".join(f"{name} ({_KIND_WORDS.get(tables.coder_kinds[name], 'unknown kind')})" for name in who)
    raise InvalidValue(
        f"Only {kinds} coded {shown}{more}: no person did, and no finished consensus. "
        f"Say that this coding shall count with coders={who!r}, leave the source out with where=, "
        "or let a person code it."
    )


_KIND_WORDS = {"machine": "a machine", "key": "a key", "consensus": "a consensus that is not finished"}


def _words(names: tuple[str, ...], counts: Bools, agreed: Bools, read: Bools) -> str:
    def who(sources: Bools) -> str:
        return _and([name for name, row in zip(names, counts, strict=True) if (row & sources).any()])

    if not agreed.any():
        return who(read)
    rest = read & ~agreed
    if not rest.any():
        return f"{who(agreed)} (consensus)"
    return (
        f"{who(agreed)} (consensus, in {int(agreed.sum())}) and {who(rest)} (in the other {int(rest.sum())})"
    )


def _and(names: list[str]) -> str:
    if len(names) < 2:
        return "".join(names) or "nobody"
    return ", ".join(names[:-1]) + " and " + names[-1]


def coder_places(tables: Tables) -> Ints:
    """Return the coder of every coding as a place in `Tables.coder_kinds`."""
    return places_of(tables.codings["coder"], {name: at for at, name in enumerate(tables.coder_kinds)})
