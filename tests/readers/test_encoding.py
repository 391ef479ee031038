"""Bytes to text."""

from __future__ import annotations

import pytest

from qualcode.errors import ReadError
from qualcode.readers._encoding import decode, peek

GERMAN = "Interviewer: Können Sie das erklären?\nFrau Müller: Ja – „natürlich“, das heißt Öl.\n" * 3
FRENCH = "Enquêtrice : Ça va ?\nMarie : Oui, c’est très bien, à côté.\n" * 3
RUSSIAN = "Интервьюер: Почему вы так думаете?\nАнна: Потому что данные меняются каждый день.\n" * 3
JAPANESE = "聞き手：どうしてそう思いますか。\n田中：データが毎日変わるからです。\n" * 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("text", [GERMAN, FRENCH, RUSSIAN, "Ana: 😀 e\u0301\u2028x\u00a0y\n"])
def test_unicode_is_read_to_the_letter(encoding, text, tmp_path):
    assert decode(tmp_path / "a.txt", text.encode(encoding)) == (text, ())


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(GERMAN, "cp1252"), (FRENCH, "cp1252"), (GERMAN, "mac_roman"), (FRENCH, "mac_roman"), (RUSSIAN, "cp1251"),
     (RUSSIAN, "koi8_r"), (JAPANESE, "shift_jis"), (JAPANESE, "euc_jp")],
)  # fmt: skip
def test_old_encodings_are_guessed_and_noted(text, encoding, tmp_path):
    found, notes = decode(tmp_path / "a.txt", text.encode(encoding))
    assert found == text
    assert [note.kind for note in notes] == ["guessed"]
    assert encoding in notes[0].message


HEBREW = "מראיין: למה אתה חושב כך?\nדנה: כי הנתונים משתנים כל יום, ואנחנו צריכים לבדוק.\n"
UKRAINIAN = "Інтерв'юер: Чому ви так думаєте?\nОльга: Тому що дані змінюються щодня, і ми їх перевіряємо.\n"
ARABIC = "المحاور: لماذا تعتقد ذلك؟\nسارة: لأن البيانات تتغير كل يوم، ونحن نحتاج إلى التحقق.\n"
GREEK = "Ερευνητής: Γιατί το πιστεύετε;\nΆννα: Επειδή τα δεδομένα αλλάζουν κάθε μέρα.\n"
POLISH = "Ankieter: Dlaczego pan tak sądzi?\nKasia: Bo dane zmieniają się każdego dnia, więc musimy je sprawdzać.\n"
CZECH = "Tazatel: Proč si to myslíte?\nJiří: Protože se data mění každý den, a žádný člověk to neřeší.\n"
TURKISH = "Görüşmeci: Neden böyle düşünüyorsunuz?\nAyşe: Çünkü veriler her gün değişiyor, ışık gibi.\n"
SWEDISH = "Intervjuare: Varför tror du så?\nÅsa: För att det är så här på måndagar, ja.\n"
LOW_RUSSIAN = (
    "и: почему вы так думаете, скажите?\nа: потому что данные меняются каждый день и мы их проверяем.\n"
)


@pytest.mark.parametrize("times", [1, 6])
@pytest.mark.parametrize(
    ("text", "encoding"),
    [(HEBREW, "cp1255"), ("מראיין: שלום\nדנה: כן", "cp1255"), (HEBREW, "iso8859_8"), ("Dana: I said שלום רב and went on.\n", "cp1255"),
     (RUSSIAN, "cp866"), (RUSSIAN, "iso8859_5"), (RUSSIAN, "mac_cyrillic"), (LOW_RUSSIAN, "cp1251"), (UKRAINIAN, "cp1251"),
     (UKRAINIAN, "koi8_u"), (ARABIC, "cp1256"), (GREEK, "cp1253"), (GREEK, "iso8859_7"), (POLISH, "cp1250"), (POLISH, "iso8859_2"),
     (CZECH, "cp1250"), (CZECH, "iso8859_2"), (TURKISH, "cp1254"), (SWEDISH, "cp1252"), (SWEDISH, "mac_roman"), (GERMAN.replace("–", "-").replace("„", "»").replace("“", "«"), "cp850")],
)  # fmt: skip
def test_alphabets_that_share_their_bytes(text, encoding, times, tmp_path):
    found, notes = decode(tmp_path / "a.txt", (text * times).encode(encoding, errors="replace"))
    assert found == (text * times).encode(encoding, errors="replace").decode(encoding)
    assert [note.kind for note in notes] == ["guessed"]


