"""What the library says in words of Python, said in words of the coding page, for somebody with a mouse.

The one place where messages are translated for the page: whoever writes a new message that a step of the page can
call forth looks here whether a person at the page can act on it. `cli_words` does the same for the command line.
"""

from __future__ import annotations

import re

_CHOOSE = "Click its name beside the text, and choose"

TABLE: tuple[tuple[str, str], ...] = (
    (r"Use project\.set_stance\('[^']*', 'mixed'\)", f"{_CHOOSE} both below (key ~)"),
    (r"Use project\.set_stance\('[^']*', 'supports'\)", f"{_CHOOSE} supports below (key +)"),
    (r"Use project\.set_stance\('[^']*', 'counters'\)", f"{_CHOOSE} counters below (key -)"),
    (r"Use project\.recode\([^)]*\)", f"{_CHOOSE} Recode below (key r)"),
    (r"Use project\.uncode\([^)]*\)", f"{_CHOOSE} Take off below (key x)"),
    (r"project\.resize\([^)]*\)", "Borders below (key b)"),
    (r"project\.uncode\([^)]*\)", "Take off there (key x)"),
    (r"Use project\.rename_code for one", "For one, choose Rename from its menu …"),
    (r"Use project\.remove_memo\([^)]*\) to take it away", "Take away, a button of the memo, removes it"),
    (r"project\.merge_codes\(\[[^\]]*\], '[^']*'\)", "Merge into from its menu …"),
    (r"\(move_code\)", "(Move to, from its menu …)"),
    (r"Use (rename|move|split|retire)_code\b", r"Choose \1 from its menu …"),
    (r"Make one with project\.new_facet\('\w+'\)", "Make one with New code (key n)"),
    (r"See project\.history\(\)", "The button Undo says what is next"),
    (r"(?<!Python, )(?<![.\w])(?:project\.)?undo\(\)", "Undo (key u)"),
    (r"(?<!Python: )(?<!Python, )\b(?:project|qc)\.\w+", r"in Python: \g<0>"),
)  # fmt: skip
"""A pattern of what the library says, and what stands for it on the page; tried from first to last."""


def in_words(message: str) -> str:
    """Return a message of the library for somebody at the coding page.

    Examples
    --------
    >>> in_words("The passage is already coded with 'Trust', stance mixed. Use project.set_stance('b7', 'supports').")
    "The passage is already coded with 'Trust', stance mixed. Click its name beside the text, and choose supports below (key +)."
    >>> in_words("Take the edit first (project.take_edits()).")
    'Take the edit first (in Python: project.take_edits()).'
    """
    for pattern, said in TABLE:
        message = re.sub(pattern, said, message)
    return message
