"""What the library says in words of Python, said in words of the command line, one line each.

The one place where messages are translated: whoever writes a new message in the library looks here whether
somebody at a terminal can act on it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_OPTIONS = {
    "id": "--id",
    "title": "--title",
    "format": "--format",
    "encoding": "--encoding",
    "pseudonyms": "--pseudonyms",
    "keep": "--keep",
    "speakers": "--speaker",
    "roles": "--role",
    "facet": "--facet",
    "parent": "--parent",
    "codebook": "--codebook",
    "coders": "--coders",
    "width": "--width",
    "sheet": "--sheet",
    "columns": "--column",
    "split_by": "--split-by",
    "open": "--open",
    "closed": "--closed",
    "prefix": "--prefix",
}


def _as_options(option: str) -> Callable[[re.Match[str]], str]:
    """Return what writes {'a': 'b', 'c': d} as --option a=b --option c=D."""

    def write(found: re.Match[str]) -> str:
        pairs = re.findall(r"'([^']*)': (?:'([^']*)'|(\w+))", found[1])
        typed = [f"{left}={right or word.upper()}" for left, right, word in pairs]
        return " ".join(f"{option} '{each}'" if " " in each else f"{option} {each}" for each in typed)

    return write


TABLE: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"Say it once for this computer with qc\.set_coder.*", "Add --coder ana, or say it once for this computer: qualcode init --coder ana"),
    (r"Open it with qc\.open_project, or say exist_ok=True", "It stays as it is; see: qualcode status"),
    (r"qc\.create_project \(qualcode init\)", "qualcode init"),
    (r"\b\w+=True \((?:on the command line: )?(--\w+)\)", r"\1"),
    (r"\bpast_merge=True", "--past-merge"),
    (r"\b(replace|unrelated|create|synthetic)=True", r"--\1"),
    (r"project\.take_edits\(\) makes it a new version, coder= says who you are", "Say who you are, and the next command makes it a new version: qualcode init --coder ana"),
    (r"project\.take_edits\(\) makes", "The next command of a known coder makes"),
    (r"project\.update_source\('([^']*)', (?:path, )?\.\.\.\)", r"qualcode update \1 FILE"),
    (r"project\.add_sources\(path, split_by='([^']*)'\)", r"qualcode import FILE --split-by '\1'"),
    (r"project\.add_survey\(path\)", "qualcode survey FILE"),
    (r"project\.undo\(\)", "qualcode undo"),
    (r"\bcolumns=\{([^{}]*)\}", _as_options("--column")),
    (r"\bspeakers=\{([^{}]*)\}", _as_options("--speaker")),
    (r"\bclosed=\{([^{}]*)\}", _as_options("--closed")),
    (r"\bid=\"\"", "--id ''"),
    (r"\b(prefix|format)='([^']*)'", r"--\1 \2"),
    (r"\b(open|closed)=\[(?:'heading'|\.\.\.)\]", r"--\1 HEADING"),
    (r"\bid=\.\.\.", "--id HEADING"),
    (r"\bsheet=\.\.\.", "--sheet NAME"),
    (r"qc\.turn\(12\)", "turn:12"),
    (r"qc\.at\('00:01:02'\)", "00:01:02"),
    (r"\(start, end\)", "START-END"),
    (r"\((\d+), (\d+)\)", r"\1-\2"),
    (r"\b([Ss])ee project\.sources", r"\1ee: qualcode status"),
    (r"\b([Ss])ee project\.cases", r"\1ee: qualcode export"),
    (r"\b([Ss])ee project\.history\(\)", r"\1ee data/log"),
    (r"\b([Ss])ee codebook\.to_frame\(\)", r"\1ee: qualcode codebook"),
    (r"project\.add_source\(path\)", "qualcode import FILES"),
    (r"project\.replace_codebook\(path\)", "qualcode codebook import FILE"),
    (r"project\.new_facet\('\w+'\)", "a line under 'facets:' in codebooks/codebook.yaml"),
    (
        r"project\.merge_codes\(\[([^\]]*)\], '([^']*)'\)",
        lambda found: f"qualcode codebook merge {found[1].replace(chr(39), '').replace(',', '')} --into {found[2]}",
    ),
    (r"(?:project\.)?\b(new|rename|move|merge|retire)_codes?\b", r"qualcode codebook \1"),
    (r"\b(relation|style)='(\w+)'", r"--\1 \2"),
    (r"\bcount_by='(\w+)'", r"--count-by \1"),
    (r"\b(" + "|".join(_OPTIONS) + r")=(?=[ .,;\[]|$)(?:\[\])?", lambda found: _OPTIONS[found[1]]),
    (r"(?<!Python: )\b(?:project|qc)\.\w+", r"in Python: \g<0>"),
)  # fmt: skip
"""A pattern of what the library says, and what stands for it at a terminal; tried from first to last."""


def in_words(message: str) -> str:
    r"""Return a message of the library as one line for somebody at a terminal.

    Examples
    --------
    >>> in_words("Give a quote, (start, end), qc.turn(12)\nor qc.at('00:01:02').")
    'Give a quote, START-END, turn:12 or 00:01:02.'
    >>> in_words("Give facet= one of Theme, or parent=. See project.sources.")
    'Give --facet one of Theme, or --parent. See: qualcode status.'
    """
    for pattern, said in TABLE:
        message = re.sub(pattern, said, message)
    return one_line(message)


def one_line(text: str) -> str:
    r"""Return a text as one line that no terminal takes for a command.

    Examples
    --------
    >>> one_line("one\r\ntwo\u2028three \x1b[31m")
    'one two three [31m'
    """
    seen = "".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in text)
    return re.sub(r" {2,}", " ", seen).strip() if seen != text else text
