"""PDFs with text (.pdf): lines are put together to paragraphs, labels are found as in any text.

A PDF knows letters and places only. Running heads, page numbers and the numbers of lines in the margin are
taken away, columns are read one after the other, and words divided at the end of a line are made whole; what
was done is told. A scan has no letters and is refused.
"""

from __future__ import annotations

from pathlib import Path

from qualcode.errors import ReadError
from qualcode.readers._document import page_to_reading
from qualcode.readers._files import read_bytes
from qualcode.readers._pdf_lines import Furniture, read_lines
from qualcode.readers._pdf_pages import Pdf, read_pages
from qualcode.readers._pdf_paragraphs import join_lines
from qualcode.readers._pdf_size import check_streams
from qualcode.readers._reading import Note, Reading, ReadOptions, counted, listed


def sniff(head: bytes, name: str) -> float:
    """Return 1 where "%PDF-" stands in the first kilobyte, else 0."""
    return 1.0 if b"%PDF-" in head[:1024] else 0.0


def read(path: Path, *, options: ReadOptions) -> Reading:
    """Read a transcript from a PDF with text.

    Raises
    ------
    ReadError
        If the file is broken, protected, a scan, or its letters have no meaning.
    """
    content = read_bytes(path)
    check_streams(path, content)
    pdf = read_pages(path, content)
    _check_letters(path, pdf)
    lines, furniture = read_lines(pdf.pages)
    joined = join_lines(lines)
    joined.page.left_out["picture"] = sum(page.pictures for page in pdf.pages if page.stretches)
    joined.page.hidden += pdf.hidden
    notes = _notes(pdf, furniture, joined.divided)
    return page_to_reading(path, joined.page, options, notes, "pdf")


def _check_letters(path: Path, pdf: Pdf) -> None:
    texts = ["".join(each.text for each in page.stretches) for page in pdf.pages]
    letters = sum(1 for text in texts for letter in text if not letter.isspace())
    pictures = sum(page.pictures for page in pdf.pages)
    if letters < 3 * len(pdf.pages) and pictures:
        raise ReadError(
            path,
            "it is a scan: its pages are pictures without letters. Run it through text recognition (OCR), "
            "check the words, and read the new PDF or its text.",
        )
    if not letters:
        raise ReadError(path, "its pages hold no letters. Export the transcript again, as .docx or .txt.")
    unknown = sum(
        1
        for text in texts
        for letter in text
        if letter == "\ufffd" or "\ue000" <= letter <= "\uf8ff" or letter < " "
    )
    if unknown > letters * 0.2:
        raise ReadError(
            path,
            "its letters are drawn without saying which they are (a font without a code). Run it through text "
            "recognition (OCR), or ask for the transcript as .docx or .txt.",
        )


def _notes(pdf: Pdf, furniture: Furniture, divided: int) -> list[Note]:
    notes = [
        Note("changed", f"The lines of {counted(len(pdf.pages), 'page')} were put together to paragraphs.")
    ]

    def tell(number: int, kind: str, words: str, hidden: str = "") -> None:
        if number:
            notes.append(Note(kind, words, hidden))

    tell(divided, "changed", f"{counted(divided, 'word')} divided at the end of a line made whole.")
    tell(
        furniture.columns,
        "guessed",
        f"Columns on {counted(furniture.columns, 'page')}, read one after the other.",
    )
    tell(
        pdf.ligatures,
        "changed",
        f"{counted(pdf.ligatures, 'ligature')} (such as \N{LATIN SMALL LIGATURE FI}) written as letters.",
    )
    tell(
        furniture.margins,
        "dropped",
        f"{counted(furniture.margins, 'running head or page number', 'running heads and page numbers')}.",
    )
    tell(
        furniture.numbers, "dropped",
        f"{counted(furniture.numbers, 'number')} beside the text (of lines or paragraphs) on {counted(furniture.numbered_pages, 'page')}.",
    )  # fmt: skip
    tell(
        pdf.turned,
        "dropped",
        f"{counted(pdf.turned, 'stretch', 'stretches')} of turned text (such as a watermark).",
    )
    tell(
        pdf.comments,
        "dropped",
        f"{counted(pdf.comments, 'comment or mark', 'comments and marks')} of readers of the PDF.",
        "comment",
    )
    tell(pdf.attachments, "dropped", f"{counted(pdf.attachments, 'attached file')}.")
    tell(pdf.properties, "dropped", "The properties of the document (author, title, keywords).", "property")
    empty = _without_letters(pdf)
    tell(
        len(empty),
        "dropped",
        f"{counted(len(empty), 'page')} with a picture and no letters (page {listed(empty)}); perhaps scanned.",
    )
    return notes


def _without_letters(pdf: Pdf) -> list[int]:
    return [number for number, page in enumerate(pdf.pages, start=1) if page.pictures and not page.stretches]
