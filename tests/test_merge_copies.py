"""Whole studies: what two or three coders did in their copies comes together, with git and without."""

from __future__ import annotations

import contextlib
import itertools
import random
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import qualcode as qc
from qualcode import merge_copies
from qualcode.errors import FileProblems, FolderError, QualcodeError
from qualcode.git import PRIVATE, register
from qualcode.merge_copies import MergeReport, merge_folders
from qualcode.project import Project

ROOT = Path(__file__).resolve().parent.parent


def interview(id_: str, words: str = "We wait for data.") -> qc.Transcript:
    """An interview of three turns, 12 characters each apart from the words."""
    texts = ["How is work? ", words + " ", f"Thanks, {id_}."]
    turns, at = [], 0
    for number, (speaker, text) in enumerate(zip(("Ina", id_, "Ina"), texts, strict=True), start=1):
        turns.append(qc.Turn(number, speaker, qc.Span(at, at + len(text))))
        at += len(text)
    return qc.Transcript(id_, id_, "".join(texts), tuple(turns))


@pytest.fixture
def start(tmp_path: Path) -> Path:
    """A study that everybody copies."""
    project = qc.create_project(tmp_path / "start", title="Talks", coder="lead")
    for name in ("Trust", "Delay", "Tools"):
        project.new_code(name, id=name.lower())
    project.add_source(interview("P0"))
    project.add_case("P0")
    project.code("P0", (13, 20), "delay")
    project.memo("Begin here.", "study", kind="method")
    return project.path


def suggest(project: Project, source: str = "P0", version: str = "1") -> list[str]:
    """Let an assistant look at a source; it suggests one code, and that there is nothing in the first words."""
    rows = [{"source": source, "start": 13, "end": 20, "code": "trust"}]
    rows += [{"source": source, "start": 0, "end": 5, "code": None}]
    return project.add_suggestions(rows, assistant="rules", version=version)


def ana(folder: Path) -> None:
    project = qc.open_project(folder, coder="ana")
    project.add_source(interview("P1", "They never call."))
    project.new_code("Money", id="money")
    project.code("P1", "never call", "trust")
    project.code("P0", (13, 29), "money")
    project.merge_codes(["delay"], "trust")
    project.rename_code("tools", "Tools and papers")
    project.declare_attribute("years", "number")
    project.set_attribute("P0", "years", 7)
    project.add_case("P1")
    project.link("P1", "P1", speaker="P1", role="participant")
    project.finish("P0")
    project.finish("P1")
    project.memo("Delay is about trust.", "code:trust", kind="theory")
    project.accept(suggest(project)[1])


def ben(folder: Path) -> None:
    project = qc.open_project(folder, coder="ben")
    project.add_source(interview("P2", "The tool broke."))
    project.new_code("Blame", id="blame")
    first = project.code("P2", "tool broke", "delay")
    project.code("P0", (16, 20), "delay")
    project.code("P0", (16, 20), "blame")
    project.recode(first, "tools")
    project.move_code("delay", parent="tools")
    project.change_code("tools", definition="Whatever they work with.")
    project.declare_attribute("region", "text")
    project.set_attribute("P0", "region", "north")
    project.link("P0", speaker="Ina", role="interviewer")
    project.assign("ben", "P0")
    project.finish("P0")
    project.memo("Who is to blame?", "source:P2", kind="reflection")
    suggest(project, "P2", version="2")
    project.reject(suggest(project)[0])


def cleo(folder: Path) -> None:
    project = qc.open_project(folder, coder="cleo")
    project.new_code("Hope", id="hope", parent="trust")
    project.code("P0", (0, 5), "hope")
    project.finish("P0")
    suggest(project)


def contents(folder: Path) -> dict[str, bytes]:
    """All files but git's own, earlier states, and the lines of the log about merging."""
    found = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        if name.startswith((".git", "data/log/.states/", "data/transcripts/.pending")):
            continue
        lines = path.read_bytes().splitlines(keepends=True)
        found[name] = b"".join(line for line in lines if b'"verb": "merge", ' not in line)
    return {name: content for name, content in found.items() if content}


