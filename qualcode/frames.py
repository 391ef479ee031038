"""The tables of a study: plain DataFrames made from what is in memory. Editing one changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qualcode.case import CASE_COLUMNS
from qualcode.coding import Row
from qualcode.slug import by_number
from qualcode.study import Study

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from qualcode.transcript import Transcript

CODINGS = (
    "id", "source", "start", "end", "version", "code", "coder", "created", "codebook", "stance", "origin", "coded_as",
)  # fmt: skip

SUGGESTIONS = (
    "id", "source", "start", "end", "version", "code", "assistant", "score", "rank", "status", "decided_by", "reason",
    "evidence", "created", "codebook", "assistant_version", "training",
)  # fmt: skip

DECISIONS = ("suggestion", "source", "assistant", "coder", "decision", "coding", "created")


def codings_frame(
    study: Study, version_here: Callable[[str], str], carried: Callable[[str, Row], Row]
) -> pd.DataFrame:
    """Return one row per coding, by source, place, code and coder; each in the text that is here where it can be."""
    import pandas as pd

    rows: list[dict[str, str]] = []
    coders: list[str] = []
    sources: list[str] = []
    for (coder, source), file in study.counted():
        here = version_here(source)
        for row in file.rows.values():
            rows.append(row if not here or row["version"] == here else carried(source, row))
        coders += [coder] * len(file.rows)
        sources += [source] * len(file.rows)
    known = {code.id for code in study.codebook.codes}
    living = {
        code: study.codebook.resolve(code) if code in known else code
        for code in {row["code"] for row in rows}
    }
    data: dict[str, Any] = {
        "id": [row["id"] for row in rows],
        "source": sources,
        "start": pd.array([int(row["start"]) for row in rows], dtype="int64"),
        "end": pd.array([int(row["end"]) for row in rows], dtype="int64"),
        "version": [row["version"] for row in rows],
        "code": [living[row["code"]] for row in rows],
        "coder": coders,
        "created": [row["created"] for row in rows],
        "codebook": [row["codebook"] for row in rows],
        "stance": [row["stance"] for row in rows],
        "origin": [row["origin"] for row in rows],
        "coded_as": [row["code"] for row in rows],
    }
    order = sorted(
        range(len(rows)),
        key=lambda i: (
            sources[i],
            int(rows[i]["start"]),
            int(rows[i]["end"]),
            rows[i]["code"],
            coders[i],
            rows[i]["id"],
        ),
    )
    frame = pd.DataFrame({name: _text(values) for name, values in data.items()})
    return frame.iloc[order].reset_index(drop=True)


def suggestions_frame(
    study: Study, version_here: Callable[[str], str], carried: Callable[[str, Row], Row]
) -> pd.DataFrame:
    """Return one row per suggestion, by source, place, assistant and rank; none where the study does not assist."""
    known = {code.id for code in study.codebook.codes}
    status, deciders = decided(study)
    rows: list[tuple[Any, ...]] = []
    for (assistant, source), file in study.suggestions.items() if study.assists else ():
        if source not in study.sources:
            continue
        here = version_here(source)
        for stored in file.rows.values():
            row = stored if not here or stored["version"] == here else carried(source, stored)
            code = study.codebook.resolve(row["code"]) if row["code"] in known else row["code"]
            rows.append(
                (
                    row["id"], source, int(row["start"]), int(row["end"]), row["version"], code or None, assistant,
                    float(row["score"]) if row["score"] else None, int(row["rank"]) if row["rank"] else None,
                    status.get(row["id"], "open"), deciders.get(row["id"], ()), tuple(row["reason"].split()),
                    tuple(row["evidence"].split()), row["created"], row["codebook"], row["assistant_version"],
                    row["training"],
                )
            )  # fmt: skip
    rows.sort(key=lambda row: (row[1], row[2], row[3], row[6], row[8] or 0, row[5] or "", row[0]))
    kinds = {"start": "int64", "end": "int64", "score": "float64", "rank": "Int64"}
    return table_of(rows, SUGGESTIONS, kinds)


def decided(study: Study) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Return suggestion to its status (the newest decision), and to who decided on it."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for (coder, _, source), file in study.decisions.items():
        if source in study.sources:
            for id_, row in file.rows.items():
                found.setdefault(id_, []).append((row["created"], coder, row["decision"]))
    status = {id_: max(made)[2] for id_, made in found.items()}
    return status, {id_: tuple(sorted(coder for _, coder, _ in made)) for id_, made in found.items()}


def decisions_frame(study: Study) -> pd.DataFrame:
    """Return one row per decision on a suggestion, by source, suggestion and coder; none where the study does not assist."""
    rows = [
        (id_, source, assistant, coder, row["decision"], row["coding"] or None, row["created"])
        for (coder, assistant, source), file in study.decisions.items()
        if study.assists and source in study.sources
        for id_, row in file.rows.items()
    ]
    rows.sort(key=lambda row: (row[1], row[0], row[3]))
    return table_of(rows, DECISIONS, {})


def table_of(rows: Sequence[Sequence[Any]], columns: Sequence[str], kinds: Mapping[str, str]) -> pd.DataFrame:
    """Return rows as a table whose columns are of the kinds given, else of objects; None stays None."""
    import pandas as pd

    series = {
        name: pd.Series([row[at] for row in rows], dtype="object").astype(kinds.get(name, "object"))  # type: ignore[call-overload]
        for at, name in enumerate(columns)
    }
    return pd.DataFrame(series)


def _text(values: Any) -> Any:
    import pandas as pd

    return pd.Series(values, dtype="object") if isinstance(values, list) else values


def sources_frame(study: Study, version_here: Callable[[str], str]) -> pd.DataFrame:
    """Return one row per source."""
    import pandas as pd

    from qualcode.folder import text_file, version_file

    rows = []
    for record in sorted(study.sources.values(), key=lambda r: by_number(r.id)):
        version = version_here(record.id)
        turns, _ = study.turn_set(record.id, version)
        there = study.folder.exists(text_file(record.id)) or study.folder.exists(version_file(record.version))
        rows.append(
            (
                record.id,
                record.title,
                record.file,
                record.sha256,
                record.length,
                len(turns),
                record.language,
                record.imported_from,
                version,
                record.synthetic,
                there,
            )
        )
    columns = ["source", "title", "file", "sha256", "length", "turns", "language", "imported_from", "version",
               "synthetic", "text_present"]  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns)
    kinds = {"length": "int64", "turns": "int64", "synthetic": "bool", "text_present": "bool"}
    return frame.astype({**dict.fromkeys(columns, "object"), **kinds})


def speaker_case(study: Study) -> dict[tuple[str, str], tuple[str, str]]:
    """Return (source, speaker) to (case, role); speaker "" is the source as a whole."""
    return {(row["source"], row["speaker"]): (row["case"], row["role"]) for row in study.speakers.rows}


def turns_frame(
    study: Study, version_here: Callable[[str], str], transcript: Callable[[str], Transcript | None]
) -> pd.DataFrame:
    """Return one row per turn; text is None where the transcript is not in this copy of the study."""
    import pandas as pd

    links = speaker_case(study)
    data: dict[str, list[Any]] = {
        name: []
        for name in ("source", "turn", "speaker", "role", "case", "start", "end", "begins", "ends", "text")
    }
    for source in sorted(study.sources, key=by_number):
        turns, _ = study.turn_set(source, version_here(source))
        text = transcript(source)
        for turn in turns:
            case, role = links.get((source, turn.speaker or ""), ("", "")) if turn.speaker else ("", "")
            data["source"].append(source)
            data["turn"].append(turn.number)
            data["speaker"].append(turn.speaker)
            data["role"].append(role)
            data["case"].append(case)
            data["start"].append(turn.span.start)
            data["end"].append(turn.span.end)
            data["begins"].append(turn.begins)
            data["ends"].append(turn.ends)
            data["text"].append(None if text is None else text.text[turn.span.start : turn.span.end])
    frame = pd.DataFrame({name: pd.Series(values, dtype="object") for name, values in data.items()})
    kinds = {"turn": "int64", "start": "int64", "end": "int64", "begins": "float64", "ends": "float64"}
    return frame.astype(kinds)


def cases_frame(study: Study) -> pd.DataFrame:
    """Return one row per case, attributes typed as declared; an empty value is None (NaN for numbers)."""
    import pandas as pd

    names = study.cases.header
    columns: dict[str, Any] = {name: [row.get(name, "") for row in study.cases.rows] for name in CASE_COLUMNS}
    for name in names:
        if name in CASE_COLUMNS:
            continue
        attribute = study.attribute(name)
        values = [attribute.read(row.get(name, "")) for row in study.cases.rows]
        if attribute.type == "number":
            columns[name] = pd.Series(values, dtype="float64")
        elif attribute.type == "ordered":
            columns[name] = pd.Categorical(values, categories=list(attribute.levels), ordered=True)
        else:
            columns[name] = pd.Series(values, dtype="object")
    for name in CASE_COLUMNS:
        columns[name] = pd.Series(columns[name], dtype="object")
    frame = pd.DataFrame(columns)
    return frame.sort_values("case", kind="stable").reset_index(drop=True)


def speakers_frame(study: Study) -> pd.DataFrame:
    """Return one row per link of a speaker (or of a source as a whole, speaker "") to a case and a role."""
    import pandas as pd

    columns = ["source", "speaker", "case", "role"]
    rows = sorted([row[column] for column in columns] for row in study.speakers.rows)
    return pd.DataFrame(rows, columns=columns).astype("object")


def coders_frame(study: Study) -> pd.DataFrame:
    """Return one row per coder: coder, name, kind, model, version."""
    import pandas as pd

    rows = [
        (c.id, c.name, c.kind, c.model, c.version) for c in sorted(study.coders.values(), key=lambda c: c.id)
    ]
    return pd.DataFrame(rows, columns=["coder", "name", "kind", "model", "version"]).astype("object")


def memos_frame(study: Study) -> pd.DataFrame:
    """Return one row per memo, oldest first; targets is a tuple."""
    import pandas as pd

    memos = sorted(study.memos.values(), key=lambda m: (m.created, m.id))
    rows = [(m.id, m.author, m.created, m.kind, m.targets, m.text) for m in memos]
    return pd.DataFrame(rows, columns=["id", "author", "created", "kind", "targets", "text"]).astype("object")


def progress_frame(study: Study) -> pd.DataFrame:
    """Return one row per coder, source, part and round, with codings counted.

    A source that a coder has codings in counts as in progress even where nobody assigned it.
    """
    import pandas as pd

    rows = []
    seen = set()
    for coder, table in study.progress.items():
        for row in table:
            held = study.codings.get((coder, row["source"]))
            count = len(held.rows) if held else 0
            state = "in progress" if row["state"] == "not started" and count else row["state"]
            rows.append((coder, row["source"], row["part"], row["round"], state, count))
            seen.add((coder, row["source"]))
    for (coder, source), file in study.counted():
        if (coder, source) not in seen and file.rows:
            rows.append((coder, source, "", "", "in progress", len(file.rows)))
    frame = pd.DataFrame(sorted(rows), columns=["coder", "source", "part", "round", "state", "codings"])
    return frame.astype(dict.fromkeys(("coder", "source", "part", "round", "state"), "object"))
