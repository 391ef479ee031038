"""qc.retrieve: what was coded, with its words, place, speaker, case and coder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from qualcode.analysis._counted import Counted, counted_codings, kept
from qualcode.analysis._study import Ints, Study, places_of
from qualcode.coding import STANCES
from qualcode.errors import FolderError
from qualcode.joins import overlap_pairs

COLUMNS = (
    "coding", "source", "start", "end", "turn", "last_turn", "speaker", "role", "case", "code", "name",
    "coder", "stance", "quote", "begins", "memo", "synthetic",
)  # fmt: skip
"""The columns of `retrieve`."""


def retrieve(
    project: Study,
    codes: str | Iterable[Any] | None = None,
    where: Mapping[str, Any] | None = None,
    coders: str | Iterable[str] | None = None,
) -> pd.DataFrame:
    """Return the coded segments, one row per coding, in the order of sources and text.

    Parameters
    ----------
    project
        A `qualcode.Project`.
    codes
        Keep codings that count as one of these codes (id, name or path); all when None.
    where
        Keep codings by facet, code, role, stance, source, case or attribute, as in `qualcode.matrix`.
    coders
        Whose coding; without it as in `qualcode.matrix`: the finished consensus, else the human coders.

    Returns
    -------
    pandas.DataFrame
        ``coding`` (id), ``source, start, end`` (code points), ``turn, last_turn`` (the first and last it
        touches, <NA> outside turns), ``speaker, role`` (of the turns touched, "; " between several),
        ``case`` (those it counts for), ``code`` (id), ``name, coder, stance, quote`` (None where the text
        is not in this copy of the study), ``begins`` (seconds, of the first turn), ``memo`` (what was noted
        on the coding, one memo a paragraph; "" where nothing), ``synthetic`` (True where the source is marked
        as made up).

    Raises
    ------
    UnknownCode, UnknownCoder, InvalidValue
        As `qualcode.matrix`.
    """
    return passages(kept(counted_codings(project, coders, where), codes))


def passages(counted: Counted) -> pd.DataFrame:
    """Return the table of `retrieve` for some codings."""
    order = np.lexsort((counted.code, counted.coder, counted.end, counted.start, counted.source))
    counted = counted.take(order)
    tables = counted.tables
    names = [*(code.name for code in tables.codes), ""]
    stored = tables.codings["code"].to_numpy(dtype=object)[counted.row]
    ids = [
        tables.codes[at].id if at >= 0 else stored[place] for place, at in enumerate(counted.code.tolist())
    ]
    frame = pd.DataFrame(
        {
            "coding": counted.ids,
            "source": np.array([*tables.source_ids, ""], dtype=object)[counted.source],
            "start": counted.start,
            "end": counted.end,
            "case": _cases(counted),
            "code": pd.Series(ids, dtype=object),
            "name": pd.Series([names[at] for at in counted.code], dtype=object),
            "coder": np.array([*counted.listened.coders, ""], dtype=object)[counted.coder],
            "stance": np.array(STANCES, dtype=object)[counted.stance],
            "quote": pd.Series(_quotes(counted), dtype=object),
            "memo": pd.Series(_memos(counted), dtype=object),
            "synthetic": np.append(tables.synthetic, False)[counted.source],
        }
    )
    return pd.concat([frame, _turns(counted)], axis=1)[list(COLUMNS)]


def _quotes(counted: Counted) -> list[str | None]:
    texts: dict[int, str | None] = {}
    transcript = getattr(counted.tables.study, "transcript", None)
    for at in np.unique(counted.source).tolist():
        try:
            texts[at] = transcript(counted.tables.source_ids[at]).text if transcript else None
        except FolderError:  # shared without its text
            texts[at] = None
    return [
        None if (text := texts[source]) is None else text[start:end]
        for source, start, end in zip(
            counted.source.tolist(), counted.start.tolist(), counted.end.tolist(), strict=True
        )
    ]


def _memos(counted: Counted) -> list[str]:
    memos = getattr(counted.tables.study, "memos", None)
    found: dict[str, list[str]] = {}
    for targets, text in zip(memos["targets"], memos["text"], strict=True) if memos is not None else ():
        for target in targets:
            if target.startswith("coding:"):
                found.setdefault(target.removeprefix("coding:"), []).append(text)
    return ["\n\n".join(found.get(id_, [])) for id_ in counted.ids]


def _cases(counted: Counted) -> list[str]:
    found: list[list[str]] = [[] for _ in range(len(counted))]
    for coding, case in zip(counted.stands.coding.tolist(), counted.stands.case.tolist(), strict=True):
        if case >= 0:
            found[coding].append(counted.cases.ids[case])
    return ["; ".join(cases) for cases in found]


def _turns(counted: Counted) -> pd.DataFrame:
    """Return turn, last_turn, speaker, role and begins of what each coding touches."""
    tables = counted.tables
    turns = tables.turns
    source = places_of(turns["source"], {id_: at for at, id_ in enumerate(tables.source_ids)})
    coding, turn = overlap_pairs(
        counted.start, counted.end, turns["start"], turns["end"], counted.source, source
    )
    order = np.lexsort((turns["start"].to_numpy()[turn], coding))
    coding, turn = coding[order], turn[order]
    first = np.searchsorted(coding, np.arange(len(counted)))
    last = np.searchsorted(coding, np.arange(len(counted)), "right") - 1
    none = last < first
    # Where a coding touches no turn, an extra last entry stands for "none".
    first, last = np.where(none, len(turn), first), np.where(none, len(turn), last)
    number = np.append(turns["turn"].to_numpy(dtype=np.int64)[turn], 0)
    begins = np.append(turns["begins"].to_numpy(dtype=np.float64)[turn], np.nan)
    return pd.DataFrame(
        {
            "turn": pd.Series(number[first], dtype="Int64").mask(none),
            "last_turn": pd.Series(number[last], dtype="Int64").mask(none),
            "speaker": _several(turns["speaker"], coding, turn, len(counted)),
            "role": _several(turns["role"], coding, turn, len(counted)),
            "begins": begins[first],
        }
    )


def _several(labels: pd.Series, coding: Ints, turn: Ints, size: int) -> pd.Series:
    """Return, per coding, the different labels of its turns in their order."""
    found: list[dict[str, None]] = [{} for _ in range(size)]
    names = labels.tolist()
    for one, at in zip(coding.tolist(), turn.tolist(), strict=True):
        if isinstance(names[at], str) and names[at]:
            found[one][names[at]] = None
    return pd.Series(["; ".join(each) for each in found], dtype=object)