def copy(folder: Path, name: str, *work: Callable[[Path], None]) -> Path:
    other = folder.parent / name
    shutil.copytree(folder, other)
    for step in work:
        step(other)
    return other


def check_whole(folder: Path) -> Project:
    """What must hold of Ana's and Ben's work together."""
    project = qc.open_project(folder)
    assert [str(problem) for problem in project.check()] == []
    assert set(project.sources["source"]) == {"P0", "P1", "P2"}
    assert {"lead", "ana", "ben"} <= set(project.coders["coder"])
    codings = project.codings
    assert codings.groupby("coder").size().to_dict() == {"ana": 2, "ben": 3, "lead": 1} | (
        {"cleo": 1} if "cleo" in set(codings["coder"]) else {}
    )
    assert set(codings.loc[codings["coded_as"] == "delay", "code"]) == {"trust"}
    delay, tools = project.codebook.code("delay"), project.codebook.code("tools")
    assert (delay.merged_into, delay.parent) == ("trust", "tools")
    assert (tools.name, tools.definition) == ("Tools and papers", "Whatever they work with.")
    assert {"money", "blame"} <= {code.id for code in project.codebook.active}
    assert project.attributes == {"years": "number", "region": "text"}
    assert project.cases.set_index("case").loc["P0", ["years", "region"]].tolist() == [7.0, "north"]
    finished = project.progress[project.progress["state"] == "finished"]
    assert {("ana", "P0"), ("ana", "P1"), ("ben", "P0")} <= set(
        zip(finished["coder"], finished["source"], strict=True)
    )
    assert len(project.memos) == 3
    assert project.suggestions.groupby("source").size().to_dict() == {"P0": 2, "P2": 2}, "each said once"
    assert set(project.decisions[["coder", "decision"]].itertuples(index=False, name=None)) == {
        ("ana", "accepted"), ("ben", "rejected"),
    }  # fmt: skip
    assert project.coders.set_index("coder").kind["rules"] == "machine"
    assert project.transcript("P2").text.startswith("How is work? The tool broke.")
    return project


# -- folders -------------------------------------------------------------------------------------------


def test_two_copies_become_one_in_both_directions(start: Path) -> None:
    here, there = copy(start, "here", ana), copy(start, "there", ben)
    before, back = contents(there), copy(here, "back")
    report = merge_folders(here, there, coder="ana")
    assert report.written
    assert report.conflicts == ()
    assert contents(there) == before, "the other copy is only read"
    check_whole(here)
    merge_folders(there, back, coder="ben")
    assert contents(there) == contents(here)


def test_three_copies_become_one_in_any_order(start: Path) -> None:
    copies = {"a": copy(start, "a", ana), "b": copy(start, "b", ben), "c": copy(start, "c", cleo)}
    results = []
    for order in itertools.permutations(copies):
        here = copy(copies[order[0]], "-".join(order))
        for name in order[1:]:
            assert merge_folders(here, copies[name], coder="lead").conflicts == ()
        results.append(contents(here))
    check_whole(here)
    assert all(result == results[0] for result in results)


def test_merging_again_and_merging_back_bring_nothing_new(start: Path) -> None:
    here, there = copy(start, "here", ana), copy(start, "there", ben)
    merge_folders(here, there, coder="ana")
    whole = contents(here)
    assert str(merge_folders(here, there, coder="ana")) == (
        "Nothing to merge: this copy has everything that the other has."
    )
    merge_folders(there, here, coder="ben")
    assert contents(there) == contents(here) == whole
    merge_folders(here, there, coder="ana")
    assert contents(here) == whole


def test_work_goes_on_after_a_merge_and_is_merged_again(start: Path) -> None:
    here, there = copy(start, "here", ana), copy(start, "there", ben)
    merge_folders(here, there, coder="ana")
    merge_folders(there, here, coder="ben")
    one, two = qc.open_project(here, coder="ana"), qc.open_project(there, coder="ben")
    mine = one.codings[one.codings["coder"] == "ana"]["id"].tolist()
    one.uncode(mine[0])
    one.change_code("tools", definition="")
    two.change_code("tools", note="see the wiki")
    two.uncode(two.codings[two.codings["coder"] == "ben"]["id"].tolist()[0])
    merge_folders(there, here, coder="ben")
    merge_folders(here, there, coder="ana")
    assert contents(here) == contents(there)
    project = qc.open_project(here)
    assert mine[0] not in set(project.codings["id"]), "what was removed here does not come back"
    assert len(project.codings) == 4
    assert (project.codebook.code("tools").definition, project.codebook.code("tools").note) == (
        "",
        "see the wiki",
    )


