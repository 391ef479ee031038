"""Pseudonyms: no listed name stays, in whatever spelling, and what is not replaced is said."""

from __future__ import annotations

import random
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import qualcode as qc
from qualcode.errors import InvalidValue, ReadError
from qualcode.readers import read_pseudonyms
from qualcode.readers._folding import _BROKEN_WORD, _fold_letter, _joins, fold, is_unseen
from qualcode.readers._pseudonyms import Names


@pytest.fixture
def study(tmp_path):
    return qc.create_project(tmp_path / "study", coder="ana")


def everything(folder: Path) -> str:
    """Names and contents of all files of a study."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return "\n".join(f"{path.relative_to(folder)}\n{path.read_bytes().decode()}" for path in files)


SPELLINGS = {
    "as given, in capitals, in small letters": ("Maria", "Maria MARIA maria.", "P1 P1 P1."),
    "only whole words": ("Ana", "Anais, Mariana, Ana's", "Anais, Mariana, P1's"),
    "decomposed accents": ("José", "Jose\u0301 JOSE\u0301", "P1 P1"),
    "composed accents": ("Jose\u0301", "José JOSÉ, Jose", "P1 P1, Jose"),
    "apostrophes": ("O'Neil", "O’Neil O‘NEIL O´Neil O＇Neil ONeil o’neil’s", "P1 P1 P1 P1 P1 P1’s"),
    "the other apostrophe": ("O’Neil", "O'Neil's", "P1's"),
    "digits after it": ("Maria", "Maria2, maria_3, 4Maria", "P1-2, P1_3, 4P1"),
    "unseen characters": ("Maria", "Ma\u00adria M\u200baria Mar\u2060ia\u200d", "P1 P1 P1\u200d"),
    "a broken line": ("Maria", "Ma-\nria", "P1"),
    "two words": ("Ana Lima", "Ana\nLima, Ana-Lima, ANA  LIMA, AnaLima, ana_lima", "P1, P1, P1, P1, P1"),
    "a hyphen": ("Anna-Lena", "Anna Lena, Anna‐Lena, annalena", "P1, P1, P1"),
    "sharp s": ("Strauß", "STRAUSS Strauss STRAUẞ", "P1 P1 P1"),
    "Turkish i": ("Işıl İpek", "IŞIL İPEK, ışıl ipek", "P1, P1"),
    "wide letters": ("Maria", "Ｍａｒｉａ", "P1"),
    "a footnote": ("Maria", "Maria¹ said, Maria™", "P1¹ said, P1™"),
    "Chinese": ("李雷", "我是李雷。李雷说", "我是P1。P1说"),
    "Japanese": ("田中", "田中さん、私は田中です", "P1さん、私はP1です"),
    "Japanese with a blank": ("田中 太郎", "田中太郎さん", "P1さん"),
    "kana": ("マリア", "ﾏﾘｱさん", "P1さん"),
    "one letter of many words": ("林", "森林、林さん、林", "森林、P1さん、P1"),
    "Latin in Japanese": ("Maria", "私はMariaです", "私はP1です"),
    "Thai": ("มานี", "คุณมานีครับ", "คุณP1ครับ"),
    "Korean particles": ("민수", "민수는 민수씨가 민수", "P1는 P1씨가 P1"),
    "Arabic with vowels kept apart": ("ماريا", "ماريا قالت", "P1 قالت"),
    "Russian": ("Анна", "АННА и Анны", "P1 и Анны"),
    "one letter": ("M", "M said m. M2", "P1 said m. M2"),
    "a code": ("S7", "S7 S77 s7a XS7", "P1 S77 s7a XS7"),
}  # fmt: skip


@pytest.mark.parametrize("case", SPELLINGS)
def test_spellings(case):
    name, text, expected = SPELLINGS[case]
    assert Names({name: "P1"}).replace(text) == expected


def test_the_longest_name_wins():
    names = Names({"Ana": "P1", "Ana Lima": "P2", "Lima": "a town"})
    assert names.replace("Ana Lima, Ana, Lima") == "P2, P1, a town"


def test_an_ordinary_word_can_be_kept(study, write):
    path = write("a.txt", "I: Who, Will?\nP: I will say: WILL.\n")
    report = study.add_source(path, "a1", pseudonyms={"Will": "P1", "will": "will"})
    assert study.transcript("a1").text == "I: Who, P1?\nP: I will say: P1.\n"
    assert "small letters" not in str(report)
    report = study.add_source(path, "a2", pseudonyms={"Will": "P1"})
    assert study.transcript("a2").text == "I: Who, P1?\nP: I P1 say: P1.\n"
    assert "Some of them stood in small letters: P1 in 1 place (turn 2)." in str(report)


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"Maria": "Maria's friend"}, "holds one of the real names"),
        ({"Ana": "P1", "Maria": "ANA"}, "holds one of the real names"),
        ({"Maria": "Maria"}, "holds one of the real names"),
        ({"maria": "maria"}, "holds one of the real names"),
        ({"O'Neil": "P1", "O’NEIL": "P2"}, "one name two pseudonyms, 'P1' and 'P2'"),
        ({" \u00ad": "P1"}, "an empty name"),
        ({"Maria": " "}, "an empty pseudonym"),
        ({"Maria": "P\n1"}, "several lines"),
    ],
)
def test_mappings_that_would_leave_a_name(mapping, message):
    with pytest.raises(InvalidValue, match=re.escape(message)):
        Names(mapping)


def test_a_name_never_found_and_one_in_longer_words_are_reported_by_pseudonym(study, write):
    text = "I: Who, Maria?\nP: Marias Chefin, Mariana.\nI: Jose?\nP: Herr Müllers Plan, analysis. Mueller.\n"
    pseudonyms = {"Maria": "P1", "Mariechen": "P1", "José": "P2", "Müller": "P3", "Ana": "P4", "Zoë": "P5"}
    report = study.add_source(write("a.txt", text), "a1", pseudonyms=pseudonyms)
    assert [str(note) for note in report.notes if note.kind != "guessed"] == [
        "changed: Names replaced in the text: 1 (P1: 1).",
        "dropped: pseudonyms= lists 5 names never found: P1 (1 of its 2 names), P2, P3, P4, P5. Check the spelling.",
        "kept: The name behind P1 still stands inside longer words in 2 places (turn 2). Read there, and list such "
        "words as names too.",
        "kept: The name behind P2 still stands with other accents in 1 place (turn 3). Read there, and list such words "
        "as names too.",
        "kept: The name behind P3 still stands inside longer words in 1 place (turn 4); with other accents in 1 place "
        "(turn 4). Read there, and list such words as names too.",
        "kept: The name behind P4 still stands in small letters inside longer words in 2 places (turn 2, 4). Read "
        "there, and list such words as names too.",
    ]
    for name in pseudonyms:
        assert name not in str(report).replace("Mariana", "")


def test_a_part_of_a_label_is_reported(study, write):
    path = write("a.csv", "speaker,text\nMarias Chefin,yes\nMaria,no\n")
    report = study.add_source(path, "a1", pseudonyms={"Maria": "P1"})
    assert "The name behind P1 still stands in 1 label." in str(report)
    assert dict(report.speakers) == {"Marias Chefin": "", "P1": "participant"}


def test_labels_in_any_spelling_are_labels(study, write):
    path = write("a.txt", "o’neil: I did.\nSo it was: yes.\nO’NEIL: Yes.\n")
    study.add_source(path, "a1", pseudonyms={"O'Neil": "P1"})
    assert list(study.turns.speaker) == ["P1", "P1"]


@pytest.mark.parametrize("suffix", ["vtt", "srt"])
def test_a_name_over_two_cues_is_replaced(suffix, study, write):
    cues = "00:00:01,000 --> 00:00:02,000\nI met Ana\n\n00:00:03,000 --> 00:00:04,000\nLima there.\n"
    text = (
        "WEBVTT\n\n" + cues.replace(",", ".")
        if suffix == "vtt"
        else "1\n" + cues.replace("\n\n0", "\n\n2\n0")
    )
    study.add_source(write(f"a.{suffix}", text), "a1", pseudonyms={"Ana Lima": "P1"})
    assert study.transcript("a1").text == "I met P1\nP1 there."
    assert [(turn.span.start, turn.span.end) for turn in study.transcript("a1").turns] == [(0, 8), (9, 18)]


def test_cues_of_one_pseudonym_hold_no_name(study, write):
    text = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Bo>I met Ana\n\n00:03.000 --> 00:04.000\n<v BO>Lima there.\n"
    )
    study.add_source(write("a.vtt", text), "a1", pseudonyms={"Ana Lima": "P1", "Bo": "P2"})
    assert study.transcript("a1").text == "I met P1 there."
    assert study.transcript("a1").marks[1].position == 8


# ---------------------------------------------------------------------------- id and title


def test_the_title_gets_pseudonyms(study, write):
    path = write("x.txt", "I: Why?\nP: So.\n")
    study.add_source(path, "a1", title="Interview MARIA", pseudonyms={"Maria": "P1"})
    assert list(study.sources.title) == ["Interview P1"]
    assert "maria" not in everything(study.path).casefold()
    with pytest.raises(InvalidValue, match="title= holds one of the names"):
        study.add_source(path, "a2", title="Marias interview", pseudonyms={"Maria": "P1"})
    assert list(study.sources.source) == ["a1"]


@pytest.mark.parametrize("id_", ["Maria", "maria-2", "Marias", "InterviewMaria", "P7-MARIA", "Mari\u0301a2"])
def test_an_id_with_a_name_is_refused(id_, study, write):
    names = {"Maria": "P1", "María": "P1"}
    with pytest.raises(InvalidValue) as caught:
        study.add_source(write("x.txt", "I: Why?\nP: So.\n"), id_, pseudonyms=names)
    assert str(caught.value) == "id= holds one of the names in pseudonyms=. Give an id without it."


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("Marias interview.txt", "source-1"),
        ("ACME boss.txt", "source-1"),
        ("InterviewMaria.txt", "source-1"),
        ("Interview Maria.txt", "Interview-P1"),
        ("interview_maria2_final.txt", "interview_P1-2_final"),
        (unicodedata.normalize("NFD", "Zoë.txt"), "nurse"),
        ("O’Neil (2).txt", "P3-2"),
        ("P7a.txt", "P7a"),
        ("2024-05-12 Interview 3.txt", "2024-05-12-Interview-3"),
    ],
)
def test_ids_from_file_names_tell_nothing(name, id_, study, write):
    names = {"Maria": "P1", "Zoë": "nurse", "O'Neil": "P3"}
    report = study.add_source(write(name, "I: Why?\nP: So.\n"), pseudonyms=names)
    assert report.source == id_
    assert report.file == ""
    record = everything(study.path).casefold()
    assert not any(word in record for word in ("maria", "zo", "neil", "acme"))
    noted = "The name of the file may tell who spoke, so the id is source-1. Pass id= to choose one."
    assert (noted in str(report)) == (id_ == "source-1")


def test_neutral_ids_count_on_and_the_same_file_keeps_its_own(study, write):
    one, two = write("Cole.txt", "I: Why?\nP: So.\n"), write("Dana.txt", "I: Who?\nP: Me.\n")
    reports = study.add_sources([one, two, one], pseudonyms={"Maria": "P1"})
    assert [report.source for report in reports] == ["source-1", "source-2", "source-1"]
    assert "has this source already; nothing was changed" in str(reports[2])
    study.remove_source("source-1")
    assert study.add_source(one, pseudonyms={"Maria": "P1"}).source == "source-3"


# ---------------------------------------------------------------------------- the table of names


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_tables_of_names_as_excel_writes_them(encoding, separator, write):
    table = f"Name{separator}Pseudonym\nJosé Müller{separator}P1\n\nBen{separator}P2\nBen{separator}P2\n"
    assert read_pseudonyms(write("n.csv", table.encode(encoding))) == {"José Müller": "P1", "Ben": "P2"}


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("name,pseudonym\nMaria,P1\nBen,P3\nMaria,P2\n", "line 2 and line 4 give one name two pseudonyms, 'P1' and 'P2'."),
        ("name,pseudonym\nLima, Maria,P1\n", "line 2: more cells than the header line has."),
        ("name,pseudonym\nMaria\n", "line 2: a name or its pseudonym is missing."),
        ('name,pseudonym\n"Maria,P1\nBen,P2\n', "line 2: a quotation mark is not closed."),
        ("Maria,P1\n", "it needs a header line 'name,pseudonym'"),
        ("name,pseudonym\n", "it needs a header line 'name,pseudonym'"),
    ],
)  # fmt: skip
def test_tables_of_names_that_cannot_be_used(table, message, write):
    with pytest.raises(ReadError) as caught:
        read_pseudonyms(write("n.csv", table))
    assert f"n.csv: {message}" in str(caught.value)
    assert "Maria" not in str(caught.value)


# ---------------------------------------------------------------------------- the promise, on any text

LATIN = [
    "Maria",
    "José",
    "Zoë",
    "O'Neil",
    "Ana Lima",
    "Anna-Lena",
    "Müller",
    "Ana",
    "Løvborg",
    "Strauß",
    "Анна",
    "Bo",
]
INSIDE = ["田中", "李雷", "マリア", "มานี"]
FILLERS = [
    "so",
    "Marianne",
    "analysis",
    "Lima",
    "the",
    "說",
    "です",
    "ครับ",
    "12",
    "\n",
    ":",
    ".",
    "\n\n",
    "🙂",
    "'s",
    "-",
]


def spelled(name: str, dice: random.Random) -> str:
    """Return a name in one of its spellings."""
    name = dice.choice((str, str.upper, str.lower, str.title))(name)
    name = unicodedata.normalize(dice.choice(("NFC", "NFD")), name)
    name = name.replace("'", dice.choice("'’‘´")).replace("-", dice.choice("-‐–"))
    name = name.replace(" ", dice.choice((" ", "\u00a0", "\n", "  ")))
    if dice.random() < 0.3:
        at = dice.randrange(1, len(name))
        name = name[:at] + dice.choice("\u00ad\u200b\u2060\ufeff") + name[at:]
    return name + dice.choice(("", "", "", "2"))


def brute(text: str) -> str:
    """Return a text as an eye sees it: an own, simple rule, not the one of the program."""
    seen = "".join(c for c in text if unicodedata.category(c) != "Cf")
    seen = unicodedata.normalize("NFC", unicodedata.normalize("NFC", seen).casefold())
    for sign in "’‘´":
        seen = seen.replace(sign, "'")
    for sign in "‐–":
        seen = seen.replace(sign, "-")
    return " ".join(seen.split())


def stays(name: str, record: str) -> bool:
    wanted = brute(name)
    if name in INSIDE:
        return wanted in record
    return re.search(rf"(?<![^\W\d_]){re.escape(wanted)}(?![^\W\d_])", record) is not None


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), suffix=st.sampled_from(["txt", "csv", "vtt"]))
@example(seed=0, suffix="vtt")
def test_no_listed_name_is_left_in_the_folder(seed, suffix, tmp_path_factory):
    dice = random.Random(seed)
    chosen = dice.sample(LATIN + INSIDE, dice.randint(1, 6))
    pseudonyms = {
        unicodedata.normalize(dice.choice(("NFC", "NFD")), name): f"P{number}"
        for number, name in enumerate(chosen)
    }

    def words() -> str:
        some = [dice.choice((spelled(dice.choice(chosen), dice), dice.choice(FILLERS))) for _ in range(8)]
        return " ".join(some)

    def line() -> str:
        return " ".join(words().split())

    who = [spelled(name, dice).replace("\n", " ") for name in chosen] + ["Interviewer"]
    turns = [(dice.choice(who), words()) for _ in range(dice.randint(2, 8))]
    if suffix == "txt":
        text = "".join(f"{speaker}: {said}\n" for speaker, said in turns)
    elif suffix == "csv":
        text = "speaker,text\n" + "".join(f'"{speaker}","{said}"\n' for speaker, said in turns)
    else:
        text = "WEBVTT\n\n" + "".join(
            f"00:{at:02}.000 --> 00:{at + 1:02}.000\n{dice.choice(('', f'<v {speaker}>'))}{' '.join(said.split())} x\n\n"
            for at, (speaker, said) in enumerate(turns)
        )
    folder = tmp_path_factory.mktemp("promise")
    path = folder / f"{dice.choice([*chosen, 'P7', 'Ana and Bo'])}.{suffix}"
    path.write_text(text, encoding="utf-8")
    study = qc.create_project(folder / "study", coder="coder")
    title = dice.choice((None, f"Talk with {line()}"))
    if title is not None and Names(pseudonyms).holds(Names(pseudonyms).replace(title)):
        with pytest.raises(InvalidValue, match="title= holds"):  # a filler such as Marianne
            study.add_source(path, title=title, pseudonyms=pseudonyms)
        title = None
    study.add_source(path, title=title, pseudonyms=pseudonyms)
    for file in sorted((folder / "study").rglob("*")):
        record = brute(f"{file.relative_to(folder)}\n{file.read_bytes().decode() if file.is_file() else ''}")
        for name in chosen:
            assert not stays(name, record), (file.name, name)
    assert study.check() == []


ODD = [
    *"abzA Z-'`\n\t\x1c.1_",
    "\u00ad",
    "\u200b",
    "\u0301",
    "é",
    "ß",
    "ı",
    "İ",
    "²",
    "ﬁ",
    "Ａ",
    "カ",
    "ﾞ",
    "田",
    "김",
    "-\n",
    "’",
    "ø",
]


def folded_letter_by_letter(text: str, plain: bool, joined: bool) -> list[tuple[str, int, int]]:
    """Each letter of the folded text, and where it comes from: the rule, without a shortcut."""
    skipped = {match.start(): match.end() for match in _BROKEN_WORD.finditer(text)} if joined else {}
    letters: list[tuple[str, int, int]] = []
    at = 0
    while at < len(text):
        if at in skipped:
            at = skipped[at]
        elif is_unseen(text[at]):
            at += 1
        else:
            end = ahead = at + 1
            whole = text[at]
            while (
                ahead < len(text)
                and text[ahead] > "\u00ac"
                and (_joins(text[ahead]) or is_unseen(text[ahead]))
            ):
                if _joins(text[ahead]):
                    whole, end = whole + text[ahead], ahead + 1
                ahead += 1
            letters += [(letter, at, end) for letter in _fold_letter(whole, plain)]
            at = end
    return letters


@given(st.lists(st.sampled_from(ODD), max_size=25).map("".join), st.booleans(), st.booleans())
@settings(deadline=None)
@example("Zo\u00adE\u0308", False, False)
@example("Ma-\nria", False, True)
def test_folding_many_letters_at_once_is_folding_each(text: str, plain: bool, joined: bool) -> None:
    found = fold(text, plain, joined)
    letters = folded_letter_by_letter(text, plain, joined)
    assert found.text == "".join(letter for letter, _, _ in letters)
    for number, (_, start, end) in enumerate(letters):
        assert found.place(number, number + 1) == (start, end)
        assert found.place(0, number + 1) == (letters[0][1], end)
