"""What check finds in suggestions and decisions: whatever they name must be there."""

from __future__ import annotations

from collections.abc import Iterator

from qualcode import folder as paths
from qualcode.check_files import Files
from qualcode.check_known import Known
from qualcode.coding import Row
from qualcode.errors import Problem, did_you_mean
from qualcode.study import Study


def check_suggestions(study: Study, files: Files, known: Known) -> Iterator[Problem]:
    """Find suggestions of nobody, of no source, code or text, and decisions on suggestions that are not there."""
    seen: dict[str, str] = {}
    for (assistant, source), held in sorted(study.suggestions.items()):
        file = paths.suggestions_file(assistant, source)
        maker = study.coders.get(assistant)
        if assistant not in known.coders:
            what = f"belongs to the assistant '{assistant}', whom the study does not have"
            yield Problem(file, "", what, f"restore {paths.coder_file(assistant)}")
        elif maker is not None and maker.kind != "machine":
            what = f"says that '{assistant}' suggested this, a coder of kind {maker.kind}; only a machine suggests"
            yield Problem(file, "", what, f"correct {paths.coder_file(assistant)}, or move the file away")
        if source not in known.sources:
            hint = did_you_mean(source, study.sources)
            what = f"is about the source '{source}', which the study does not have.{hint}"
            yield Problem(file, "", what, "restore the source, or rename the file")
            continue
        for number, row in enumerate(held.rows.values(), start=2):
            if row["id"] in seen:
                what = f"the id {row['id']} is also in {seen[row['id']]}"
                yield Problem(file, str(number), what, "a file was copied; remove the copy")
            seen[row["id"]] = file
            yield from _row(study, known, source, file, str(number), row)
    unread = any(file.startswith("data/suggestions") for file in known.unread)
    for (coder, assistant, source), held in sorted(study.decisions.items()):
        file = paths.decisions_file(coder, assistant, source)
        if coder not in known.coders:
            what = f"belongs to the coder '{coder}', whom the study does not have"
            yield Problem(file, "", what, f"restore {paths.coder_file(coder)}")
        for number, row in enumerate(held.rows.values(), start=2):
            if row["id"] not in seen and not unread and source in known.sources:
                what = f"decides on the suggestion {row['id']}, which is not there"
                fix = f"restore {paths.suggestions_file(assistant, source)}"
                yield Problem(file, str(number), what, fix)


def _row(study: Study, known: Known, source: str, file: str, line: str, row: Row) -> Iterator[Problem]:
    if row["code"] and row["code"] not in known.codes:
        hint = did_you_mean(row["code"], [code.id for code in study.codebook.codes])
        what = f"the code '{row['code']}' is not in the codebook.{hint}"
        yield Problem(file, line, what, "bring the code back with its id, or undo")
    record = study.sources.get(source)
    if record is None:
        return  # its file cannot be read
    if row["version"] == record.version and int(row["end"]) > record.length:
        what = f"[{row['start']}, {row['end']}) ends after the text of {record.length} characters"
        yield Problem(file, line, what, "restore the line from git or a backup")
    if row["version"] not in (record.version, *record.versions, *record.replaced):
        what = f"belongs to a text version {row['version']} that {source} never had"
        yield Problem(file, line, what, "restore the line or the source")