def test_what_undo_took_back_stays_away_and_what_is_new_comes(start: Path) -> None:
    project = qc.open_project(start, coder="ana")
    coding = project.code("P0", (0, 5), "trust")
    here, there = copy(start, "here"), copy(start, "there")
    qc.open_project(here, coder="ana").undo()
    new = qc.open_project(there, coder="ben").code("P0", (0, 5), "tools")
    for folder, other in ((here, there), (there, here)):
        merge_folders(folder, other, coder="lead")
        ids = set(qc.open_project(folder).codings["id"])
        assert coding not in ids
        assert new in ids


def test_one_coder_on_two_machines(start: Path) -> None:
    project = qc.open_project(start, coder="ana")
    moved, gone, kept = (project.code("P0", (n, n + 5), "trust") for n in (0, 6, 12))
    here, there = copy(start, "here"), copy(start, "there")
    one, two = qc.open_project(here, coder="ana"), qc.open_project(there, coder="ana")
    one.resize(moved, (1, 9))
    two.recode(moved, "tools")
    one.uncode(gone)
    two.set_stance(kept, "counters")
    twice = [machine.code("P0", (20, 25), "tools") for machine in (one, two)]
    for machine, coding in zip((one, two), twice, strict=True):
        machine.memo("Said twice?", f"coding:{coding}")
    report = merge_folders(here, there, coder="ana")
    project = qc.open_project(here)
    rows = project.codings[project.codings["coder"] == "ana"].set_index("id")
    (once,) = set(rows.index) - {moved, kept}
    assert once in twice
    assert rows.loc[moved, ["start", "end", "code"]].tolist() == [1, 9, "tools"]
    assert rows.loc[kept, "stance"] == "counters"
    assert any("say the same" in note for note in report.notes)
    targets = project.memos.loc[project.memos["text"] == "Said twice?", "targets"]
    assert [list(target) for target in targets] == [[f"coding:{once}"]] * 2
    assert project.check() == []


def test_of_two_codings_that_say_the_same_the_log_tells_which_went(start: Path) -> None:
    """Whichever copy they are merged into: in one of them the file stays as it is, and the log must tell all the same."""
    one, other = copy(start, "desktop"), copy(start, "laptop")
    for folder in (one, other):
        qc.open_project(folder, coder="ana").code("P0", (16, 20), "trust")
    for ours, theirs in ((one, other), (other, one)):
        merged = copy(ours, f"{ours.name}-merged")
        project = qc.open_project(merged, coder="ana")
        assert "say the same" in project.merge(theirs).notes[0]
        assert project.check() == []
        assert len(project.codings) == 2


def test_a_source_code_and_case_removed_here_and_used_there_stay(start: Path) -> None:
    here, there = copy(start, "here"), copy(start, "there")
    project = qc.open_project(start, coder="lead")
    project.add_source(interview("P9"))
    project.new_code("Rare", id="rare")
    here, there = copy(start, "here2"), copy(start, "there2")
    one = qc.open_project(here, coder="lead")
    one.undo(2)
    assert "P9" not in set(one.sources["source"])
    qc.open_project(there, coder="ben").code("P9", (0, 5), "rare")
    report = merge_folders(here, there, coder="lead")
    project = qc.open_project(here)
    assert project.check() == []
    assert project.codings.set_index("source").loc["P9", "code"] == "rare"
    assert project.transcript("P9").text
    assert "The source 'P9' was removed in one copy and used in the other; it stays." in report.notes


