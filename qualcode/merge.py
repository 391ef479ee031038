"""Two copies of a study into one, record by record, so that no coder's work is lost.

`merge_file` merges one file from its common base and the two sides; git calls it through
`qualcode merge-file`. `merge_folders` brings in a whole copy that came by other ways.
The result does not depend on which side is called ours, except where a conflict is reported.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from qualcode import merge_tables as tables
from qualcode.csvtext import not_too_deep
from qualcode.errors import FileProblems
from qualcode.merge_texts import merge_log, merge_memo
from qualcode.merge_toml import merge_toml

Merger = Callable[[str, bytes | None, bytes, bytes, list[str]], bytes]


def _table(kind: tables.TableKind) -> Merger:
    return lambda path, base, ours, theirs, notes: tables.merge_table(path, base, ours, theirs, kind, notes)


def _codebook(path: str, base: bytes | None, ours: bytes, theirs: bytes, notes: list[str]) -> bytes:
    from qualcode.merge_codebook import merge_codebook  # loads the YAML reader, which few merges need

    return merge_codebook(path, base, ours, theirs, notes)


TEXT_FIELDS = (("version", "length", "sha256", "file", "imported_from", "added", "title"),)
"""What data/sources/<source>.toml says about one text and must not be mixed from two."""

KINDS: tuple[tuple[str, Merger | None], ...] = (
    ("data/decisions/*/*/*.csv", _table(tables.DECISIONS)),
    ("data/codings/*/*.csv", _table(tables.CODINGS)),
    ("data/suggestions/*/*.csv", _table(tables.SUGGESTIONS)),
    ("data/memos/*/*.md", merge_memo),
    ("data/log/.states/*", None),
    ("data/transcripts/.versions/*", None),
    ("data/progress/*.csv", _table(tables.PROGRESS)),
    ("data/turns/*.csv", _table(tables.TURNS)),
    ("data/sources/*.toml", partial(merge_toml, together=TEXT_FIELDS)),
    ("data/coders/*.toml", merge_toml),
    ("data/log/*.jsonl", merge_log),
    ("data/cases.csv", _table(tables.CASES)),
    ("data/speakers.csv", _table(tables.SPEAKERS)),
    ("codebooks/*.yaml", _codebook),
    ("qualcode.toml", merge_toml),
)
"""How each kind of file is merged; None: the name says what the content must be. Deepest paths first."""


@dataclass(frozen=True)
class MergeResult:
    """One merged file.

    Parameters
    ----------
    content
        The merged bytes; ours where there is a conflict.
    notes
        What was decided where both sides had changed one thing, one sentence each.
    conflicts
        What a person must decide, one sentence each; empty for a clean merge.
    """

    content: bytes
    notes: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()


def merge_file(path: str, base: bytes | None, ours: bytes, theirs: bytes) -> MergeResult:
    r"""Merge one file of a study from its common base and two sides.

    Parameters
    ----------
    path
        Path in the study with "/", which says what kind of file it is; folders before it do no harm.
    base
        The bytes that both sides began from; None where both made the file.
    ours, theirs
        The bytes of the two sides.

    Returns
    -------
    MergeResult
        Which side is called ours makes no difference to a clean result.

    Examples
    --------
    >>> base = b"source,part,round,state\nP1,,,not started\nP2,,,not started\n"
    >>> ours = base.replace(b"P1,,,not started", b"P1,,,finished")
    >>> theirs = base.replace(b"P2,,,not started", b"P2,,,in progress")
    >>> print(merge_file("data/progress/ana.csv", base, ours, theirs).content.decode(), end="")
    source,part,round,state
    P1,,,finished
    P2,,,in progress
    """
    if ours == theirs or theirs == base:
        return MergeResult(ours)
    if ours == base:
        return MergeResult(theirs)
    pattern, merger = kind_of(path)
    if merger is None:
        return _merge_whole(path, pattern, ours, theirs)
    notes: list[str] = []
    try:
        with not_too_deep(path):
            content = merger(path, _usable(path, base, merger, notes), ours, theirs, notes)
    except FileProblems as error:
        sides = " or ".join(_broken_sides(path, merger, ours, theirs))
        return MergeResult(
            ours, conflicts=tuple(f"{problem} ({sides}; nothing was merged)" for problem in error.problems)
        )
    return MergeResult(content, tuple(notes))


def kind_of(path: str) -> tuple[str, Merger | None]:
    """Return the pattern in `KINDS` that a path ends with, and how to merge it; ("", None) if unknown.

    Examples
    --------
    >>> kind_of("team/study/data/codings/ana/P7a.csv")[0]
    'data/codings/*/*.csv'
    """
    parts = path.split("/")
    for pattern, merger in KINDS:
        wanted = pattern.split("/")
        if len(parts) >= len(wanted) and all(
            _fits(part, want) for part, want in zip(parts[-len(wanted) :], wanted, strict=True)
        ):
            return pattern, merger
    return "", None


def _fits(part: str, want: str) -> bool:
    if want == part or want == "*":
        return True
    return want.startswith("*") and part.endswith(want[1:])


def _usable(path: str, base: bytes | None, merger: Merger, notes: list[str]) -> bytes | None:
    """Return the base if it can be read; without it, nothing counts as removed."""
    if not base:
        return None
    try:
        with not_too_deep(path):
            merger(path, None, base, base, [])
    except FileProblems:
        notes.append(f"{path}: the common earlier state cannot be read, so nothing counts as removed.")
        return None
    return base


def _broken_sides(path: str, merger: Merger, ours: bytes, theirs: bytes) -> list[str]:
    broken = []
    for side, content in (("in this copy", ours), ("in the other copy", theirs)):
        try:
            with not_too_deep(path):
                merger(path, None, content, content, [])
        except FileProblems:
            broken.append(side)
    return broken or ["in both copies together"]


def _merge_whole(path: str, pattern: str, ours: bytes, theirs: bytes) -> MergeResult:
    """Merge a file that cannot be merged by record: where its name says its content, that one is right."""
    name = path.rsplit("/", 1)[-1].partition(".")[0]
    if pattern:
        right = [
            content for content in (ours, theirs) if hashlib.sha256(content).hexdigest().startswith(name)
        ]
        if len(right) == 1:
            return MergeResult(right[0], (f"{path}: one copy was damaged; the undamaged one stays.",))
    if path.endswith(".txt") and "transcripts" in path.split("/"):
        reason = (
            f"the text differs ({len(ours):,} bytes here, {len(theirs):,} in the other copy); this copy's stays. "
            "Decide which text is right; if they are two interviews, give one of them another id"
        )
    else:
        reason = "changed in both copies in ways that cannot be merged by record; this copy's stays"
    return MergeResult(ours, conflicts=(f"{path}: {reason}.",))
