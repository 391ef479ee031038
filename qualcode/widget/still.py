"""A coded interview as one HTML file: to read and to print, without script, nothing loaded from anywhere."""

from __future__ import annotations

import contextlib
import os
import warnings
from collections.abc import Iterable
from html import escape
from pathlib import Path

from qualcode.coding_page.blocks import Block, blocks
from qualcode.coding_page.colours import colours
from qualcode.coding_page.data import text_of
from qualcode.coding_page.made import order_made
from qualcode.errors import FolderError, InvalidValue, Refused, UnknownCoder, did_you_mean
from qualcode.file_names import given_path
from qualcode.git import would_share
from qualcode.page import Coded, Line, coded_passages, coders_named, pieces
from qualcode.places import clock
from qualcode.project import Project
from qualcode.span import Span
from qualcode.transcript import Transcript

_STYLE = """
:root { color-scheme: light dark; --ink: #1c1c1c; --quiet: #5f5f5f; --ground: #fff; --tint: #e6edf7; --rule: #d9d9d9; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e8e8; --quiet: #a8a8a8; --ground: #191919; --tint: #2c3a4f; --rule: #3d3d3d; }
}
@media print { :root { --ink: #000; --quiet: #4a4a4a; --ground: #fff; --tint: #e6edf7; } }
body { margin: 2.5rem auto; padding: 0 1.5rem; max-width: 68rem; color: var(--ink); background: var(--ground);
  font: 16px/1.6 system-ui, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif; }
h1 { font-size: 1.5rem; margin: 0; }
header p, footer { color: var(--quiet); margin: .25rem 0; font-size: .9rem; }
.notice { color: var(--ink); border: 1px solid currentColor; padding: .3rem .7rem; display: inline-block; }
.block { display: grid; grid-template-columns: 8rem minmax(0, 72ch) minmax(8rem, 1fr); gap: 0 1.25rem;
  padding: .45rem 0; break-inside: avoid-page; }
.who { color: var(--quiet); font-size: .85rem; text-align: right; padding-top: .15rem; }
.who b { color: var(--ink); font-weight: 600; overflow-wrap: anywhere; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; }
.outside .text, .interviewer .text { color: var(--quiet); }
.outside .text { font-style: italic; }
mark { color: inherit; background: var(--tint); border-bottom: 2px solid var(--code); }
ul.codes { list-style: none; margin: 0; padding: 0; font-size: .82rem; line-height: 1.4; }
ul.codes li { border-left: 4px solid var(--code); padding-left: .5rem; margin-bottom: .2rem; }
ul.codes small { color: var(--quiet); }
footer { border-top: 1px solid var(--rule); margin-top: 2rem; padding-top: .6rem; }
@media (max-width: 44rem) { .block { grid-template-columns: 1fr; } .who { text-align: left; } }
"""


def write_still(
    project: Project, source: str, path: str | os.PathLike[str], coders: str | Iterable[str] | None
) -> Path:
    """Write a coded interview as one HTML file; see `qualcode.coded_html`."""
    project.codebook  # noqa: B018  (reads what changed on disk)
    record = project._source(source)
    file = _place(project, path, record.synthetic)
    text = text_of(project, source)
    content = still_html(project, text, _coders(project, coders), synthetic=record.synthetic)
    temporary = file.with_name(f"{file.name}.tmp")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(content, encoding="utf-8", newline="\n")
        temporary.replace(file)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise FolderError(f"{file.name} cannot be written ({error.strerror or error}).") from None
    return file


def still_html(project: Project, text: Transcript, coders: set[str], *, synthetic: bool) -> str:
    """Return a coded interview as HTML."""
    codings = coded_passages(project, text, coders)
    shades = {
        project._study.codebook.code(id_).name: shade
        for id_, shade in colours(project._study.codebook, order_made(project)).items()
    }
    parts = blocks(text)
    body, told = [], set[Coded]()
    for block in parts:
        span = Span(block["start"], block["start"] + len(block["text"]))
        line = Line(block["turn"], block["speaker"], block["begins"], span, block["text"])
        begins = [coded for coded in codings if coded.span.overlaps(span) and coded not in told]
        told |= set(begins)
        body.append(_block(block, line, codings, begins, shades))
    by = {coder: sum(1 for coded in codings if coded.coder == coder) for coder in sorted(coders)}
    counts = ", ".join(f"{number} by {coder}" for coder, number in by.items() if number) or "none"
    notice = '<p class="notice">SYNTHETIC: nobody said these words.</p>' if synthetic else ""
    private = (
        "" if synthetic else "It holds words of a participant: pass it on as carefully as the transcript. "
    )
    return (
        f'<!doctype html>\n<html lang="{escape(text.language or "en")}">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(text.title or text.id)}, coded</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<header>\n<h1>{escape(text.title or text.id)}</h1>\n"
        f"<p>{escape(project.title)} · {escape(text.id)} · {len(text.turns)} turns · codings: {escape(counts)}</p>\n"
        f"{notice}\n</header>\n<main>\n" + "\n".join(body) + "\n</main>\n"
        f"<footer>Made by qualcode from version {text.version} of the text. {private}</footer>\n</body>\n</html>\n"
    )


def _block(
    block: Block, line: Line, codings: list[Coded], begins: list[Coded], shades: dict[str, str]
) -> str:
    kind = "outside" if block["turn"] is None else block["role"] or "spoken"
    who = f"<b>{escape(block['speaker'])}</b>" if block["speaker"] else ""
    number = str(block["turn"] or "")
    when = clock(block["begins"]) if block["begins"] is not None else ""
    small = " ".join(part for part in (number, when) if part)
    names = "".join(
        f'<li style="--code:{_shade(coded, shades)}">{escape(coded.code)} <small>{escape(_by(coded))}</small></li>'
        for coded in begins
    )
    return (
        f'<section class="block {kind}"><div class="who">{who} {small}</div>'
        f'<div class="text" dir="auto">{_marked(line, codings, shades)}</div>'
        + (f'<ul class="codes">{names}</ul>' if names else "")
        + "</section>"
    )


def _marked(line: Line, codings: list[Coded], shades: dict[str, str]) -> str:
    """Return the words of a block; what is coded has one ground, a line in the colour of its code, and its names."""
    found = []
    for words, here in pieces(line, codings):
        text = escape(words)
        if here:
            names = escape("; ".join(f"{coded.code} ({_by(coded)})" for coded in here), quote=True)
            text = f'<mark style="--code:{_shade(here[-1], shades)}" title="{names}">{text}</mark>'
        found.append(text)
    return "".join(found)


def _by(coded: Coded) -> str:
    return coded.coder + ("" if coded.stance == "supports" else f", {coded.stance}")


def _shade(coded: Coded, shades: dict[str, str]) -> str:
    return shades.get(coded.code, "#767676")


def _coders(project: Project, coders: str | Iterable[str] | None) -> set[str]:
    known = project._study.coders
    if coders is None:
        return {id_ for id_, coder in known.items() if coder.kind != "key"}
    wanted = coders_named(coders)
    assert wanted is not None
    for coder in sorted(wanted - set(known)):
        raise UnknownCoder(
            f"The study has no coder {coder!r}.{did_you_mean(coder, known)} Its coders: {', '.join(sorted(known))}."
        )
    return wanted


def _place(project: Project, path: str | os.PathLike[str], synthetic: bool) -> Path:
    """Return where the file may be written.

    Raises
    ------
    Refused
        If it would lie inside the study where it may be shared.
    """
    file = given_path(path).resolve()
    if file.suffix.lower() not in (".html", ".htm"):
        raise InvalidValue(f"{file.name} must end in .html, so that a browser opens it.")
    if file.is_dir():
        raise InvalidValue(f"{file.name} is a folder. Give the name of a file, such as S1.html.")
    if synthetic:
        return file
    if file.is_relative_to(project.path) and not file.is_relative_to(project.path / "data" / "raw"):
        raise Refused(
            f"{file.name} would hold words of participants and lie inside the study, where it can be shared by mistake. "
            "Write it to a folder outside the study, or below data/raw, which git leaves alone."
        )
    if would_share(file):
        warnings.warn(
            f"{file.name} holds words of participants and lies in a folder that git shares. Move it, or keep it out of git.",
            stacklevel=4,
        )
    return file