def test_a_corrected_text_replaces_the_one_it_came_from(start: Path) -> None:
    here, there = copy(start, "here"), copy(start, "there", ben)
    project = qc.open_project(here, coder="ana")
    with project._writer.change("correct", "ana") as change:
        change.put_text("P0", b"How is work? We waited for data. Thanks, P0.")
    merge_folders(here, there, coder="ana")
    assert (here / "data/transcripts/P0.txt").read_bytes() == b"How is work? We waited for data. Thanks, P0."
    merge_folders(there, here, coder="ben")
    assert contents(there) == contents(here)


def test_two_texts_under_one_id_are_told_and_kept_apart(start: Path) -> None:
    here, there = copy(start, "here", ana), copy(start, "there")
    project = qc.open_project(there, coder="ben")
    project.add_source(interview("P1", "Quite another talk."))
    coding = project.code("P1", "another talk", "tools")
    text = (here / "data/transcripts/P1.txt").read_bytes()
    report = merge_folders(here, there, coder="ana")
    assert len(report.conflicts) == 1
    assert report.conflicts[0].startswith("data/transcripts/P1.txt: the text differs (")
    assert "talk" not in report.conflicts[0].replace("talks", "")
    assert (here / "data/transcripts/P1.txt").read_bytes() == text
    merged = qc.open_project(here)
    assert merged.transcript("P1").text.encode() == text
    row = merged.codings.set_index("id").loc[coding]
    kept = (here / f"data/transcripts/.versions/{row['version']}.txt").read_text(encoding="utf-8")
    assert kept[row["start"] : row["end"]] == "another talk"


def test_preview_says_what_would_come_and_writes_nothing(start: Path) -> None:
    here, there = copy(start, "here", ana), copy(start, "there", ben)
    before = contents(here)
    report = merge_folders(here, there, preview=True, coder="ana")
    assert contents(here) == before
    assert not report.written
    assert "data/sources/P2.toml" in report.new
    assert "codebooks/codebook.yaml" in report.changed
    assert str(report).startswith("Nothing was written. The other copy would bring: files ")
    assert "  new: data/codings/ben/P2.csv\n" in str(report)


def test_a_zip_of_the_other_copy_will_do(start: Path) -> None:
    here, there = copy(start, "here", ana), copy(start, "there", ben)
    (there / "data/raw").mkdir()
    (there / "data/raw/P2.docx").write_bytes(b"raw")
    packed = start.parent / "sent.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(p for p in there.rglob("*") if p.is_file()):
            archive.write(path, f"Study of Ben/{path.relative_to(there).as_posix()}")
        archive.writestr("Study of Ben/data/../../escaped.csv", "x")
    merge_folders(here, packed, coder="ana")
    check_whole(here)
    assert not (here / "data/raw").exists(), "raw material stays where it is"
    assert not list(start.parent.rglob("escaped.csv"))


def zipped(folder: Path, more: dict[str, bytes] | None = None) -> Path:
    packed = folder.parent / "sent.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            archive.write(path, path.relative_to(folder).as_posix())
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    return packed


