"""Questions to a study, answered with plain tables or a small result: nothing here changes a study."""

from __future__ import annotations

from qualcode.analysis._case_counts import case_counts
from qualcode.analysis._code_matrix import CodeMatrix
from qualcode.analysis._counts import code_counts
from qualcode.analysis._from_table import matrix_from_table
from qualcode.analysis._heading import Heading
from qualcode.analysis._key import found_of_key
from qualcode.analysis._matrix import matrix
from qualcode.analysis._organization import Organization, read_organization
from qualcode.analysis._relations import RELATIONS
from qualcode.analysis._retrieve import retrieve

__all__ = [
    "RELATIONS",
    "CodeMatrix",
    "Heading",
    "Organization",
    "case_counts",
    "code_counts",
    "found_of_key",
    "matrix",
    "matrix_from_table",
    "read_organization",
    "retrieve",
]
