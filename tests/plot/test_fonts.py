"""Names in any script: the right letters where a font has them, one clear warning where none has."""

from __future__ import annotations

import logging
import warnings

import pandas as pd
import pytest
from drawn_matrices import ARABIC, CHINESE, case, drawing, seeded
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.font_manager import findfont, get_font

from qualcode import plot
from qualcode.analysis import CodeMatrix
from qualcode.plot._text import Ruler, Type, letters, pieces


def missing_letters(ax: Axes) -> set[str]:
    """Letters that the face a text is set in does not have."""
    found = set()
    for text in ax.texts:
        has = get_font(findfont(text.get_fontproperties())).get_charmap()
        found |= {c for c in text.get_text() if not c.isspace() and ord(c) not in has}
    return found


@pytest.mark.parametrize("style", ["icons", "dots"])
def test_arabic_is_never_set_in_italics_that_lack_it(style: str) -> None:
    ax = drawing("arabic", style, 7.0)
    assert missing_letters(ax) <= {"\u200e", "\u200f"}
    titles = {t.get_text(): t.get_fontstyle() for t in ax.texts if "title" in (t.get_gid() or "")}
    assert titles == {"النقاط": "normal", "المواضيع": "normal"}
    assert {t.get_fontstyle() for t in drawing("cited", style, 7.0).texts} == {"normal", "italic"}


def test_a_line_keeps_the_direction_of_its_text_whatever_it_begins_with() -> None:
    type_ = Type(8)
    ruler = Ruler(["Margins", *ARABIC])
    said = f"Margins are those of {ARABIC[3]} and {ARABIC[3]} and {ARABIC[3]} and no others"
    lines = ruler.wrap(said, type_, ruler.width(f"and {ARABIC[3]} and", type_), balanced=False).lines
    assert any(line.startswith("\u200e" + ARABIC[3][0]) for line in lines)
    assert all(line[0] == "\u200e" for line in lines if line.lstrip("\u200e")[0] == ARABIC[3][0])
    assert ruler.wrap(ARABIC[0], type_, 9).lines == (ARABIC[0],)


def test_letters_that_no_font_has_are_named_once_and_drawn_nonetheless() -> None:
    m = CodeMatrix.from_wide(pd.DataFrame({"𐡀𐡁": [1, 0]}, index=["\U0001fabc 🙂", "b"]))
    with pytest.warns(
        UserWarning, match=r"No installed font has \d of the letters \(.*Imperial.*Noto Sans"
    ) as said:
        ax = plot.matrix(m)
    assert len(said) == 1
    assert "𐡀𐡁" in [t.get_text() for t in ax.texts]


def test_saving_does_not_warn_again(tmp_path: object) -> None:
    ax = drawing("chinese", "dots", 3.3)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        plot.save_figure(ax, f"{tmp_path}/a.png", f"{tmp_path}/a.pdf")


def test_looking_for_fonts_logs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    from qualcode.plot import _text

    for memory in (_text._characters, _text._characters_in, _text._other_families):
        memory.cache_clear()
    with caplog.at_level(logging.WARNING), pytest.warns(UserWarning, match="No installed font"):
        plot.matrix(seeded(["\U0001fabc"], ["𐡀"]))
    assert caplog.messages == []


def test_a_font_that_is_named_is_used_and_helped_out() -> None:
    ax = plot.matrix(case("cited"), font="DejaVu Serif")
    assert {t.get_fontfamily()[0] for t in ax.texts} == {"DejaVu Serif"}
    assert "DejaVu Sans" in ax.texts[0].get_fontfamily()
    plt.close("all")


def test_signs_of_mathematics_and_markup_are_letters_like_others() -> None:
    ax = drawing("signs", "icons", 7.0)
    texts = [t.get_text() for t in ax.texts]
    for name in ("cost $5 and $x^2$", "a_b^c\\frac{1}{2}", "100 % & more", "two lines here", "<b>&amp;</b>"):
        assert name in texts
    assert not any(t.get_parse_math() or t.get_usetex() for t in ax.texts)


def test_a_long_word_breaks_between_signs_as_readers_see_them() -> None:
    ruler, type_ = Ruler(["e\u0301x"]), Type(8)
    word = "e\u0301" * 30
    lines = ruler.wrap(word, type_, 0.4).lines
    assert len(lines) > 1
    assert "".join(lines) == word
    assert not any(line.startswith("\u0301") for line in lines)
    assert letters("👩‍🔬x") == ["👩‍🔬", "x"]


def test_scripts_without_spaces_break_between_letters_and_not_before_a_full_stop() -> None:
    assert len(pieces(CHINESE[1])) == len(CHINESE[1])
    assert pieces("数据。") == ("数", "据。")
    assert pieces("Product-Model Integration") == ("Product-", "Model ", "Integration")


def test_a_text_fits_into_its_own_width() -> None:
    ruler = Ruler(["Row 10"])
    for size in (6.0, 7.0, 7.3, 8.5):
        width = ruler.width("Row 10", Type(size))
        assert ruler.wrap("Row 10", Type(size), width + 0.3 - 0.1 - 0.2).lines == ("Row 10",)
