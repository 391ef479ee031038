"""qc.matrix: codes by codes, sources, cases or attributes, with distinct units in every cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from qualcode.analysis._axes import Axis, read_axis
from qualcode.analysis._code_matrix import CodeMatrix
from qualcode.analysis._counted import Counted, counted_codings, kept
from qualcode.analysis._distinct import distinct
from qualcode.analysis._join import Join
from qualcode.analysis._relations import check_relation
from qualcode.analysis._retrieve import passages
from qualcode.analysis._rule import rule
from qualcode.analysis._study import Bools, Ints, Study, any_along
from qualcode.analysis._units import number_among, read_unit, unit_names
from qualcode.codebook import Codebook


def matrix(
    project: Study,
    rows: str | Iterable[Any] | None = None,
    columns: str | Iterable[Any] | None = None,
    count_by: str = "source",
    relation: str = "marked",
    coders: str | Iterable[str] | None = None,
    where: Mapping[str, Any] | None = None,
    *,
    n: int | None = None,
) -> CodeMatrix:
    """Count, for every row and column, the distinct units in which they meet.

    Parameters
    ----------
    project
        A `qualcode.Project`.
    rows, columns
        - the id or name of a *facet*: one row per code without codes below it, the codes above as
          headings. A row "(general)" holds what counts as the code above and as none of those below it;
          it is shown when a counted coding stands there. So is the row of a retired code;
        - a *code with codes below it*: likewise for what is below it;
        - a *list of codes* (or one code without codes below it): one row per code, with everything that
          counts as it;
        - ``"source"``, ``"case"``, a *kind of case* ("participant") or an *attribute* of cases: one row per
          source, case or value. A case has the values of its parents where it has none of its own.

        Where a name could mean several of these, write ``"facet:..."``, ``"code:..."``,
        ``"attribute:..."`` or ``"kind:..."``. Without them: the facets ``"collaboration-point"`` and
        ``"theme"`` where the codebook has these, else its first by its second facet (or by source).
    count_by
        What is counted: ``"source"``, ``"coding"``, ``"segment"`` (distinct coded spans of a source), or a
        kind of case such as ``"participant"`` (``"case"`` when only one kind is linked to sources).
    relation
        When two codes meet; always within the codings of one coder in one source (distinct units are
        pooled over coders afterwards), and every coding stands in relation to itself:

        - ``"codebook"``: one coding counts as both;
        - ``"marked"``: that, or two codings overlap and at least one of them *carries* a code that is
          itself among the rows or columns (any code of the facet or tree, a code of the list), not one
          that only counts as one;
        - ``"segment"``: two codings have the same span;
        - ``"overlap"``: two codings share a character;
        - ``"turn"``: they overlap or touch a common turn; each stretch of text between two turns is like
          a turn of its own;
        - ``"turns"`` with `n`: that, or at most `n` turns apart: fewer than `n` turns lie between them;
        - ``"source"``: two codings of the same source.

        Where one side is sources, cases or an attribute nothing is joined: each coding stands, for every
        case it counts for, at the values it has.
    coders
        Whose coding counts. Without it, per source: the consensus where it is finished (every part of
        some round), else the human coders. A source that only a machine, a key or an unfinished
        consensus coded is an error. Codings that a merge of codes made equal count once.
    where
        Keeps codings before they are joined: ``facet`` and ``code`` (counts as), ``role`` (touches a turn
        of such a speaker), ``stance``, ``source``, ``case`` (or one that belongs to it) or an attribute, each
        with a value or a list of values. Source, case and attribute also bound what is counted among.
    n
        Number of turns, with ``relation="turns"``; 0 is the relation "turn".

    Returns
    -------
    CodeMatrix
        ``.table`` (<NA>: nobody read it), margins of distinct units, ``.rule`` (all of this in one
        sentence), ``.evidence``, ``.by``, ``.quotes(row, column)``.

    Raises
    ------
    InvalidValue
        If an argument is unknown, unclear or does not fit another; if the project has no sources.
    UnknownCode, UnknownFacet, UnknownCoder, UnknownSource, UnknownCase
        If a name is not in the project.

    Notes
    -----
    A coding counts for the case of every respondent turn it touches (turns of interviewers make no case);
    where there is none, for the case of its source. A pair counts for the cases that both count for.
    "coding" and "segment" count the codings or spans that take part on either side. n is the number of
    units whose source a counted coder finished or coded.

    Examples
    --------
    >>> import tempfile
    >>> import qualcode as qc
    >>> from qualcode.transcript import Transcript, Turn
    >>> book = qc.Codebook((qc.Facet("point", "Point"), qc.Facet("theme", "Theme")))
    >>> book = book.new_code("Planning", "point", id="planning").new_code("Process", "theme", id="process")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     project = qc.create_project(f"{folder}/study", book, coder="ana")
    ...     text = "Ada: We never plan."
    ...     _ = project.add_source(Transcript("P1", "P1", text, (Turn(1, "Ada", qc.Span(5, 19)),)))
    ...     _ = project.code("P1", "never plan", "Planning")
    ...     _ = project.code("P1", qc.turn(1), "Process")
    ...     m = qc.matrix(project, "point", "theme")
    ...     quotes = m.quotes("Planning", "Process")["quote"].tolist()
    >>> int(m.table.loc["planning", "process"]), quotes
    (1, ['We never plan.', 'never plan'])
    """
    apart = check_relation(relation, n)
    rows, columns = _sides(project.codebook, rows, columns)
    among = counted_codings(project, coders, where)
    unit = read_unit(count_by, among.cases)
    counted = kept(among)
    row_axis, column_axis = read_axis(rows, "rows", counted), read_axis(columns, "columns", counted)
    join = Join(counted, row_axis, column_axis, unit, relation, apart)
    found = distinct(join.triples(), len(row_axis), len(column_axis))
    read = row_axis.read[:, None] & column_axis.read[None, :]
    number = number_among(unit, among)
    return CodeMatrix(
        table=_table(found.table, read, row_axis, column_axis),
        rows=row_axis.headings,
        columns=column_axis.headings,
        row_title=row_axis.title,
        column_title=column_axis.title,
        count_by=unit.name,
        unit_plural=unit.plural,
        relation=relation if join.joined else "",
        coders=among.listened.named,
        n=number,
        row_totals=_margin(found.rows, any_along(read, 1), row_axis),
        column_totals=_margin(found.columns, any_along(read, 0), column_axis),
        total=found.total if read.any() else None,
        rule=rule(join, number, apart, relation),
        synthetic=bool((among.tables.synthetic & among.listened.read).any()),
        evidence_frame=lambda: _evidence(join),
        by_frame=lambda: _by(join, found.table),
        quotes_function=lambda row, column: _quotes(join, row, column),
        project=project,
    )


def _sides(
    codebook: Codebook, rows: str | Iterable[Any] | None, columns: str | Iterable[Any] | None
) -> tuple[str | Iterable[Any], str | Iterable[Any]]:
    """Return rows and columns, where they were not given those of the study that this project starts from."""
    facets = [facet.id for facet in codebook.facets]
    usual = ["collaboration-point", "theme"]
    if not set(usual) <= set(facets):
        usual = [*facets[:2], *["source"] * 2][:2]
    return (
        f"facet:{usual[0]}" if rows is None and usual[0] in facets else usual[0] if rows is None else rows,
        f"facet:{usual[1]}"
        if columns is None and usual[1] in facets
        else usual[1]
        if columns is None
        else columns,
    )


def _table(counts: Ints, read: Bools, rows: Axis, columns: Axis) -> pd.DataFrame:
    cells = pd.DataFrame(counts, index=pd.Index(rows.keys, dtype=object)).astype("Int64")
    cells.columns = pd.Index(columns.keys, dtype=object)
    return cells.mask(~read)


def _margin(counts: Ints, read: Bools, axis: Axis) -> pd.Series:
    return pd.Series(counts, index=pd.Index(axis.keys, dtype=object), dtype="Int64").mask(~read)


def _by(join: Join, table: Ints) -> pd.DataFrame:
    """Per cell: units by the codebook (one coding is both), and those by two passages only."""
    one = distinct(join.in_one_coding(), len(join.rows), len(join.columns)).table
    r, c = np.indices(table.shape)
    return pd.DataFrame(
        {
            "row": [join.rows.keys[at] for at in r.ravel()],
            "column": [join.columns.keys[at] for at in c.ravel()],
            "codebook": one.ravel(),
            "passage": (table - one).ravel(),
        }
    )


def _evidence(join: Join) -> pd.DataFrame:
    """One row per cell, unit and pair of codings behind it."""
    pairs, counted = join.pairs(), join.counted
    first, second = pairs.first, pairs.second
    tables = counted.tables
    distinct_units, at = np.unique(pairs.unit, return_inverse=True)
    names = np.array([*unit_names(join.unit, counted, distinct_units), ""], dtype=object)
    return pd.DataFrame(
        {
            "row": np.array([*join.rows.keys, ""], dtype=object)[pairs.row],
            "column": np.array([*join.columns.keys, ""], dtype=object)[pairs.column],
            "unit": names[at],
            "coder": np.array([*counted.listened.coders, ""], dtype=object)[counted.coder[first]],
            "source": np.array([*tables.source_ids, ""], dtype=object)[counted.source[first]],
            "row_coding": counted.ids[first],
            "row_start": counted.start[first],
            "row_end": counted.end[first],
            "column_coding": counted.ids[second],
            "column_start": counted.start[second],
            "column_end": counted.end[second],
            "by": np.where(first == second, "codebook", "passage").astype(object),
        }
    )


def _quotes(join: Join, row: str, column: str) -> pd.DataFrame:
    """The passages behind one cell, each once, and on which side it stands."""
    pairs = join.pairs(join.rows.keys.index(row), join.columns.keys.index(column))
    codings = np.unique(np.concatenate([pairs.first, pairs.second]))
    counted: Counted = join.counted.take(codings)
    frame = passages(counted)
    side = np.where(np.isin(codings, pairs.first), "row", "column")
    either = np.isin(codings, pairs.first) & np.isin(codings, pairs.second)
    side[either] = "both"
    frame.insert(1, "side", side.astype(object))
    return frame.sort_values(["source", "start", "end", "coder", "code"], kind="stable").reset_index(
        drop=True
    )
