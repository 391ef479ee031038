"""qc.found_of_key: what coders found of passages that were written to be found, and what else they saw."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from qualcode.analysis._counted import counted_codings
from qualcode.analysis._study import Study, Tables
from qualcode.errors import InvalidValue, UnknownCoder, did_you_mean
from qualcode.joins import overlap_pairs


def found_of_key(
    project: Study, key: str = "planted", coders: str | Iterable[str] | None = None, *, by: str = "code"
) -> pd.DataFrame:
    """Return what each coder found of a key, in the sources that they finished.

    A passage of the key is *found* where a coding of the same code, or of one that counts as it, shares a character with
    it. A coding of the coder is *more* where it shares none with a passage of the key of its code. More is no mistake: a key
    says what was put in, and not all that is there.

    Parameters
    ----------
    project
        A `qualcode.Project`.
    key
        The coder whose codings are the key; of kind "key".
    coders
        Who is compared with it; all others who finished a source by default. Those who finished none have no rows.
    by
        "code": one row per coder and code that the key has; "source": one per coder and source; "coder": one per coder.

    Returns
    -------
    pandas.DataFrame
        ``coder``, then ``code, name`` or ``source``, then ``planted`` (passages of the key in the sources the coder finished),
        ``found``, ``missed``, ``more`` (codings of the coder with codes that the key uses), ``planted_sources`` and
        ``found_sources`` (sources in which the key has the code, and in which the coder has it too, wherever it stands).
        In order of the coders, and of the codebook or the sources. ``synthetic`` says whether one of the sources is marked
        as made up.

    Raises
    ------
    UnknownCoder
        If there is no such coder.
    InvalidValue
        If `key` is no coder of kind "key", none of those named has finished a source, or `by` is none of the three words.
    """
    if by not in ("code", "source", "coder"):
        raise InvalidValue(f"by is {by!r}. Expected 'code', 'source' or 'coder'.")
    tables = Tables(project)
    kinds = tables.coder_kinds
    if key not in kinds:
        keys = [coder for coder, kind in kinds.items() if kind == "key"]
        raise UnknownCoder(
            f"There is no coder {key!r}. Keys of this study: {', '.join(keys) or 'none'}.{did_you_mean(key, keys)}"
        )
    if kinds[key] != "key":
        raise InvalidValue(
            f"{key!r} is of kind {kinds[key]}, not key. A key is a coder that was added with kind='key'."
        )
    state = tables.progress
    finished = state[(state["state"] == "finished") & (state["part"] == "")]
    if coders is None:
        wanted = [c for c in kinds if c != key and kinds[c] != "key" and c in set(finished["coder"])]
    else:
        wanted = [coders] if isinstance(coders, str) else list(coders)
        for coder in wanted:
            if coder not in kinds:
                raise UnknownCoder(f"There is no coder {coder!r}.{did_you_mean(coder, kinds)}")
        if wanted and not set(wanted) & set(finished["coder"]):
            who = " or ".join(wanted[:3]) + (" or another of those named" if len(wanted) > 3 else "")
            raise InvalidValue(
                f"No source is finished by {who}, so nothing can be compared. Whoever has coded all of a source says so: "
                f"project.finish('P7a', '{wanted[0]}'), or the switch Finished on the coding page."
            )
    rows: list[dict[str, object]] = []
    for coder in wanted:
        done = set(finished.loc[finished["coder"] == coder, "source"])
        rows += _rows(project, key, coder, done)
    frame = pd.DataFrame(
        rows, columns=["coder", "source", "code", "name", "planted", "found", "more", "here", "synthetic"]
    )
    return _summed(frame, by)


def _rows(project: Study, key: str, coder: str, done: set[str]) -> list[dict[str, object]]:
    """Return one row per source and code of the key: passages planted and found, what is more, whether it is here at all."""
    both = counted_codings(project, [key, coder], None)
    tables = both.tables
    who = np.array(both.listened.coders, dtype=object)[both.coder] if len(both) else np.empty(0, dtype=object)
    used = sorted(set(both.code[(who == key) & (both.code >= 0)].tolist()))
    rows: list[dict[str, object]] = []
    for at, source in enumerate(tables.source_ids):
        if source not in done:
            continue
        here = both.source == at
        for code in used:
            theirs = here & (who == key) & (both.code == code)
            mine = here & (who == coder) & both.counts_as[both.code, code]
            found, met = overlap_pairs(both.start[theirs], both.end[theirs], both.start[mine], both.end[mine])
            rows.append(
                {
                    "coder": coder,
                    "source": source,
                    "code": tables.codes[code].id,
                    "name": tables.codes[code].name,
                    "planted": int(theirs.sum()),
                    "found": len(np.unique(found)),
                    "more": int(mine.sum()) - len(np.unique(met)),
                    "here": bool(mine.any()),
                    "synthetic": bool(tables.synthetic[at]),
                }
            )
    return rows


def _summed(frame: pd.DataFrame, by: str) -> pd.DataFrame:
    heads = {"code": ["coder", "code", "name"], "source": ["coder", "source"], "coder": ["coder"]}[by]
    frame = frame.assign(
        missed=frame["planted"] - frame["found"],
        planted_sources=frame["planted"] > 0,
        found_sources=(frame["planted"] > 0) & frame["here"].astype(bool),
    )
    numbers = ["planted", "found", "missed", "more", "planted_sources", "found_sources"]
    how = dict.fromkeys(numbers, "sum") | {"synthetic": "any"}
    return frame.groupby(heads, sort=False, as_index=False).agg(how)[[*heads, *numbers, "synthetic"]]
