"""PDFs with text: paragraphs, furniture, columns, divided words, turned pages, and what is refused."""

from __future__ import annotations

import random
import re
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qualcode.errors import ReadError
from qualcode.readers import read_transcript, read_with_notes
from qualcode.readers._pdf_pages import read_pages

from .pdf_maker import lines, pdf, place

FULL = "I think that we all know how this kind of work is being done here."  # as wide as the column


def done(notes):
    return [
        str(note)
        for note in notes
        if note.kind in ("changed", "dropped", "kept") or "Columns" in note.message
    ]


def test_lines_become_paragraphs(read, said):
    page = lines(["Interview with P1", "", "INT: Why is it so?", "P1: " + FULL[:62], "because it is always like that here, and so we all just must",
                  "accept it.", "INT: Oh."])  # fmt: skip
    transcript, notes, format = read("talk.pdf", pdf(page))
    assert format == "pdf"
    assert said(transcript) == [
        ("INT", "Why is it so?"),
        ("P1", FULL[:62] + " because it is always like that here, and so we all just must accept it."),
        ("INT", "Oh."),
    ]
    assert done(notes) == ["changed: The lines of 1 page were put together to paragraphs."]


def test_paragraphs_of_one_turn_are_kept_apart(read, said):
    texts = ["P1: " + FULL[:62], "and so on.", FULL, "again and again.", "", FULL, "and so on for ever."]
    transcript, _, _ = read("talk.pdf", pdf(lines(["INT: Why?", *texts])))
    assert transcript.text.split("\n") == [
        "INT: Why?", f"P1: {FULL[:62]} and so on.", f"{FULL} again and again.", f"{FULL} and so on for ever.",
    ]  # fmt: skip
    assert len(transcript.turns) == 2


def test_indents_and_hanging_lines(read):
    hanging = b"".join(
        [place(72, 700, "INT: " + FULL), place(108, 686, "why is it so?"), place(108, 672, FULL[:30]), place(72, 658, "P1: " + FULL),
         place(108, 644, "that is why it is."), place(108, 630, FULL[:62]), place(108, 616, "and so on.")]
    )  # fmt: skip
    transcript, _, _ = read("talk.pdf", pdf(hanging))
    assert [turn.speaker for turn in transcript.turns] == ["INT", "P1"]
    first_lines = (
        lines([FULL, FULL, "ends."])
        + lines([FULL[:61]], x=100, top=678)
        + lines([FULL, "ends too."], top=664)
    )
    assert len(read("talk.pdf", pdf(first_lines))[0].text.split("\n")) == 2


def test_furniture_is_taken_away_and_told(read, said):
    def page(number: int, texts: list[str]) -> bytes:
        head = place(72, 760, "Interview P7 - confidential") + place(300, 30, f"{number} of 3")
        return (
            head + lines(texts) + b"".join(place(40, 720 - 14 * at, str(at + 1)) for at in range(len(texts)))
        )

    pages = [page(1, ["INT: Why?", "P7: " + FULL[:62], FULL]), page(2, ["and on we go.", "INT: When?", "P7: Now."]),
             page(3, ["INT: Oh.", "P7: Yes.", "INT: So.", "P7: 7 of 3"])]  # fmt: skip
    transcript, notes, _ = read("talk.pdf", pdf(*pages))
    assert said(transcript) == [
        ("INT", "Why?"), ("P7", f"{FULL[:62]} {FULL} and on we go."), ("INT", "When?"), ("P7", "Now."), ("INT", "Oh."), ("P7", "Yes."),
        ("INT", "So."), ("P7", "7 of 3"),
    ]  # fmt: skip
    assert done(notes) == [
        "changed: The lines of 3 pages were put together to paragraphs.",
        "dropped: 6 running heads and page numbers.",
        "dropped: 10 numbers beside the text (of lines or paragraphs) on 3 pages.",
    ]


def test_a_page_of_few_lines_and_many_gaps_keeps_no_furniture(read, said):
    def page(number: int, *texts: str) -> bytes:
        head = place(72, 760, "Interview P7") + place(300, 30, str(number))
        return head + lines(texts)

    first = ["INT: " + FULL[:62], *[FULL] * 9, "and so on.", "", "P7: Yes."]
    transcript, notes, _ = read("talk.pdf", pdf(page(1, *first), page(2, "INT: Oh.", "", "P7: So.")))
    assert [words for _, words in said(transcript)][1:] == ["Yes.", "Oh.", "So."]
    assert "dropped: 4 running heads and page numbers." in done(notes)


def test_every_fifth_line_numbered_on_the_right(read):
    texts = [f"P{1 + at % 2}: {FULL[: 30 + at].strip()}" for at in range(20)]
    numbers = b"".join(place(560, 720 - 14 * at, str(at + 1)) for at in range(4, 20, 5))
    transcript, notes, _ = read("talk.pdf", pdf(lines(texts) + numbers))
    assert transcript.text.split("\n") == texts
    assert any("4 numbers beside the text" in note.message for note in notes)


