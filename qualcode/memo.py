"""Memo: what a researcher thinks, attached to whatever it is about."""

from __future__ import annotations

from dataclasses import dataclass

from qualcode.csvtext import decode, utf8
from qualcode.errors import FileProblems, InvalidValue, Problem

TARGET_KINDS = ("study", "source", "turn", "span", "case", "code", "coding")


@dataclass(frozen=True, slots=True)
class Memo:
    """A note of a researcher.

    Parameters
    ----------
    id
        Never changes.
    author
        Id of the coder who wrote it.
    created
        ISO 8601 in UTC.
    kind
        "theory", "method", "reflection", "member check", "coding", or what the team uses.
    targets
        What it is about: "study", "source:P7a", "turn:P7a:12", "span:P7a:<version>:120:188", "case:P7a",
        "code:trust", "coding:1f3a..."; none for a free memo.
    text
        Markdown.
    """

    id: str
    author: str
    created: str
    kind: str
    targets: tuple[str, ...]
    text: str


def check_target(target: str) -> str:
    """Return a target, or raise InvalidValue saying how targets are written.

    Examples
    --------
    >>> check_target("turn:P7a:12")
    'turn:P7a:12'
    """
    kind, _, rest = target.partition(":")
    if kind not in TARGET_KINDS or (kind == "study") != (rest == "") or "\n" in target:
        raise InvalidValue(
            f"A memo cannot be attached to {target!r}. Use study, source:ID, turn:SOURCE:NUMBER, case:ID, "
            "code:ID or coding:ID."
        )
    return target


def format_memo(memo: Memo) -> bytes:
    """Return a memo as a Markdown file with front matter; `parse_memo` gives the same memo back.

    Raises
    ------
    InvalidValue
        If a field of the front matter is not one line.
    """
    for name in ("id", "author", "created", "kind"):
        value = getattr(memo, name)
        if "\n" in value or "\r" in value or value != value.strip():
            raise InvalidValue(f"The {name} {value!r} of a memo must be one line without blanks around it.")
    lines = [
        "---",
        f"id: {memo.id}",
        f"author: {memo.author}",
        f"created: {memo.created}",
        f"kind: {memo.kind}",
    ]
    if memo.targets:
        lines += ["targets:", *(f"- {target}" for target in memo.targets)]
    text = memo.text.replace("\r\n", "\n").replace("\r", "\n")
    return utf8("\n".join([*lines, "---", text]) + "\n")


def parse_memo(content: bytes, file: str) -> Memo:
    """Return the memo of a Markdown file.

    Raises
    ------
    FileProblems
        If the front matter is missing or lacks id, author or created.
    """
    lines = decode(content, file).split("\n")
    try:
        close = lines.index("---", 1)
    except ValueError:
        close = 0
    if lines[0] != "---" or not close:
        raise FileProblems(
            [
                Problem(
                    file,
                    "1",
                    "a memo begins with '---', its fields and '---' again",
                    "see docs/project-format.md",
                )
            ]
        )
    fields: dict[str, str] = {}
    targets: list[str] = []
    for line in lines[1:close]:
        if line.startswith("- "):
            targets.append(line[2:].strip())
        elif ":" in line:
            key, _, value = line.partition(":")
            fields[key.strip()] = value.strip()
    missing = [key for key in ("id", "author", "created") if not fields.get(key)]
    if missing:
        raise FileProblems([Problem(file, "2", f"the memo misses {', '.join(missing)}", "restore the line")])
    text = "\n".join(lines[close + 1 :])
    return Memo(
        fields["id"],
        fields["author"],
        fields["created"],
        fields.get("kind", ""),
        tuple(targets),
        text.removesuffix("\n"),
    )
