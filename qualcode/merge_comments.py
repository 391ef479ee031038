"""Comments in files that people edit by hand (codebook.yaml, qualcode.toml), kept through a merge."""

from __future__ import annotations

from dataclasses import dataclass, field

from qualcode.merge_values import merge_list, pick

Anchor = tuple[str, ...]
"""What a comment belongs to: the path of the entry under or beside it; () is the end of the file."""


@dataclass
class Comments:
    """The comments of one file by what they belong to.

    Parameters
    ----------
    above
        Lines that stand on their own above an entry.
    beside
        What follows an entry on its line.
    """

    above: dict[Anchor, tuple[str, ...]] = field(default_factory=dict)
    beside: dict[Anchor, str] = field(default_factory=dict)


def merge_comments(base: Comments, ours: Comments, theirs: Comments) -> Comments:
    """Return the comments that the merged file shall have: additions and removals of both sides.

    Examples
    --------
    >>> merge_comments(Comments(), Comments({("a",): ("# one",)}), Comments({("a",): ("# two",)})).above
    {('a',): ('# one', '# two')}
    """
    merged = Comments()
    for anchor in sorted({*ours.above, *theirs.above}):
        b, o, t = (side.above.get(anchor, ()) for side in (base, ours, theirs))
        lines, both = pick(b, o, t)
        merged.above[anchor] = tuple(merge_list(b, o, t)) if both else lines
    for anchor in sorted({*ours.beside, *theirs.beside}):
        words = pick(base.beside.get(anchor), ours.beside.get(anchor), theirs.beside.get(anchor))[0]
        if words is not None:
            merged.beside[anchor] = words
    return merged