def test_numbers_that_are_said_stay(read):
    texts = ["INT: How many?", "12", "P1: I said", "7", "and then", "1999"]
    assert read("talk.pdf", pdf(lines(texts)))[0].text.split() == " ".join(texts).split()


def test_times_that_come_again_are_no_furniture(read):
    pages = [lines(["[00:0%d:00]" % at, "INT: Why?", "P1: So."], top=750) for at in range(1, 4)]  # noqa: UP031
    transcript, _, _ = read("talk.pdf", pdf(*pages))
    assert [turn.begins for turn in transcript.turns] == [60, None, 120, None, 180, None]


def test_two_columns_are_read_one_after_the_other(read, said):
    left = [
        "INT: Tell me about the way",
        "you work in this company",
        "every day.",
        "P1: We start at eight with",
        "a short round, all of us,",
        "and talk.",
    ]
    right = [
        "INT: And what happens then",
        "when somebody is missing",
        "in that round?",
        "P1: Then we wait until he",
        "or she is there, and begin",
        "anew.",
    ]
    page = (
        place(72, 740, "An interview over the whole width of the page, as a title")
        + lines(left)
        + lines(right, x=330)
    )
    transcript, notes, _ = read("talk.pdf", pdf(page))
    assert said(transcript) == [
        ("INT", " ".join(left[:3]).removeprefix("INT: ")), ("P1", " ".join(left[3:]).removeprefix("P1: ")),
        ("INT", " ".join(right[:3]).removeprefix("INT: ")), ("P1", " ".join(right[3:]).removeprefix("P1: ")),
    ]  # fmt: skip
    assert "guessed: Columns on 1 page, read one after the other." in done(notes)


def test_names_in_a_column_are_read_across(read, said):
    names = ["INT", "", "P1", "", "INT", "P1", "INT", "P1"]
    words = [FULL[:49], "why is it?", FULL[:49], "so.", "Oh.", "Yes.", "And now what?", "Nothing."]
    transcript, _, _ = read("talk.pdf", pdf(lines(names) + lines(words, x=150)))
    assert said(transcript)[:2] == [("INT", f"{FULL[:49]} why is it?"), ("P1", f"{FULL[:49]} so.")]


def test_bold_names(read, said):
    page = b"".join(
        place(72, 700 - 14 * at, name, font="F2") + place(72 + 6.6 * (len(name) + 1), 700 - 14 * at, words)
        for at, (name, words) in enumerate(
            [
                ("Ana", "so why is that?"),
                ("Ben", "because it is."),
                ("Ana", "oh I see."),
                ("Ben", "yes it is."),
            ]
        )
    )
    assert said(read("talk.pdf", pdf(page))[0])[1] == ("Ben", "because it is.")


DIVIDED = [
    (["we have to under-", "stand it"], "we have to understand it", 1),
    (["this is a well-", "known thing, well-known"], "this is a well-known thing, well-known", 0),
    (["he is self-", "employed now"], "he is self-employed now", 0),
    (["Frau Meyer-", "Lang sagt es so"], "Frau Meyer-Lang sagt es so", 0),
    (["die Haupt-", "und Nebenfächer"], "die Haupt- und Nebenfächer", 0),
    (["since COVID-", "19 it is so"], "since COVID-19 it is so", 0),
    (["so I thought -", "well, no"], "so I thought - well, no", 0),
    (["but he --", "well, no"], "but he -- well, no", 0),
    (["the co-", "operation, this cooperation"], "the cooperation, this cooperation", 1),
]


@pytest.mark.parametrize(("texts", "expected", "number"), DIVIDED, ids=[each[1] for each in DIVIDED])
def test_divided_words(texts, expected, number, read):
    full = ("ja " * 40)[: 66 - len(texts[0])] + texts[0]
    transcript, notes, _ = read("talk.pdf", pdf(lines([FULL, full, texts[1]])))
    assert transcript.text.endswith(expected)
    assert any("divided at the end of a line" in note.message for note in notes) == bool(number)


def test_a_word_broken_off_before_another_speaks_is_not_joined(read, said):
    transcript, _, _ = read(
        "talk.pdf", pdf(lines(["INT: Why do you " + FULL[:40] + " wan-", "P1: Because I do.", "INT: Oh."]))
    )
    assert said(transcript)[0][1].endswith("wan-")


@pytest.mark.parametrize(
    ("turn", "x", "y", "dx", "dy"),
    [("0 1 -1 0", 100, 100, 14, 0), ("-1 0 0 -1", 500, 100, 0, 14), ("0 -1 1 0", 500, 700, -14, 0)],
)
@pytest.mark.parametrize("rotate", [0, 90])
def test_turned_pages(turn, x, y, dx, dy, rotate, read, said):
    texts = ["INT: Why?", "P1: Because.", "INT: Oh."]
    page = b"".join(place(x + dx * at, y + dy * at, text, turn=turn) for at, text in enumerate(texts))
    assert said(read("talk.pdf", pdf(page, rotate=rotate))[0]) == [
        ("INT", "Why?"),
        ("P1", "Because."),
        ("INT", "Oh."),
    ]


