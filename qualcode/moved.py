"""qc.relocations: codings whose text changed, with the old and the new words side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from qualcode.project import Project

COLUMNS = (
    "coding", "coder", "source", "code", "how", "start", "end", "new_start", "new_end", "version", "old_text",
    "new_text",
)  # fmt: skip


def relocations(project: Project, *, all: bool = False) -> pd.DataFrame:
    """Return the codings that lost their place when a text changed, and wait for a person.

    Parameters
    ----------
    project
        A `qualcode.Project`.
    all
        Also those that are carried forward for sure and wait only for their coder's next work.

    Returns
    -------
    pandas.DataFrame
        ``coding`` (id), ``coder, source, code`` (name), ``how``: "similar" (a place is proposed: accept it with
        `project.relocate`), "lost" (none was found: `project.resize` or `project.uncode`), and with `all` "same",
        "moved", "edited", "found"; ``start, end`` in the text version ``version``, ``new_start, new_end`` (<NA>
        where lost) in the text of this copy; ``old_text, new_text`` (None where a text is not in this copy).
        Left out of matrices until they have a place; the sentence under a matrix says how many.

    Examples
    --------
    >>> import tempfile
    >>> from qualcode.testing import make_project
    >>> project = make_project(tempfile.mkdtemp() + "/study")
    >>> relocations(project).empty
    True
    """
    import pandas as pd

    project.codebook  # noqa: B018  (reads what changed on disk)
    names = {code.id: code.name for code in project.codebook.codes}
    rows = []
    for coder, source, row, placement in project._moved_rows():
        if placement.sure and not all:
            continue
        start, end, span = int(row["start"]), int(row["end"]), placement.span
        old = project._text_of_version(source, row["version"])
        new = project._text_of_version(source, project._version_here(source)) if span is not None else None
        rows.append(
            (
                row["id"], coder, source, names.get(row["code"], row["code"]), placement.how, start, end,
                span.start if span is not None else None, span.end if span is not None else None, row["version"],
                None if old is None else old[start:end],
                None if new is None or span is None else new[span.start : span.end],
            )
        )  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    kinds = {"start": "int64", "end": "int64", "new_start": "Int64", "new_end": "Int64"}
    frame = frame.astype({name: kinds.get(name, "object") for name in COLUMNS})
    return frame.sort_values(["source", "start", "coder"], kind="stable").reset_index(drop=True)
