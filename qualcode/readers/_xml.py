"""XML without its dangers: no entities, no network, no document type, bounded in size and depth.

Everything that reads XML goes through `parse_xml`: Word parts, ELAN, EXMARaLDA, TEI.
"""

from __future__ import annotations

import re
from typing import Any

from qualcode.errors import ReadError
from qualcode.readers._encoding import peek

MAX_TAGS = 4_000_000
"""More elements than the longest transcript has; each costs memory however short it is."""

_PROLOG = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->|<![A-Za-z][^<>\[]*(?:\[[^\]]*\]\s*)?>", re.DOTALL)
_ROOT = re.compile(r"<(?:[\w.-]{1,60}:)?([\w.-]{1,60})[\s/>]")


def parse_xml(
    path: object, content: bytes, broken: str, encoding: str | None = None, doctype: str = ""
) -> Any:
    r"""Return the root element of XML; nothing outside the bytes is ever looked at.

    A document type that only names its grammar is passed over (it is never fetched); one that declares
    anything is refused.

    Parameters
    ----------
    path
        For the message.
    content
        The bytes.
    broken
        What to say where they are no XML: what is wrong and what to do.
    encoding
        What the caller knows; else the XML says it itself.
    doctype
        Where not even a document type is allowed: what to say then.

    Raises
    ------
    ReadError
        If it is broken, nested too deeply, too large, or declares entities.

    Examples
    --------
    >>> local(parse_xml("a.xml", b"<t:a xmlns:t='u'>yes</t:a>", "it is broken."))
    'a'
    """
    if content.count(b"<") > MAX_TAGS:
        raise ReadError(path, "it has more parts than a transcript ever has; it was not opened.")
    from lxml import etree

    try:
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
            attribute_defaults=False, remove_comments=True, remove_pis=True, encoding=encoding,
        )  # fmt: skip
    except LookupError:
        raise ReadError(
            path, f"there is no encoding named {encoding!r}. Use for example 'utf-8', 'cp1252' or 'utf-16'."
        ) from None
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise ReadError(path, broken) from None
    about = root.getroottree().docinfo
    if doctype and about.doctype:
        raise ReadError(path, doctype)
    grammar = about.internalDTD
    if grammar is not None and (any(grammar.iterentities()) or any(grammar.iterelements())):
        raise ReadError(
            path, "it declares a document type of its own, which transcripts never do; it was not opened."
        )
    return root


def root_name(head: bytes) -> str:
    """Return the name of the first element of a file, without its namespace; "" where it is no XML.

    Examples
    --------
    >>> root_name(b'<?xml version="1.0"?><!-- made by x --><!DOCTYPE TEI SYSTEM "a"><TEI xmlns="u">')
    'TEI'
    >>> root_name(b"Ana: yes")
    ''
    """
    text = peek(head).removeprefix("\ufeff")
    at = 0
    while match := _PROLOG.match(text, at):
        at = match.end()
    found = _ROOT.match(text, at)
    return found.group(1) if found else ""


def local(element: Any) -> str:
    """Return the name of an element without its namespace; "" for comments, entities and the like."""
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def attribute(element: Any, name: str) -> str:
    """Return an attribute by its local name, "" where it is not there."""
    plain = element.get(name)
    if plain is not None:
        return str(plain)
    for key, value in element.attrib.items():
        if key.rsplit("}", 1)[-1] == name:
            return str(value)
    return ""


def child(element: Any, *names: str) -> Any | None:
    """Return the first element down a path of local names, or None."""
    for name in names:
        element = next((each for each in element if local(each) == name), None)
        if element is None:
            return None
    return element


def children(element: Any, name: str) -> list[Any]:
    """Return the children of a local name."""
    return [each for each in element if local(each) == name]


def words_of(element: Any | None) -> str:
    """Return all words in an element, runs of white space as one blank."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""
