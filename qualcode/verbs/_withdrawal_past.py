"""A participant who withdraws leaves the study's past: logs, earlier states of tables, texts that no source has."""

from __future__ import annotations

from typing import Any

from qualcode import folder as paths
from qualcode.csvtext import parse_csv
from qualcode.errors import FileProblems
from qualcode.folder import Folder
from qualcode.study import Study
from qualcode.verbs._past import IDS, Past, in_words, rewritten_logs, version_files
from qualcode.verbs._rewriting import Rewriting
from qualcode.verbs._traces import tokens_in
from qualcode.verbs._withdrawal_traces import Evidence, is_telling
from qualcode.verbs._withdrawal_who import Withdrawn


def clean_past(
    study: Study, folder: Folder, work: Rewriting, past: Past, gone: Withdrawn, evidence: Evidence
) -> None:
    """Take what is gone out of the logs, and drop earlier states and texts that tell of it."""
    memos = {
        file.rsplit("/", 1)[1].removesuffix(".md") for file in work.removed if file.startswith("data/memos/")
    }
    ids = {gone.case, *gone.whole, *gone.earlier, *gone.codings, *gone.suggestions, *memos}
    _keep_texts_of_others(study, work, gone)
    work.files |= rewritten_logs(folder, lambda event: _without(event, work.removed, ids, gone, evidence))
    words = {id_ for id_ in ids if is_telling(id_)} | {f"case:{gone.case}"}
    labels = {label for labels in gone.shared.values() for label in labels if is_telling(label)}
    for file in folder.list_files([paths.STATES]):
        of = past.states.get(file.rsplit("/", 1)[1], set())
        content = (folder.read(file) or b"").decode("utf-8", errors="replace")
        tables = not of or paths.SPEAKERS in of
        if (
            any(_is_of(each, gone) for each in of)
            or tokens_in(content, words | labels if tables else words)
            or _has_row(content, gone)
            or evidence.found_in(content, ids=False, passages=False)
        ):
            work.files[file] = None
    used = {
        version
        for record in study.sources.values()
        if record.id not in gone.whole
        for version in (record.version, *record.versions)
    }
    theirs = gone.whole | gone.earlier | gone.ever | {*gone.shared}
    for version, file in version_files(folder).items():
        if version in used or file in work.files:
            continue
        owners = {source for source, versions in past.texts.items() if version in versions}
        content = (folder.read(file) or b"").decode("utf-8", errors="replace")
        if owners & theirs or evidence.found_in(content, ids=False, passages=False):
            work.files[file] = None


def _has_row(content: str, gone: Withdrawn) -> bool:
    """Whether an earlier state of a table (cases, speakers, progress) has a row on the case or a source of it."""
    try:
        header, values, _ = parse_csv(content.encode("utf-8", errors="replace"), "")
    except FileProblems:  # it is no table
        return False
    of = {"case": {gone.case}, "parent": {gone.case}, "source": gone.whole | gone.earlier}
    return any(row[at] in of[name] for at, name in enumerate(header) if name in of for row in values)


def _keep_texts_of_others(study: Study, work: Rewriting, gone: Withdrawn) -> None:
    """Keep a version that another source has as well: then the very same text is somebody else's interview."""
    for source, record in study.sources.items():
        if source not in gone.whole and source not in gone.shared:
            for version in (record.version, *record.versions):
                if work.files.get(paths.version_file(version), b"") is None:
                    del work.files[paths.version_file(version)]


_OF_A_SOURCE = tuple(
    f"data/{folder}/" for folder in ("sources", "turns", "codings", "suggestions", "decisions", "raw")
)


def _is_of(file: str, gone: Withdrawn) -> bool:
    """Whether a file was that of a source that is gone, or the turns of one whose turns were blanked."""
    source = file.rsplit("/", 1)[-1].rpartition(".")[0]
    if not file.startswith(_OF_A_SOURCE):
        return False
    return source in gone.whole | gone.earlier or (source in gone.shared and file.startswith("data/turns/"))


def _without(
    event: dict[str, Any], removed: set[str], ids: set[str], gone: Withdrawn, evidence: Evidence
) -> dict[str, Any]:
    """Return an event of the log without what is gone; that something was done then stays on record."""
    ours = gone.whole | gone.earlier
    texts = {paths.text_file(source) for source in ours}

    def is_kept(file: str) -> bool:
        return (
            file not in removed and file not in texts and not (_is_of(file, gone) and _source(file) in ours)
        )

    rows = {
        file: {
            kind: [row for row in change[kind] if row.get("id") not in gone.codings | gone.suggestions]
            for kind in ("added", "removed")
        }
        for file, change in event["rows"].items()
        if is_kept(file)
    }
    about = event["about"]
    source = about.get("source")
    labels = gone.shared.get(source, set()) if isinstance(source, str) else set()
    told = {
        key: [each for each in value if not (isinstance(each, str) and _names(each, ids))]
        if isinstance(value, list)
        else value
        for key, value in about.items()
        if not (isinstance(value, str) and (value in ids or (key == "speaker" and value in labels)))
        and not (source in ours and key in IDS | {"speaker", "title", "file"})
    }
    if evidence.names is not None:
        told = in_words(told, evidence.names.replace)
    return {
        **event,
        "about": told,
        "files": {file: states for file, states in event["files"].items() if is_kept(file)},
        "rows": {file: change for file, change in rows.items() if any(change.values())},
    }


def _source(file: str) -> str:
    return file.rsplit("/", 1)[-1].rpartition(".")[0]


def _names(target: str, ids: set[str]) -> bool:
    return target in ids or any(part in ids for part in target.split(":"))
