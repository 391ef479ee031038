"""Where names are left after they were replaced, or cannot be seen: for a person to look at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from qualcode import folder as paths
from qualcode.folder import Folder, digest
from qualcode.verbs._ids_left import ids_told, without_ids
from qualcode.verbs._traces import Trace, contents, is_hidden_data, searchable, trace_of, words_of_path

if TYPE_CHECKING:
    from qualcode.readers._pseudonyms import Names

_OF_A_CODER = re.compile(
    r"data/(?:(?:codings|decisions|memos|suggestions)/[^/]+/|(?:coders|log|progress)/[^/]*$)"
)
"""Coders are called as they like: their ids are no names of participants."""

_GROUPS = {
    paths.VERSIONS: ("kept text", "kept texts"),
    paths.STATES: ("earlier state of a file", "earlier states of files"),
    paths.RAW_STATES: ("earlier state of hidden data", "earlier states of hidden data"),
}
"""Folders in which one file more or less says nothing to a reader."""


def names_left(
    folder: Folder, changed: Mapping[str, bytes | None], names: Names, sources: Iterable[str] = ()
) -> tuple[list[str], set[str]]:
    """Return the files of a study in which names stand, or which cannot be searched, and the pseudonyms of those names.

    Parameters
    ----------
    folder
        The study.
    changed
        Files as they will be (None: they go).
    names
        What is looked for: whole words in any capitals, words with other accents, parts of longer words.
    sources
        Ids of the sources that the study has: those that hold a name are told once, not for each of their files.
    """
    from qualcode.readers._reading import counted

    left: list[str] = []
    seen: set[str] = set()
    groups: dict[tuple[str, str], int] = {}
    known: dict[tuple[str, bool], Trace | None] = {}
    called = {id_: trace for id_ in sorted(sources) if (trace := trace_of(names, words_of_path(id_)))}
    seen.update(pseudonym for trace in called.values() for pseudonym in trace.pseudonyms)
    for file, content in contents(folder, changed):
        if (
            file.startswith(paths.RAW)
            and not file.startswith(f"{paths.RAW_STATES}/")
            and not is_hidden_data(file, content)
        ):
            left.append(f"{file} (as it came; it cannot be searched, take it out of the study)")
            continue
        text, sure = searchable(file, content)
        told, path = without_ids([*called], file, text)
        state = digest(content), told == text  # a text stands among the kept ones as well
        if state not in known:
            known[state] = trace_of(names, told)
        trace = known[state]
        in_name = None if trace else trace_of(names, words_of_path(_OF_A_CODER.sub("", path)))
        if in_name is not None:
            seen |= set(in_name.pseudonyms)
            left.append(f"{file} (its file name{'' if sure else '; the file cannot be searched'})")
            continue
        if trace is None:
            if not sure:
                left.append(f"{file} (cannot be searched; look at it yourself)")
            continue
        seen |= set(trace.pseudonyms)
        group = next((each for each in _GROUPS if file.startswith(f"{each}/")), "")
        if group:
            groups[group, trace.how] = groups.get((group, trace.how), 0) + 1
        elif file.startswith("data/transcripts/") and trace.how:
            listed = ", ".join(trace.pseudonyms)
            left.append(f"{file}: {counted(trace.count, 'word')} with the name of {listed} {trace.how}")
        elif file.startswith(("data/log/", "data/codings/")):
            left.append(f"{file} (in an id, or in a column of your own)")
        else:
            left.append(f"{file} ({trace.how})" if trace.how else file)
    left += [
        f"{group} ({counted(count, *_GROUPS[group])}{f', {how}' if how else ''}; list such words as names too)"
        for (group, how), count in sorted(groups.items())
    ]
    whose = ", ".join(sorted({pseudonym for trace in called.values() for pseudonym in trace.pseudonyms}))
    left += ids_told([*called], f"the name of {whose}")
    if any((each / ".git").exists() for each in (folder.path, *folder.path.parents)):
        left.append("the history of git, which keeps what was committed before")
    return left, seen