def test_french_with_two_accents_side_by_side_is_no_hebrew(tmp_path):
    assert decode(tmp_path / "a.txt", "Ana: l'année créée".encode("cp1252"))[0] == "Ana: l'année créée"


def test_letters_garbled_by_an_earlier_program_are_told(tmp_path):
    garbled = "Ana: Größe, schön, für – „ja“".encode().decode("cp1252", errors="replace")
    assert any("seem garbled" in note.message for note in decode(tmp_path / "a.txt", garbled.encode())[1])
    assert decode(tmp_path / "a.txt", "Ana: Ã, â € so".encode())[1] == ()


def test_short_western_text(tmp_path):
    found, _ = decode(tmp_path / "a.txt", "Ana: Größe".encode("cp1252"))
    assert found == "Ana: Größe"


def test_a_named_encoding_is_used(tmp_path):
    assert decode(tmp_path / "a.txt", "Größe".encode("cp850"), "cp850") == ("Größe", ())
    assert decode(tmp_path / "a.txt", b"\xef\xbb\xbfAna", "utf-8") == ("Ana", ())


def test_newlines_and_marks(tmp_path):
    assert decode(tmp_path / "a.txt", b"a\r\nb\rc\n")[0] == "a\nb\nc\n"
    assert decode(tmp_path / "a.txt", "a\ufeffb".encode())[0] == "a\ufeffb"


HINDI = "साक्षात्कारकर्ता: आप ऐसा क्यों सोचते हैं?\nअना: क्योंकि डेटा बदलता है।\n"
KOREAN = "면접자: 왜 그렇게 생각하세요?\n안나: 데이터가 매일 변하니까요.\n"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [GREEK, HEBREW, ARABIC, HINDI, JAPANESE, KOREAN, UKRAINIAN])
def test_utf16_without_a_mark_in_any_script(text, encoding, tmp_path):
    assert decode(tmp_path / "a.txt", text.encode(encoding)) == (text, ())


@pytest.mark.parametrize(
    "text", ["Ana: Why\x00?\nBen: So.\n", "Ana: Größe\x00\n", "\x00Ana", "Ana: 日本\x00 so\n"]
)
def test_a_zero_byte_in_text_makes_no_utf16_of_it(text, tmp_path):
    assert decode(tmp_path / "a.txt", text.encode() + b"Ana: yes " * 20)[0] == text + "Ana: yes " * 20


def test_a_few_broken_bytes_do_not_spoil_the_rest(tmp_path):
    text = "Größe, Maß, Öl, Übung, schön, süß, blöd, für, hübsch, Bär, früh " * 2
    found, notes = decode(tmp_path / "a.txt", text.encode() + b"\xff end")
    assert found == text + "\ufffd end"
    assert str(notes[0]) == "changed: 1 place in the file not being UTF-8 became \ufffd."


@pytest.mark.parametrize(
    ("content", "encoding", "message"),
    [
        (b"abc", "klingon", "a.txt: there is no encoding named 'klingon'. Use for example 'utf-8', 'cp1252' or 'utf-16'."),
        (b"ab\xff", "utf-8", "a.txt: byte 2 is not possible in utf-8. Leave encoding= out, or name another one."),
        (b"abc", "hex", "a.txt: 'hex' is no text encoding. Use for example 'utf-8', 'cp1252' or 'utf-16'."),
        (b" \n\t", None, "a.txt: it holds no words, only blanks. Export or copy it again."),
        (b"\xef\xbb\xbf", None, "a.txt: it holds no words, only blanks. Export or copy it again."),
        (b"\xff\xfea\x00b", None,
         "a.txt: it says it is UTF-16, but breaks at byte 4; it may be cut off. Export or copy it again."),
        (b"\x01\x02\x03\x04" * 20, None,
         "a.txt: it is not text (it holds binary data). Save the transcript as .docx or .txt."),
    ],
)  # fmt: skip
def test_refusals(content, encoding, message, tmp_path):
    with pytest.raises(ReadError) as caught:
        decode(tmp_path / "a.txt", content, encoding)
    assert str(caught.value) == message


def test_peek_sees_through_marks_and_wide_text():
    assert peek("WEBVTT\n".encode("utf-16")) == "WEBVTT\n"
    assert peek(b"\xef\xbb\xbfWEBVTT\r\n") == "WEBVTT\n"
    assert peek(b"\x00\x01\x02") == ""
    assert peek("Größe".encode("cp1252") * 50).startswith("Größe")