def test_a_zip_bomb_is_not_opened(start: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = copy(start, "here", ana), copy(start, "there", ben)
    before = contents(here)
    bomb = zipped(there, {"data/junk.bin": bytes(30_000_000)})

    def never(*_: object) -> None:
        raise AssertionError("was unpacked")

    monkeypatch.setattr(zipfile.ZipFile, "read", never)
    with pytest.raises(FolderError, match=r"sent\.zip: its file data/junk\.bin would grow to 30 MB"):
        merge_folders(here, bomb, coder="ana")
    monkeypatch.setattr(merge_copies, "MAX_UNPACKED", 100)
    with pytest.raises(
        FolderError, match=r"sent\.zip: would unpack to \d+ files and 0 MB, more than any study"
    ):
        merge_folders(here, zipped(there), coder="ana")
    assert contents(here) == before


def test_large_files_of_no_study_in_a_zip_are_not_looked_at(start: Path) -> None:
    here, there = copy(start, "here", ana), copy(start, "there", ben)
    merge_folders(
        here, zipped(there, {"talks.wav": bytes(9_000_000), "data/raw/P2.wav": bytes(9_000_000)}), coder="ana"
    )
    check_whole(here)
    assert not list(here.rglob("*.wav"))


def test_a_damaged_zip_is_told(start: Path) -> None:
    here, there = copy(start, "here", ana), copy(start, "there", ben)
    before, packed = contents(here), zipped(there)
    whole = bytearray(packed.read_bytes())
    for at in range(100, len(whole) - 1, len(whole) // 60):
        packed.write_bytes(
            bytes([*whole[:at], *[255 - byte for byte in whole[at : at + 9]], *whole[at + 9 :]])
        )
        with contextlib.suppress(QualcodeError):
            merge_folders(here, packed, coder="ana", preview=True)
    packed.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(FolderError, match=r"sent\.zip: cannot be read as a folder or a zip file"):
        merge_folders(here, packed, coder="ana")
    assert contents(here) == before


def test_settings_that_nest_without_end_are_told(start: Path) -> None:
    here, there = copy(start, "here", ana), copy(start, "there", ben)
    (there / "qualcode.toml").write_text("format = 1\nx = " + "[" * 3000 + "]" * 3000)
    with pytest.raises(FileProblems, match="nests too deeply"):
        merge_folders(here, there, coder="ana")


def test_a_broken_file_stops_the_merge_before_anything_is_written(start: Path) -> None:
    here, there = copy(start, "here", ana), copy(start, "there", ben)
    (there / "data/cases.csv").write_text("case,kind\n<<<<<<< HEAD\n", encoding="utf-8")
    before = contents(here)
    with pytest.raises(FileProblems, match=r"^data/cases.csv:2: holds the marks of an unfinished git merge"):
        merge_folders(here, there, coder="ana")
    assert contents(here) == before


def test_what_is_no_study_or_another_format_is_refused(start: Path, tmp_path: Path) -> None:
    here = copy(start, "here")
    (tmp_path / "empty").mkdir()
    (tmp_path / "no.zip").write_bytes(b"no zip")
    with pytest.raises(FolderError, match=r"^In the other copy there is no qualcode.toml, so it is no study"):
        merge_folders(here, tmp_path / "empty")
    with pytest.raises(FolderError, match=r"^no.zip: cannot be read as a folder or a zip file"):
        merge_folders(here, tmp_path / "no.zip")
    with pytest.raises(FolderError, match=r"^nowhere: there is no such folder or zip file"):
        merge_folders(here, tmp_path / "nowhere")
    newer = copy(start, "newer")
    settings = newer / "qualcode.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("format = 1", "format = 2"), encoding="utf-8"
    )
    with pytest.raises(FolderError, match=r"^This copy has format 1, the other 2\. Open the older one"):
        merge_folders(here, newer)
    other = copy(start, "other")
    (other / "data/coders/lead.toml").rename(other / "data/coders/Lead.toml")
    with pytest.raises(FolderError, match="differ only in how their letters are written"):
        merge_folders(here, other)


def test_without_logs_everything_of_both_is_kept(start: Path) -> None:
    here, there = copy(start, "here", ana), copy(start, "there", ben)
    for folder in (here, there):
        shutil.rmtree(folder / "data/log")
        settings = folder / "qualcode.toml"
        settings.write_text(settings.read_text(encoding="utf-8") + f"# of {folder.name}\n", encoding="utf-8")
    report = merge_folders(here, there)
    project = qc.open_project(here)
    assert len(project.codings) == 6
    assert set(project.sources["source"]) == {"P0", "P1", "P2"}
    assert isinstance(report, MergeReport)


@pytest.mark.parametrize("seed", range(6))
def test_random_work_of_three_comes_together_in_any_order(start: Path, seed: int) -> None:
    """New things of random kinds in three copies: every order of merging gives one study, and nothing is lost."""
    chance = random.Random(seed)
    copies = []
    for name in ("ana", "ben", "cleo"):
        folder = copy(start, name)
        project = qc.open_project(folder, coder=name)
        for step in range(12):
            deed = chance.choice(
                [
                    "code",
                    "code",
                    "new",
                    "source",
                    "memo",
                    "finish",
                    "case",
                    "undo",
                    "uncode",
                    "suggest",
                    "decide",
                ]
            )
            own = project.codings[project.codings["coder"] == name]["id"].tolist()
            if deed == "code":
                at = chance.randrange(20)
                project.code("P0", (at, at + 5), chance.choice([c.id for c in project.codebook.active]))
            elif deed == "new":
                project.new_code(f"{name} {step}", parent=chance.choice([None, "trust", "tools"]))
            elif deed == "source":
                project.add_source(interview(f"{name}{step}"))
            elif deed == "memo":
                project.memo(f"Thought {step}", "code:trust")
            elif deed == "finish":
                project.finish("P0")
            elif deed == "case":
                project.add_case(f"{name}-{step}")
            elif deed == "suggest":
                at = 4 * chance.randrange(5)
                row = {"source": "P0", "start": at, "end": at + 4, "code": chance.choice(["tools", None])}
                project.add_suggestions([row], assistant="rules", version=chance.choice("12"))
            elif deed == "decide" and len(project.suggestions):
                id_ = chance.choice(project.suggestions["id"].tolist())
                with contextlib.suppress(QualcodeError):
                    (project.accept if chance.random() < 0.5 else project.reject)(id_)
            elif deed == "undo" and len(project.history()) and step > 6:
                project.undo()
            elif deed == "uncode" and own:
                project.uncode(chance.choice(own))
        copies.append(folder)
    alone = [qc.open_project(folder) for folder in copies]
    results = []
    for order in itertools.permutations(range(3)):
        here = copy(copies[order[0]], f"merged{order}")
        for number in order[1:]:
            assert merge_folders(here, copies[number], coder="lead").conflicts == ()
        results.append(contents(here))
    assert all(result == results[0] for result in results)
    project = qc.open_project(here)
    assert project.check() == []
    for frame, key in (
        ("codings", "id"),
        ("sources", "source"),
        ("cases", "case"),
        ("memos", "id"),
        ("suggestions", "id"),
    ):
        wanted = set().union(*(getattr(one, frame)[key] for one in alone))
        assert set(getattr(project, frame)[key]) == wanted


# -- git -----------------------------------------------------------------------------------------------


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"git {' '.join(words)}: {done.stdout}{done.stderr}"
    return done.stdout.strip()


@pytest.fixture
def _git(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "no-gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Ana")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "ana@example.org")


