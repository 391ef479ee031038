"""What a study refers to and does not have: undo, a new codebook and a merge must leave nothing that hangs in the air."""

from __future__ import annotations

from collections.abc import Container

from qualcode.study import Study


def dangling(study: Study) -> dict[str, set[tuple[str, str]]]:
    """Return what a study refers to and does not have.

    Returns
    -------
    dict
        "code:trust", "source:P7a", "case:P7", "coding:...", to the (coder, what) that refer to it.
    """
    missing: dict[str, set[tuple[str, str]]] = {}

    def need(kind: str, id_: str, there: bool, who: str, what: str) -> None:
        if not there:
            missing.setdefault(f"{kind}:{id_}", set()).add((who, what))

    codes = {code.id for code in study.codebook.codes}
    for what, files in (("codings", study.codings), ("suggestions", study.suggestions)):
        for (who, source), file in files.items():
            need("source", source, source in study.sources or not file.rows, who, what)
            record = study.sources.get(source)
            named, versions = file.named()
            for code in named - codes:
                need("code", code, not code and what == "suggestions", who, what)  # which may name none
            if record is not None:
                for version in versions - {record.version, *record.versions, *record.replaced}:
                    need("version", f"{source}:{version}", False, who, what)
    for (coder, _, _), file in study.decisions.items():
        for id_ in file.rows:
            need("suggestion", id_, id_ in study.suggested, coder, "decisions")
    for coder, rows in study.progress.items():
        for row in rows:
            need("source", row["source"], row["source"] in study.sources, coder, "progress")
    cases = {row["case"] for row in study.cases.rows}
    for row in study.speakers.rows:
        need("source", row["source"], row["source"] in study.sources, "", "speakers")
        need("case", row["case"], row["case"] in cases or not row["case"], "", "speakers")
    for row in study.cases.rows:
        need("case", row["parent"], row["parent"] in cases or not row["parent"], "", "cases")
        for name in study.attributes:
            need("attribute", name, study.attribute(name).fits(row.get(name, "")), "", "values")
    there: dict[str, Container[str]] = {"code": codes, "case": cases, "coding": study.owner}
    there |= dict.fromkeys(("source", "turn", "span"), study.sources)
    for memo in study.memos.values():
        for target in memo.targets:
            kind, _, rest = target.partition(":")
            id_ = rest.split(":")[0] if kind in ("turn", "span") else rest
            if kind in there:
                kind_named = "source" if kind in ("turn", "span") else kind
                need(kind_named, id_, id_ in there[kind], memo.author, "memos")
    return missing
