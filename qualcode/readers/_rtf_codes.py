r"""What the control words of RTF mean for the text: code pages, signs, and groups that hold no visible words."""

from __future__ import annotations

import codecs

CHARSETS = {
    0: "cp1252", 1: "", 2: "symbol", 77: "mac_roman", 78: "shift_jis", 79: "big5", 80: "euc_kr", 81: "mac_arabic",
    82: "cp1255", 83: "mac_greek", 84: "mac_cyrillic", 87: "cp874", 88: "mac_latin2", 128: "cp932", 129: "cp949",
    130: "johab", 134: "gbk", 136: "big5", 161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255",
    178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
r"""\fcharsetN of a font: the encoding of its bytes; "" the one of the file."""

FILE_ENCODINGS = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
PAGES = {"10000": "mac_roman", "10006": "mac_greek", "10007": "mac_cyrillic", "10029": "mac_latin2",
         "10081": "mac_turkish", "65001": "utf-8", "936": "gbk", "1361": "johab"}  # fmt: skip

SIGNS = {
    "tab": "\t", "line": "\n", "lbr": "\n", "softline": "", "emdash": "\u2014", "endash": "\u2013",
    "emspace": "\u2003", "enspace": "\u2002", "qmspace": "\u2005", "bullet": "\u2022", "lquote": "\u2018",
    "rquote": "\u2019", "ldblquote": "\u201c", "rdblquote": "\u201d", "zwj": "\u200d", "zwnj": "\u200c",
    "ltrmark": "\u200e", "rtlmark": "\u200f", "~": "\xa0", "_": "\u2011", "-": "", "{": "{", "}": "}", "\\": "\\",
}  # fmt: skip
"""Control words and symbols that are a sign of the text."""

SILENT = frozenset(
    [
        "fonttbl",
        "colortbl",
        "info",
        "filetbl",
        "listtable",
        "listoverridetable",
        "revtbl",
        "rsidtbl",
        "generator",
        "themedata",
        "colorschememapping",
        "latentstyles",
        "datastore",
        "xmlnstbl",
        "mmathPr",
        "wgrffmtfilter",
        "fldinst",
        "bkmkstart",
        "bkmkend",
        "xe",
        "tc",
        "rxe",
        "txe",
        "objdata",
        "objclass",
        "objname",
        "nonesttables",
        "nesttableprops",
        "background",
        "pgptbl",
        "pgdsctbl",
        "userprops",
        "docvar",
        "template",
        "ftnsep",
        "ftnsepc",
        "ftncn",
        "aftnsep",
        "aftnsepc",
        "aftncn",
        "datafield",
        "ffname",
        "ffdeftext",
        "fname",
        "falt",
        "panose",
        "atnid",
        "atndate",
        "atntime",
        "atnparent",
        "atnicn",
        "sp",
        "shprslt",
        "pntxta",
        "pntxtb",
        "pnseclvl",
        "private",
        "htmltag",
        "mailmerge",
        "expandedcolortbl",
    ]
)
"""Groups that hold no words of the page."""

STARRED = frozenset(("shpinst", "shptxt", "ud", "footnote", "annotation", "atnauthor", "stylesheet", "fldrslt", "shpgrp",
                     "cs", "pntext", "atnref", "atrfstart", "atrfend"))  # fmt: skip
r"""Groups marked \* that are looked into all the same; every other one may be ignored, says the format."""


INFO = frozenset(("author", "title", "subject", "operator", "manager", "company", "keywords", "category", "comment",
                  "doccomm", "hlinkbase"))  # fmt: skip
"""Groups inside of the properties that hold words."""


def encoding_of_page(page: str) -> str:
    r"""Return the encoding of \ansicpgN, "cp1252" where there is none of that number.

    Examples
    --------
    >>> encoding_of_page("1251"), encoding_of_page("10000"), encoding_of_page("0")
    ('cp1251', 'mac_roman', 'cp1252')
    """
    name = PAGES.get(page, f"cp{page}")
    try:
        return name if len(page) < 8 and codecs.lookup(name)._is_text_encoding else "cp1252"
    except LookupError:
        return "cp1252"
