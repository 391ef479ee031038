"""qc.case_counts: how many cases have which value of their attributes."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from qualcode.analysis._cases import Cases, own_values, value_words
from qualcode.analysis._study import Study, Tables
from qualcode.errors import InvalidValue, did_you_mean


def case_counts(
    project: Study, attributes: str | Iterable[str] | None = None, kind: str | None = None
) -> pd.DataFrame:
    """Return how many cases have which value of an attribute, for a table of who was interviewed.

    Parameters
    ----------
    project
        A `qualcode.Project`.
    attributes
        Which; all that are declared by default. Values of an ordered attribute come in its order, others by number.
    kind
        Count only cases of this kind, such as "participant"; each by its own values, else those of the case it belongs to.
        Without it, each case that has a value of its own counts.

    Returns
    -------
    pandas.DataFrame
        ``attribute, value`` and the number, in a column named after the kind ("participants") or ``cases``. Cases without a
        value are counted as "not stated" where `kind` is given. A case with several values counts for each.

    Raises
    ------
    InvalidValue
        If there is no such attribute or kind.
    """
    tables = Tables(project)
    frame = tables.cases
    known = [name for name in frame.columns if name not in ("case", "kind", "parent")]
    wanted = (
        known if attributes is None else [attributes] if isinstance(attributes, str) else list(attributes)
    )
    for name in wanted:
        if name not in known:
            raise InvalidValue(
                f"There is no attribute {name!r}. Expected {', '.join(known) or 'one that was added with cases'}."
                f"{did_you_mean(str(name), known)}"
            )
    kinds = list(dict.fromkeys(frame["kind"]))
    if kind is not None and kind not in kinds:
        raise InvalidValue(
            f"There are no cases of kind {kind!r}. Expected {', '.join(kinds)}.{did_you_mean(kind, kinds)}"
        )
    rows: list[tuple[str, str, int]] = []
    for name in wanted:
        values = Cases(tables).values(name) if kind else [own_values(v) for v in frame[name].astype(object)]
        of = [v for v, k in zip(values, frame["kind"], strict=True) if kind in (None, k)]
        counts: dict[str, int] = {}
        for each in of:
            for word in dict.fromkeys(value_words(v) for v in each) or (
                [] if kind is None else ["not stated"]
            ):
                counts[word] = counts.get(word, 0) + 1
        order = list(frame[name].cat.categories) if isinstance(frame[name].dtype, pd.CategoricalDtype) else []
        for word in sorted(counts, key=lambda w: (w == "not stated", *_place(w, order, counts))):
            rows.append((name, word, counts[word]))
    column = "cases" if kind is None else f"{kind}s" if kind.isascii() and not kind.endswith("s") else kind
    return pd.DataFrame(rows, columns=["attribute", "value", column])


def _place(word: str, order: list[str], counts: dict[str, int]) -> tuple[int, str]:
    return (order.index(word), "") if word in order else (-counts[word], word)
