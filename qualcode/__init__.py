"""qualcode: qualitative interview analysis in Python, in twelve lines.

::

    import qualcode as qc

    project = qc.create_project("my-study", "codebook.yaml", coder="ana")
    project.add_source("interviews/P7a.docx", roles={"Interviewer": "interviewer"})
    project.add_cases("participants.xlsx")
    project.code("P7a", "nobody told us what good enough means", "Quality Assurance for Model and Product")
    project.code("P7a", qc.turn(12), "Communication", stance="counters", memo="they did talk, later")
    project.undo()

    m = qc.matrix(project, "collaboration-point", "theme", count_by="source")
    m.quotes("Project Planning", "Process")
    ax = qc.plot.matrix(m, style="icons")
    qc.save_figure(ax, "figures/matrix.pdf")

A study is a folder of plain files (`docs/project-format.md`). What changes a study is a method of
`Project`; what reads or shows it is a function. Nothing happens at import but the naming of names.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qualcode import plot
    from qualcode.analysis import (
        CodeMatrix,
        Organization,
        case_counts,
        code_counts,
        found_of_key,
        matrix,
        matrix_from_table,
        read_organization,
        retrieve,
    )
    from qualcode.archive import backup, restore
    from qualcode.codebook import Code, Codebook, Facet
    from qualcode.codebook_file import read_codebook, write_codebook
    from qualcode.errors import QualcodeError
    from qualcode.export import export_tables
    from qualcode.identity import set_coder
    from qualcode.look import preview
    from qualcode.moved import relocations
    from qualcode.page import show
    from qualcode.places import at, turn
    from qualcode.plot import save_figure
    from qualcode.project import Project, create_project, open_project
    from qualcode.readers import formats, read_transcript
    from qualcode.repair import repair_project
    from qualcode.span import Span
    from qualcode.survey import preview_survey
    from qualcode.transcript import TimeMark, Transcript, Turn
    from qualcode.widget import coded_html, coding_widget

__version__ = "0.1.0"

_WHERE = {
    "Code": "codebook",
    "CodeMatrix": "analysis",
    "Organization": "analysis",
    "case_counts": "analysis",
    "read_organization": "analysis",
    "Codebook": "codebook",
    "Facet": "codebook",
    "Project": "project",
    "QualcodeError": "errors",
    "Span": "span",
    "TimeMark": "transcript",
    "Transcript": "transcript",
    "Turn": "transcript",
    "at": "places",
    "backup": "archive",
    "code_counts": "analysis",
    "found_of_key": "analysis",
    "coded_html": "widget",
    "coding_widget": "widget",
    "create_project": "project",
    "export_tables": "export",
    "formats": "readers",
    "matrix": "analysis",
    "matrix_from_table": "analysis",
    "open_project": "project",
    "preview": "look",
    "preview_survey": "survey",
    "read_codebook": "codebook_file",
    "read_transcript": "readers",
    "relocations": "moved",
    "repair_project": "repair",
    "restore": "archive",
    "retrieve": "analysis",
    "save_figure": "plot",
    "set_coder": "identity",
    "show": "page",
    "turn": "places",
    "write_codebook": "codebook_file",
}
"""Public name to the module that holds it; loaded on first use, so that the import stays quick."""

__all__ = [
    "Code",
    "CodeMatrix",
    "Codebook",
    "Facet",
    "Organization",
    "Project",
    "QualcodeError",
    "Span",
    "TimeMark",
    "Transcript",
    "Turn",
    "at",
    "backup",
    "case_counts",
    "code_counts",
    "coded_html",
    "coding_widget",
    "create_project",
    "export_tables",
    "formats",
    "found_of_key",
    "matrix",
    "matrix_from_table",
    "open_project",
    "plot",
    "preview",
    "preview_survey",
    "read_codebook",
    "read_organization",
    "read_transcript",
    "relocations",
    "repair_project",
    "restore",
    "retrieve",
    "save_figure",
    "set_coder",
    "show",
    "turn",
    "write_codebook",
]


def __getattr__(name: str) -> Any:
    if name == "plot":
        return import_module("qualcode.plot")
    if name not in _WHERE:
        raise AttributeError(f"module 'qualcode' has no attribute '{name}'")
    found = getattr(import_module(f"qualcode.{_WHERE[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
