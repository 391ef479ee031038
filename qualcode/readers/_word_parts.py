"""What stands in the other parts of a Word file: comments, properties, data of other programs.

Each function puts what it finds into `Page.hidden` and returns the notes that count it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qualcode.errors import ReadError
from qualcode.readers._document import comments_note
from qualcode.readers._hidden import PROPERTIES_NOTE, Piece
from qualcode.readers._page import Page
from qualcode.readers._reading import Note, counted
from qualcode.readers._word_body import read_story
from qualcode.readers._word_styles import Styles
from qualcode.readers._xml import attribute, children, local

_PERSONAL = ("Manager", "Company", "HyperlinkBase")
"""What the program itself writes about people and places; its counts of words and pages are nobody's."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a Word file.

    Parameters
    ----------
    names
        Of all parts.
    folder
        Where the main part lies.
    root
        Returns the root of a part, None where it is absent.
    """

    names: Sequence[str]
    folder: str
    root: Callable[[str], Any | None]

    def beside(self, name: str) -> Any | None:
        """Return the root of a part beside the main part."""
        return self.root(posixpath.join(self.folder, name))

    def at_ease(self, name: str) -> Any | None:
        """Return the root of a part, None where it is absent or broken: no interview is refused for its sake."""
        try:
            return self.root(name)
        except ReadError:
            return None


def read_comments(parts: Parts, page: Page, places: Mapping[str, Piece], styles: Styles) -> list[Note]:
    """Take the comments, and the accounts of their authors."""
    part = parts.beside("comments.xml")
    comments = children(part, "comment") if part is not None else []
    for comment in comments:
        piece = places.get(attribute(comment, "id")) or Piece("comment")
        piece.value, piece.author = read_story(comment, styles), attribute(comment, "author")
        page.hidden.append(piece)
    return comments_note(len(comments), len({attribute(each, "author") for each in comments}))


def read_properties(parts: Parts, page: Page) -> list[Note]:
    """Take the properties of the document, and the accounts of the authors of comments and changes."""
    core, app = parts.root("docProps/core.xml"), parts.at_ease("docProps/app.xml")
    facts = [each for each in core if local(each)] if core is not None else []
    facts += [each for each in app if local(each) in _PERSONAL] if app is not None else []
    found = [Piece("property", local(each), each.text or "") for each in facts if (each.text or "").strip()]
    people = parts.at_ease(posixpath.join(parts.folder, "people.xml"))
    for person in children(people, "person") if people is not None else ():
        for account in children(person, "presenceInfo"):
            found.append(
                Piece("property", "account", attribute(account, "userId"), attribute(person, "author"))
            )
    page.hidden += found
    return [PROPERTIES_NOTE] if found else []


def read_custom(parts: Parts, page: Page) -> list[Note]:
    """Take the properties and the data that other programs left in the file."""
    custom = parts.root("docProps/custom.xml")
    own = [each for each in custom if local(each)] if custom is not None else []
    found = [Piece("custom xml", attribute(each, "name"), "".join(each.itertext())) for each in own]
    items = [name for name in parts.names if re.fullmatch(r"customxml/item\d*\.xml", name.lower())]
    for name in items:
        root = parts.at_ease(name)
        written = _written(root) if root is not None else "(cannot be read)"
        found.append(Piece("custom xml", posixpath.basename(name), written))
    page.hidden += found
    noun = f"{counted(len(found), 'piece')} of data of other programs (custom XML)"
    return [Note("dropped", f"{noun}.", "custom xml")] if found else []


def _written(root: Any) -> str:
    from lxml import etree

    return str(etree.tostring(root, encoding="unicode"))
