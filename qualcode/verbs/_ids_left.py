"""Ids of sources that hold a name: told once, not for every file of the source and every table that names it."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TABLES = re.compile(r"data/(?!transcripts/|memos/|raw/|log/\.states/)")
"""Files that name sources by their ids, beside which nobody types whole sentences."""


def without_ids(ids: Sequence[str], file: str, text: str) -> tuple[str, str]:
    """Return a text and the path of its file without the ids of some sources, where they stand as ids.

    Examples
    --------
    >>> without_ids(["ana-1"], "data/speakers.csv", "ana-1,Ana,")
    (' ,Ana,', 'data/speakers.csv')
    >>> without_ids(["ana-1"], "data/turns/ana-1.csv", "1,Ana"), without_ids(["ana-1"], "data/memos/x/1.md", "as in ana-1")
    (('1,Ana', 'data/turns/ .csv'), ('as in ana-1', 'data/memos/x/1.md'))
    """
    if not ids or not file.startswith("data/"):
        return text, file
    each = "|".join(re.escape(id_) for id_ in sorted(ids, key=len, reverse=True))
    token = re.compile(rf"(?<![\w-])(?:{each})(?![\w-])")
    folder, _, name = file.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    path = f"{folder}/{token.sub(' ', stem)}{dot}{ending}" if token.fullmatch(stem) else file
    return (token.sub(" ", text) if _TABLES.match(file) else text), path


def ids_told(ids: Sequence[str], what: str) -> list[str]:
    """Return one sentence for ids of sources that hold a name.

    Parameters
    ----------
    what
        What they hold, in words: never the name itself.
    """
    from qualcode.readers._reading import enumerated

    if not ids:
        return []
    many = len(ids) > 1
    return [
        f"the id{'s' if many else ''} of source{'s' if many else ''} {enumerated(ids)} hold{'' if many else 's'} {what}: it stands "
        "in names of files, in tables and in the log. Ids never change; where this must not stay, import the file into a new "
        "study under another id"
    ]
