"""Names that are looked for, what was found so far, and the study's past without them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qualcode import folder as paths
from qualcode.folder import Folder, digest
from qualcode.relocate import Edit
from qualcode.transcript import Turn
from qualcode.verbs._hidden import words_of
from qualcode.verbs._moving import Place, Words, replaced
from qualcode.verbs._past import in_words, rewritten_logs, version_files
from qualcode.verbs._rewriting import Rewriting

if TYPE_CHECKING:
    from qualcode.readers._pseudonyms import Names


@dataclass
class Search:
    """What is looked for, and what was found so far."""

    names: Names
    rename: Callable[[str], str]
    found: set[str] = field(default_factory=set)
    missing: list[str] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    joined: list[str] = field(default_factory=list)
    codings: dict[str, tuple[Place, Place]] = field(default_factory=dict)
    _labels: dict[str, bool] = field(default_factory=dict)

    def in_label(self, label: str) -> bool:
        """Whether a label (or title, or name of a file) holds a name; there are few, and they stand at every turn."""
        if label not in self._labels:
            self._labels[label] = self.in_words(label)
        return self._labels[label]

    def in_words(self, words: str) -> bool:
        """Whether a name stands in some words."""
        here = {place.pseudonym for place in self.names.find(words)}
        self.found |= here
        return bool(here)

    def without_names(self, text: str, turns: Iterable[Turn]) -> tuple[str, tuple[Edit, ...], Words]:
        """Return a text without names, the edits, and the words that stood there; no place reaches over two turns."""
        from qualcode.readers._pseudonyms import beside_digits
        from qualcode.readers._renaming import parts_of

        places = self.names.find(text)
        self.found |= {place.pseudonym for place in places}
        borders = sorted({at for turn in turns for at in (turn.span.start, turn.span.end)})
        parts = [(start, end, place) for place in places for start, end in parts_of(text, place, borders)]
        return replaced(
            text,
            [(start, end, beside_digits(text, start, end, place.pseudonym)) for start, end, place in parts],
        )


def drop_past(folder: Folder, work: Rewriting, search: Search, used: Collection[str]) -> int:
    """Take names out of the logs, and drop earlier states and texts that no source has any more; return how many.

    Parameters
    ----------
    used
        Versions of texts that a source has.
    """
    names, dropped = search.names, 0
    work.files |= rewritten_logs(
        folder, lambda event: {**event, "about": in_words(event["about"], search.rename)}
    )
    for file in folder.list_files([paths.STATES, paths.RAW_STATES]):
        content = folder.read(file) or b""
        text = words_of(content) if file.startswith(paths.RAW) else content.decode("utf-8", "replace")
        if search.in_words(text):
            work.files[file] = None
            dropped += 1
    for version, file in version_files(folder).items():
        content = folder.read(file) or b""
        text = content.decode("utf-8", errors="surrogateescape")
        if file in work.files or not search.in_words(text):
            continue
        if digest(content) != version:  # damaged: check names it, and somebody may mend it
            work.files[file] = names.replace(text).encode("utf-8", errors="surrogateescape")
        elif version not in used:
            work.files[file] = None
            dropped += 1
    return dropped
