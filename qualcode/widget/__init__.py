"""Coding in a notebook: `qc.coding_widget`, and `qc.coded_html` for a coded interview as one file to read."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qualcode.project import Project
    from qualcode.widget.coding import CodingWidget

__all__ = ["coded_html", "coding_widget"]


def coding_widget(
    project: Project,
    source: str | None = None,
    coder: str | None = None,
    *,
    blind: bool = False,
    height: str = "75vh",
    save_text: bool = False,
) -> CodingWidget:
    """Code interviews in a notebook, with mouse or keyboard; every step is written at once, as by the verbs.

    Parameters
    ----------
    project
        A `qualcode.Project`.
    source
        Id of the source shown first; else the one that was open last.
    coder
        Whose codings are made; else the coder of the project.
    blind
        Leave out everything of other coders: codings, memos, counts.
    height
        Of the widget, as in CSS: "75vh" is three quarters of the window, "600px" is fixed.
    save_text
        Whether the notebook keeps the coded transcript when it is saved. By default it keeps counts and no
        words of participants.

    Returns
    -------
    CodingWidget
        Shows itself as the last line of a cell. `widget.selection` is what is selected, `widget.on_coding(function)`
        calls a function with every new coding, `widget.go(source, turn)` opens a place.

    Raises
    ------
    UnknownSource
        If the study has no such source.
    InvalidValue
        If it is not known who codes, or the height is none.

    Examples
    --------
    >>> import tempfile
    >>> from qualcode.testing import make_project
    >>> coding_widget(make_project(tempfile.mkdtemp() + "/study"), "S1")
    <CodingWidget S1: 6 turns, 5 codings by ana>
    """
    from qualcode.widget.coding import CodingWidget

    return CodingWidget(project, source, coder, blind=blind, height=height, save_text=save_text)


def coded_html(
    project: Project,
    source: str,
    path: str | os.PathLike[str],
    *,
    coders: str | Iterable[str] | None = None,
) -> Path:
    """Write a coded interview as one HTML file, to read, to print, to show somebody. It holds no script.

    The file holds words of participants. Inside the study it is written below data/raw only, which git leaves alone;
    elsewhere you are told if the folder is one that git shares. An interview marked synthetic may lie anywhere.

    Parameters
    ----------
    project
        A `qualcode.Project`.
    source
        Id of the source.
    path
        The file, ending in .html; one that is there is replaced.
    coders
        Whose codings are shown; everybody's but a key's when None.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    Refused
        If the file would lie inside the study where it may be shared.
    UnknownSource, UnknownCoder
        If the study has no such source or coder.
    FolderError
        If this copy of the study was shared without the text, or the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from qualcode.testing import make_project
    >>> project = make_project(tempfile.mkdtemp() + "/study")
    >>> coded_html(project, "S1", tempfile.mkdtemp() + "/S1.html", coders="ana").name
    'S1.html'
    """
    from qualcode.widget.still import write_still

    return write_still(project, source, path, coders)