@pytest.mark.usefixtures("_git")
@pytest.mark.parametrize("inside", ["", "study"])
def test_git_merges_three_clones_in_any_order_to_one_tree(start: Path, tmp_path: Path, inside: str) -> None:
    top = tmp_path / "top"
    shutil.copytree(start, top / inside)
    git(top, "init", "-q", "-b", "main")
    register(top / inside)
    ignored = top / inside / ".gitignore"
    ignored.write_text("".join(
        line for line in ignored.read_text(encoding="utf-8").splitlines(keepends=True) if line.strip() not in PRIVATE
    ), encoding="utf-8")  # fmt: skip
    git(top, "add", "-A")
    git(top, "commit", "-q", "-m", "begin")
    for work in (ana, ben, cleo):
        clone = tmp_path / work.__name__
        git(tmp_path, "clone", "-q", str(top), work.__name__)
        work(clone / inside)
        git(clone, "add", "-A")
        git(clone, "commit", "-q", "-m", work.__name__)
        git(top, "fetch", "-q", str(clone), f"main:{work.__name__}")
    trees = set()
    for number, order in enumerate(itertools.permutations(("ana", "ben", "cleo"))):
        git(top, "checkout", "-q", "-b", f"all{number}", order[0])
        for branch in order[1:]:
            git(top, "merge", "-q", "--no-edit", branch)
        trees.add(git(top, "rev-parse", "HEAD^{tree}"))
    assert len(trees) == 1
    check_whole(top / inside)
    here = tmp_path / "by-folders"
    shutil.copytree(tmp_path / "cleo" / inside, here, ignore=shutil.ignore_patterns(".git*"))
    for name in ("ana", "ben"):
        merge_folders(here, tmp_path / name / inside)
    assert contents(here) == contents(top / inside), "without git the same comes out"
