"""Who codes what: sources are dealt to coders evenly, and so that each coder works beside many others."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence


def deal(
    sources: Sequence[str],
    coders: Sequence[str],
    per_source: int,
    seed: int,
    held: Mapping[str, Sequence[str]] | None = None,
) -> list[tuple[str, str]]:
    """Return who gets what, as pairs of coder and source in the order of the sources.

    Parameters
    ----------
    sources, coders
        Without doubles.
    per_source
        How many coders each source gets.
    seed
        The same seed deals in the same way.
    held
        Source to the coders who have it already; it gets only those that are missing.

    Returns
    -------
    list
        What is new. Of two coders of whom nobody had anything before, one has at most one source more than the other.

    Examples
    --------
    >>> pairs = deal(["S1", "S2", "S3"], ["ana", "ben", "cem"], 2, seed=1)
    >>> sorted(coder for coder, source in pairs)
    ['ana', 'ana', 'ben', 'ben', 'cem', 'cem']
    """
    chance = random.Random(seed)
    order = list(sources)
    chance.shuffle(order)
    has = {source: list((held or {}).get(source, ())) for source in order}
    load = Counter(dict.fromkeys(coders, 0))
    load.update(coder for source in order for coder in has[source] if coder in load)
    together: Counter[frozenset[str]] = Counter()
    for both in has.values():
        together.update(frozenset((a, b)) for a in both for b in both if a < b)
    new: list[tuple[str, str]] = []
    for source in order:
        while len(has[source]) < per_source:
            free = [coder for coder in coders if coder not in has[source]]
            chance.shuffle(free)
            best = min(free, key=lambda c: (load[c], sum(together[frozenset((c, o))] for o in has[source])))
            together.update(frozenset((best, other)) for other in has[source])
            has[source].append(best)
            load[best] += 1
            new.append((best, source))
    place = {source: at for at, source in enumerate(sources)}
    return sorted(new, key=lambda pair: (place[pair[1]], coders.index(pair[0])))