def test_watermarks_comments_and_properties_are_told(read):
    page = (
        lines(["INT: Why?", "P1: Because."])
        + place(200, 300, "DRAFT", size=60, turn="0.7 0.7 -0.7 0.7")
        + b"q 9 0 0 9 0 0 cm /I Do Q\n"
    )
    content = pdf(
        page, page_extra=b"/Annots[<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/T(Eve)/Contents(secret)>>]",
        info=b"<</Author(Eve)/Title(Interview)>>",
    )  # fmt: skip
    transcript, notes, _ = read("talk.pdf", content)
    assert transcript.text == "INT: Why?\nP1: Because."
    assert done(notes)[1:] == [
        "dropped: 1 stretch of turned text (such as a watermark).",
        "dropped: 1 comment or mark of readers of the PDF.",
        "dropped: The properties of the document (author, title, keywords).",
        "dropped: 1 picture.",
    ]
    assert not any("Eve" in note.message for note in notes)


def test_pages_without_letters_are_told(read):
    transcript, notes, _ = read(
        "talk.pdf", pdf(lines(["INT: Why?", "P1: Because we do it."]), b"q 600 0 0 700 0 0 cm /I Do Q\n")
    )
    assert len(transcript.turns) == 2
    assert "dropped: 1 page with a picture and no letters (page 2); perhaps scanned." in done(notes)


GOOD = pdf(lines(["INT: Why?", "P1: Because."]))
LOCKED = pdf(
    lines(["INT: Why?"]),
    trailer=b"/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<"
    + b"41" * 32
    + b">/U<"
    + b"42" * 32
    + b">>>",
)
BROKEN = {
    "a scan": (pdf(b"q 600 0 0 700 0 0 cm /I Do Q\n"),
               "talk.pdf: it is a scan: its pages are pictures without letters. Run it through text recognition (OCR), check the words, "
               "and read the new PDF or its text."),
    "empty": (pdf(b""), "talk.pdf: its pages hold no letters. Export the transcript again, as .docx or .txt."),
    "protected": (LOCKED,
                  "talk.pdf: it is protected by a password. Open it with the password, print it to a new PDF, and read that."),
    "cut off": (b"%PDF-1.4\n1 0 obj\n<</Type/Cat", "talk.pdf: it begins like a PDF, but is broken or cut off. Copy or download it again."),
    "no codes": (pdf(lines(["\x01\x02\x03\x04\x05\x06"])),
                 "talk.pdf: its letters are drawn without saying which they are (a font without a code). Run it through text recognition "
                 "(OCR), or ask for the transcript as .docx or .txt."),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_refusals(name, write):
    content, message = BROKEN[name]
    with pytest.raises(ReadError) as caught:
        read_with_notes(write("talk.pdf", content))
    assert str(caught.value) == message


@settings(max_examples=60, deadline=5000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10_000))
def test_no_letter_is_lost(tmp_path, seed):
    """Whatever the layout, every letter comes in once; digits may be furniture."""
    chance = random.Random(seed)
    page = b"".join(
        place(chance.uniform(20, 500), chance.uniform(20, 780), "".join(chance.choices("abcdefgh :-", k=chance.randint(1, 30))), chance.choice([6, 11, 20]))
        for _ in range(chance.randint(1, 40))
    )  # fmt: skip
    path = tmp_path / "talk.pdf"
    path.write_bytes(pdf(page))
    pages = read_pages(path, path.read_bytes()).pages
    letters = sorted(letter for one in pages[0].stretches for letter in one.text if letter.isalpha())
    try:
        text = read_transcript(path).text
    except ReadError:
        assert not letters
        return
    assert sorted(letter for letter in text if letter.isalpha()) == letters


def test_a_real_document_of_sixty_pages(shared):
    """The REFI-QDA standard: nothing but its running heads and page numbers is lost, and no word is made up."""
    path = shared / "samples/refi-qda/spec/REFI-QDA-1-5.pdf"
    transcript, notes, _ = read_with_notes(path)
    # Counted in the letters of each page: all 60 have the head and their number.
    assert "dropped: 120 running heads and page numbers." in done(notes)
    pypdfium2 = pytest.importorskip("pypdfium2")
    raw = "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path))
    words = [
        Counter(re.findall(r"[^\W\d]+", text.replace("\ufffe", "").replace("\x02", "")))
        for text in (raw, transcript.text)
    ]
    assert words[0] - words[1] == Counter({"REFI": 60, "QDA": 59, "QDAXML": 1})
    assert words[1] - words[0] == Counter({"XML": 1})
