"""qc.code_counts: how often every code of the codebook was used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from qualcode.analysis._counted import Counted, counted_codings, kept
from qualcode.analysis._study import Bools, Study
from qualcode.analysis._units import segments
from qualcode.joins import spread

COUNTED = ("codings", "segments", "sources", "cases", "coders")


def code_counts(
    project: Study,
    coders: str | Iterable[str] | None = None,
    where: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """Return one row per code, in the order of the codebook, also for codes never used.

    Parameters
    ----------
    project
        A `qualcode.Project`.
    coders
        Whose coding; without it as in `qualcode.matrix`: the finished consensus, else the human coders.
    where
        Keep codings by facet, code, role, stance, source, case or attribute, as in `qualcode.matrix`.

    Returns
    -------
    pandas.DataFrame
        ``facet, code`` (ids), ``name, path``; ``codings, segments`` (distinct spans), ``sources, cases,
        coders``: what carries the code itself; ``all_codings`` to ``all_coders``: with everything that
        counts as it, namely codes below it and codes whose ``counts_as`` names it. Numbers are of
        distinct ones, so they do not add up. ``synthetic``: whether a source that was read is marked as made up. A retired code is there
        while codings carry it.

    Raises
    ------
    UnknownCoder, InvalidValue
        As `qualcode.matrix`.
    """
    counted = kept(counted_codings(project, coders, where))
    tables = counted.tables
    n = len(tables.codes)
    itself = np.zeros((n + 1, n), np.bool_)
    itself[np.arange(n), np.arange(n)] = True
    numbers = {
        **_numbers(counted, itself, ""),
        **_numbers(counted, counted.counts_as, "all_"),
    }
    shown = [
        at
        for at, code in enumerate(tables.codes)
        if not code.retired or (not code.merged_into and numbers["codings"][at] + numbers["all_codings"][at])
    ]
    codes = [tables.codes[at] for at in shown]
    named: dict[str, Any] = {
        "facet": [code.facet for code in codes],
        "code": [code.id for code in codes],
        "name": [code.name for code in codes],
        "path": [tables.codebook.path(code.id) for code in codes],
    }
    frame = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in named.items()})
    for name, values in numbers.items():
        frame[name] = values[shown]
    frame["synthetic"] = bool((tables.synthetic & counted.listened.read).any())
    return frame


def _numbers(counted: Counted, member: Bools, prefix: str) -> dict[str, Any]:
    """Distinct codings, segments, sources, cases and coders per code; `member` says what counts as what."""
    pairs_code, pairs_of = np.nonzero(member[:-1])
    order = np.argsort(counted.code, kind="stable")
    begins = np.searchsorted(counted.code[order], pairs_code)
    ends = np.searchsorted(counted.code[order], pairs_code, "right")
    number, place = spread(begins, ends)
    of, at = pairs_of[number], order[place]
    stands = counted.stands
    cases = pd.DataFrame({"coding": stands.coding, "case": stands.case})
    found = pd.DataFrame(
        {
            "of": of,
            "coding": at,
            "segment": segments(counted)[at],
            "source": counted.source[at],
            "coder": counted.coder[at],
        }
    )
    by_case = found[["of", "coding"]].merge(cases[cases["case"] >= 0], on="coding")
    columns = {
        "codings": found["coding"].groupby(found["of"]).nunique(),
        "segments": found["segment"].groupby(found["of"]).nunique(),
        "sources": found["source"].groupby(found["of"]).nunique(),
        "cases": by_case["case"].groupby(by_case["of"]).nunique(),
        "coders": found["coder"].groupby(found["of"]).nunique(),
    }
    n = range(len(counted.tables.codes))
    return {
        f"{prefix}{name}": columns[name].reindex(n, fill_value=0).to_numpy(dtype=np.int64) for name in COUNTED
    }
