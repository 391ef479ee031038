"""In which order the codes of a study were made: what hangs on it stays when codes are moved, renamed or merged."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qualcode.project import Project

_MAKING = (b'"new code"', b'"split code"')


def order_made(project: Project) -> list[str]:
    """Return the codes that the log knows to have been made one by one, the oldest first.

    Those that came with a codebook are not among them. Broken lines of a log are passed over: `check` tells of them.

    Examples
    --------
    >>> import tempfile
    >>> from qualcode.testing import make_project
    >>> project = make_project(tempfile.mkdtemp() + "/study")
    >>> made = [project.new_code(name, facet="theme") for name in ("Zeal", "Hope")]
    >>> project.move_code("Zeal", after="hope", facet="theme")
    >>> order_made(project)[-2:] == made
    True
    """
    found: list[tuple[str, int, str]] = []
    folder = project._folder
    for file in folder.list_files(["data/log"]):
        if not file.endswith(".jsonl") or file.count("/") != 2:
            continue
        for line in (folder.read(file) or b"").split(b"\n"):
            if any(verb in line for verb in _MAKING):
                found += _made_in(line)
    return list(dict.fromkeys(code for _, _, code in sorted(found)))


def _made_in(line: bytes) -> list[tuple[str, int, str]]:
    try:
        event = json.loads(line)
        time, about = event["time"], event["about"]
        codes = [about["code"]] if event["verb"] == "new code" else []
        if event["verb"] == "split code":
            codes = about["into"]
        return [(time, number, code) for number, code in enumerate(codes) if isinstance(code, str)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []
