"""Hand-outs: interviews to code for somebody who has no Jupyter, as one page for any browser or as a small study."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomlkit

from qualcode import folder as paths
from qualcode.case import CASE_COLUMNS, SPEAKER_COLUMNS
from qualcode.csvtext import format_csv, utf8
from qualcode.errors import InvalidValue
from qualcode.file_names import given_path
from qualcode.folder import Folder

if TYPE_CHECKING:
    from qualcode.project import Project


@dataclass(frozen=True)
class HandoutReport:
    """What was handed out.

    Parameters
    ----------
    id
        The file of codings that comes back names it.
    path
        The page, or the folder.
    coder
        For whom.
    sources
        What they shall code.
    blind
        Whether the work of others is left out.
    """

    id: str
    path: Path
    coder: str
    sources: tuple[str, ...]
    blind: bool

    def __str__(self) -> str:
        what = "folder" if self.path.is_dir() else "page"
        back = (
            "Bring their work back with project.take_in(folder)."
            if self.path.is_dir()
            else "They open it in a browser, code, and send back the file that 'Save codings' writes: project.take_in(file)."
        )
        number = f"{len(self.sources)} source{'' if len(self.sources) == 1 else 's'}"
        return (
            f"A {what} for {self.coder} with {number} is in {self.path.name}. It holds what participants said: send it as you "
            f"would send a transcript. {back}"
        )

    __repr__ = __str__


def target_of(project: Project, path: Any, as_: str) -> Path:
    """Return where a hand-out goes: outside the study, and over nothing that is there.

    Raises
    ------
    InvalidValue
        If it cannot go there.
    """
    if as_ not in ("html", "folder"):
        raise InvalidValue(f"A hand-out is 'html' (one page) or 'folder' (a small study), got {as_!r}.")
    target = given_path(path).resolve()
    if target.is_relative_to(project.path):
        raise InvalidValue(
            f"{target.name} lies inside the study, where it would be shared with it. Give a place outside."
        )
    if as_ == "html" and target.suffix.lower() not in (".html", ".htm"):
        raise InvalidValue(f"A page ends in .html, got '{target.name}'. Give a name such as for-mia.html.")
    if target.exists():
        raise InvalidValue(f"{target.name} is there already. Give another name, or move it away.")
    if not target.parent.is_dir():
        raise InvalidValue(
            f"There is no folder {target.parent.name} to put {target.name} into. Make it first."
        )
    return target


def page_of(project: Project, id_: str, coder: str, sources: Sequence[str], blind: bool) -> bytes:
    """Return the page: everything in one file that asks no other computer for anything."""
    from qualcode.coding_page.data import (
        Viewer,
        codebook_dict,
        coder_dicts,
        coding_dict,
        memo_dict,
        memos_per_coding,
        source_dict,
        source_row,
    )
    from qualcode.coding_page.files import bundle, css, page_html

    viewer = Viewer(project, coder, blind)
    study = project._study
    seen = viewer.coders
    memos = [memo for memo in study.memos.values() if memo.author == coder]
    about = memos_per_coding(memos)
    codings: dict[str, list[dict[str, Any]]] = {source: [] for source in sources}
    for (owner, source), held in sorted(study.codings.items()):
        if owner not in seen or source not in codings:
            continue
        for row in held.rows.values():
            here = project._carried(source, row)
            if here["version"] == project._version_here(source):
                code = study.codebook.resolve(row["code"])
                codings[source].append(coding_dict(here, owner, code, about[row["id"]]))
    texts = {source: source_dict(viewer, source) for source in sources}
    book = codebook_dict(project)
    for code in book["codes"]:
        for example in code["examples"]:
            if example["source"] not in (None, *sources):
                example.update(
                    text=None, start=None, end=None
                )  # words of an interview that is not handed out
    data = {
        "handout": id_,
        "study": {"title": project.title, "id": id_},
        "coder": coder,
        "coders": coder_dicts(viewer),
        "blind": blind,
        "sources": [
            source_row(
                viewer, source, len(codings[source]), sum(each["coder"] == coder for each in codings[source])
            )
            for source in sources
        ],
        "texts": texts,
        "codings": codings,
        "codebook": book,
        "memos": [
            each
            for each in (memo_dict(project, memo) for memo in memos)
            if _is_about(each["targets"], sources)
        ],
    }
    for text in texts.values():
        text["audio"] = None  # a recording does not travel in the page
    title = f"{project.title}: {', '.join(sources)}" if len(sources) < 4 else project.title
    return page_html(title, bundle("page.js"), css(), data).encode("utf-8")


def _is_about(targets: Iterable[str], sources: Sequence[str]) -> bool:
    places = [target.split(":")[1] for target in targets if target.startswith(("source:", "turn:", "span:"))]
    return all(place in sources for place in places)


def write_folder(
    project: Project, target: Path, id_: str, coder: str, sources: Sequence[str], blind: bool
) -> None:
    """Write a small study: the sources, the codebook, the coder's own work; without logs and without attributes."""
    study, folder = project._study, project._folder
    about = tomlkit.document()
    about.update({"handout": id_, "coder": coder, "sources": list(sources)})
    files: dict[str, bytes | None] = {paths.HANDOUT: utf8(tomlkit.dumps(about))}

    def take(*names: str) -> None:
        for name in names:
            content = folder.read(name)
            if content is not None:
                files[name] = content

    take(paths.SETTINGS, paths.CODEBOOK, ".gitignore", ".gitattributes")
    for source in sources:
        here = project._version_here(source)
        take(
            paths.source_file(source),
            paths.turns_file(source),
            paths.text_file(source),
            paths.version_file(here),
        )
    owners = {coder} | (set() if blind else {c.id for c in study.coders.values() if c.kind != "key"})
    for owner in sorted(owners):
        take(paths.coder_file(owner), *(paths.codings_file(owner, source) for source in sources))
    take(paths.progress_file(coder))
    links = [row for row in study.speakers.rows if row["source"] in sources]
    cases = {row["case"]: row for row in study.cases.rows}
    wanted: set[str] = set()
    above = [row["case"] for row in links if row["case"]]
    while above:
        case = above.pop()
        if case in cases and case not in wanted:
            wanted.add(case)
            above.append(cases[case].get("parent", ""))
    for file, columns, rows in (
        (paths.SPEAKERS, SPEAKER_COLUMNS, links),
        (paths.CASES, CASE_COLUMNS, [cases[case] for case in sorted(wanted)]),
    ):
        if rows:
            files[file] = format_csv(list(columns), [[row.get(c, "") for c in columns] for row in rows])
    progress = files.get(paths.progress_file(coder))
    if progress is not None:
        kept = [row for row in study.progress.get(coder, []) if row["source"] in sources]
        columns = ("source", "part", "round", "state")
        files[paths.progress_file(coder)] = format_csv(
            list(columns), [[row[c] for c in columns] for row in kept]
        )
    target.mkdir()
    Folder(target).write({name: content for name, content in files.items() if not name.startswith(".git")})
    for name in (".gitignore", ".gitattributes"):
        if (content := files.get(name)) is not None:
            (target / name).write_bytes(content)
