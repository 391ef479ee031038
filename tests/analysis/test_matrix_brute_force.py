"""On random studies every count, margin, total and n equals nested loops written from the printed rule."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest
from brute_force import BruteForce
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from random_study import (
    CHAIN,
    code_axes,
    coder_choices,
    other_axes,
    relations,
    studies,
    units,
    wheres,
)

from qualcode.analysis import CodeMatrix, matrix
from qualcode.errors import InvalidValue

careful = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


def number(value: object) -> int | None:
    return None if value is None or pd.isna(value) else int(value)  # type: ignore[call-overload]


def assert_equal(m: CodeMatrix, expected: object) -> None:
    assert [h.key for h in m.rows] == expected.rows
    assert [h.key for h in m.columns] == expected.columns
    table = {(r, c): number(m.table.loc[r, c]) for r in expected.rows for c in expected.columns}
    assert table == expected.table
    assert {k: number(v) for k, v in m.row_totals.items()} == expected.row_totals
    assert {k: number(v) for k, v in m.column_totals.items()} == expected.column_totals
    assert number(m.total) == expected.total
    assert m.n == expected.n


@careful
@given(studies(), code_axes, code_axes, units, relations, coder_choices)
def test_codes_by_codes(study, rows, columns, count_by, relation, coders):
    m = matrix(study, rows, columns, count_by, relation[0], coders, n=relation[1])
    assert_equal(m, BruteForce(study, coders).matrix(rows, columns, count_by, *relation))


@careful
@given(studies(), code_axes, other_axes, units, coder_choices, st.booleans())
def test_codes_by_anything_else(study, rows, columns, count_by, coders, turned):
    if turned:
        rows, columns = columns, rows
    m = matrix(study, rows, columns, count_by, coders=coders)
    assert_equal(m, BruteForce(study, coders).matrix(rows, columns, count_by))
    assert m.relation == ""


@careful
@given(studies(), other_axes, other_axes, units, coder_choices)
def test_neither_side_codes(study, rows, columns, count_by, coders):
    m = matrix(study, rows, columns, count_by, coders=coders)
    assert_equal(m, BruteForce(study, coders).matrix(rows, columns, count_by))


@careful
@given(studies(), code_axes, code_axes | other_axes, units, relations, coder_choices, wheres)
def test_with_where(study, rows, columns, count_by, relation, coders, where):
    try:
        m = matrix(study, rows, columns, count_by, relation[0], coders, where, n=relation[1])
    except InvalidValue as error:
        assume("nothing to show" not in str(error))  # an attribute that no case asked about has
        raise
    assert_equal(m, BruteForce(study, coders, where).matrix(rows, columns, count_by, *relation))


@careful
@given(studies(), units, relations)
def test_default_coders(study, count_by, relation):
    brute = BruteForce(study)
    unheard = {
        row["source"]
        for row in study.codings.to_dict("records")
        if row["source"] in brute.asked and row["source"] not in brute.read
    }
    if unheard:
        with pytest.raises(InvalidValue, match=r"no person did.*coders="):
            matrix(study, "point", "theme", count_by, relation[0], n=relation[1])
        return
    m = matrix(study, "point", "theme", count_by, relation[0], n=relation[1])
    assert_equal(m, brute.matrix("point", "theme", count_by, *relation))


@careful
@given(studies(), code_axes, code_axes, units, coder_choices)
def test_counts_only_grow_from_relation_to_relation(study, rows, columns, count_by, coders):
    tables = [
        matrix(study, rows, columns, count_by, relation, coders, n=n).table.fillna(0) for relation, n in CHAIN
    ]
    for narrow, wide in pairwise(tables):
        assert (narrow <= wide).to_numpy().all()
    segment = matrix(study, rows, columns, count_by, "segment", coders).table.fillna(0)
    assert (tables[0] <= segment).to_numpy().all()
    assert (segment <= tables[2]).to_numpy().all()
    assert tables[3].equals(tables[4])  # at most 0 turns apart is a common turn


@careful
@given(studies(), code_axes | other_axes, code_axes | other_axes, units, relations, coder_choices)
def test_turning_rows_and_columns_turns_the_matrix(study, rows, columns, count_by, relation, coders):
    m = matrix(study, rows, columns, count_by, relation[0], coders, n=relation[1])
    turned = matrix(study, columns, rows, count_by, relation[0], coders, n=relation[1])
    pd.testing.assert_frame_equal(m.table, turned.table.T)
    pd.testing.assert_series_equal(m.row_totals, turned.column_totals)
    pd.testing.assert_series_equal(m.column_totals, turned.row_totals)
    assert (m.total, m.n) == (turned.total, turned.n)
    assert m.rule == turned.rule


@careful
@given(studies(), code_axes, code_axes | other_axes, units, relations, coder_choices)
def test_the_evidence_gives_the_table(study, rows, columns, count_by, relation, coders):
    m = matrix(study, rows, columns, count_by, relation[0], coders, n=relation[1])
    evidence = m.evidence
    assert not evidence.duplicated().any()
    counts = evidence.groupby(["row", "column"])["unit"].nunique()
    for r in m.table.index:
        for c in m.table.columns:
            expected = number(m.table.loc[r, c]) or 0
            assert counts.get((r, c), 0) == expected
    by = m.by
    assert list(by["codebook"] + by["passage"]) == [number(v) or 0 for v in m.table.to_numpy().ravel()]
    one = evidence[evidence["by"] == "codebook"].groupby(["row", "column"])["unit"].nunique()
    assert list(by["codebook"]) == [one.get((r, c), 0) for r, c in zip(by["row"], by["column"], strict=True)]


@careful
@given(studies(), code_axes, code_axes | other_axes, units, relations, coder_choices)
def test_the_sentence_counts_what_runs_counter(study, rows, columns, count_by, relation, coders):
    m = matrix(study, rows, columns, count_by, relation[0], coders, n=relation[1])
    behind = set(m.evidence["row_coding"]) | set(m.evidence["column_coding"])
    stances = dict(zip(study.codings["id"], study.codings["stance"], strict=True))
    counters = sum(stances[one] == "counters" for one in behind)
    mixed = sum(stances[one] == "mixed" for one in behind)
    if counters or mixed:
        assert f"{counters} coding{'' if counters == 1 else 's'} behind it run" in m.rule
        assert (f"{mixed} coding{'' if mixed == 1 else 's'}" in m.rule.split("counter", 1)[1]) or not mixed
    else:
        assert "no coding behind it runs counter" in m.rule
