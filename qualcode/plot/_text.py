"""Measure and wrap text before a figure is drawn, so that nothing overlaps and no word is cut."""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal

import matplotlib as mpl
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font

from qualcode.errors import InvalidValue, did_you_mean

SHIPPED = "DejaVu Sans"  # the one family that every matplotlib brings along
LEADING = 1.2  # distance of two lines, in sizes of the font
ASCENT, DESCENT, CAPITAL = (
    0.78,
    0.25,
    0.73,
)  # of DejaVu Sans, in sizes of the font; taller letters are measured
SMALLEST = 5.0  # points; what can still be read in print
POINT = 1 / 72  # inches
ROUNDING = 1e-6  # inches: a text still fits into what was computed from its own width

Weight = Literal["normal", "bold"]
Slope = Literal["normal", "italic"]

# Characters that draw nothing: joiners, variation selectors, marks of direction.
_UNSEEN = re.compile(r"[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]")
_AFTER_THESE = "-‐‑–—/\\_·|"  # a line may end after these inside a word
_NEVER_FIRST = "、。，．：；！？）」』】〉》々ーぁぃぅぇぉっゃゅょ,.;:!?)]}%"


@dataclass(frozen=True)
class Type:
    """How a piece of text is set: size in points, weight, slope."""

    size: float
    weight: Weight = "normal"
    style: Slope = "normal"

    def scaled(self, factor: float) -> Type:
        """The same type, larger or smaller by a factor."""
        return self.sized(self.size * factor)

    def sized(self, size: float) -> Type:
        """The same type at another size."""
        return Type(size, self.weight, self.style)

    @property
    def em(self) -> float:
        """The size in inches."""
        return self.size * POINT


@dataclass(frozen=True)
class Block:
    """Lines of text as they will stand; all lengths in inches."""

    lines: tuple[str, ...]
    type: Type
    width: float
    ascent: float
    descent: float
    pitch: float

    @property
    def height(self) -> float:
        """From the top of the first line to the bottom of the last."""
        return self.ascent + self.descent + self.pitch * (len(self.lines) - 1) if self.lines else 0.0


class Ruler:
    """Measures text in the fonts that a figure will be drawn with.

    Parameters
    ----------
    texts
        Everything that will be written: fonts are added for letters the first font does not have.
    font
        The family wanted; DejaVu Sans when None, which every matplotlib has.
    """

    def __init__(self, texts: Iterable[str], font: str | None = None) -> None:
        signs = "".join(texts)
        self.families = families_for(signs, font)
        self._upright = _never_slanted(signs, self.families)
        # Hinting makes the width of a word depend on the resolution, by up to a tenth: measure at those that
        # screens and journals have and believe the widest. The finest is nearly what PDF and SVG have.
        screen = min(1200, max(72, round(mpl.rcParams["figure.dpi"])))
        self._dots = tuple(sorted({100, 150, 200, 300, 600, screen}))
        self._known: dict[tuple[str, Type], tuple[float, float, float]] = {}

    def font(self, type_: Type, text: str) -> FontProperties:
        """The font of a line, for measuring and for drawing; upright where the italics lack a letter."""
        return _font(self.families, type_.size, type_.weight, self._style(type_, text))

    def _style(self, type_: Type, text: str) -> Slope:
        return "normal" if self._upright.intersection(text) else type_.style

    def measure(self, text: str, type_: Type) -> tuple[float, float, float]:
        """Width, ascent and descent of one line, in inches."""
        key = (text, type_)
        if key not in self._known:
            style = self._style(type_, text)
            self._known[key] = _measured(text, self.families, type_.size, type_.weight, style, self._dots)
        return self._known[key]

    def width(self, text: str, type_: Type) -> float:
        """Width of one line, in inches."""
        return self.measure(text, type_)[0] if text else 0.0

    def longest_word(self, text: str, type_: Type) -> float:
        """Width of the longest piece of a text that is not broken."""
        return self.widest(pieces(text), type_)

    def widest(self, texts: Iterable[str], type_: Type) -> float:
        """Width of the widest of several lines."""
        return max((self.width(text, type_) for text in texts), default=0.0)

    def fitted(self, texts: Sequence[str], type_: Type, room: float, least: float) -> Type:
        """The type, made smaller down to `least` points until each of several lines fits a width.

        Measured, because small letters are wider than their size says.
        """
        while type_.size > least and self.widest(texts, type_) > room + ROUNDING:
            type_ = type_.sized(max(least, type_.size - 0.1))
        return type_

    def block(self, lines: Sequence[str], type_: Type) -> Block:
        """Lines with their measures; letters that stand high get room."""
        measured = [self.measure(line, type_) for line in lines]
        ascent = max([m[1] for m in measured] + [ASCENT * type_.em])
        descent = max([m[2] for m in measured] + [DESCENT * type_.em])
        pitch = max(LEADING * type_.em, ascent + descent + 0.1 * type_.em)
        return Block(tuple(lines), type_, max((m[0] for m in measured), default=0.0), ascent, descent, pitch)

    def wrap(self, text: str, type_: Type, width: float, *, balanced: bool = True) -> Block:
        """Break a text into as few lines as fit a width, of even length when `balanced`.

        A line ends between words, after a hyphen or slash, or between letters of scripts without
        spaces; only a single word wider than the line is broken inside.
        """
        lines = self._greedy(text, type_, width)
        if balanced and len(lines) > 1:
            low, high = 0.0, width
            for _ in range(7):
                middle = (low + high) / 2
                tried = self._greedy(text, type_, middle)
                whole = len(tried) == len(lines) and middle >= min(width, self.longest_word(text, type_))
                low, high = (low, middle) if whole else (middle, high)
            lines = self._greedy(text, type_, high)
        return self.block(_same_way(lines, text), type_)

    def _greedy(self, text: str, type_: Type, width: float) -> list[str]:
        # Measuring is slow: a line whose words together leave room, spaces counted wide, is not measured.
        lines: list[str] = []
        line, at_most, space = "", 0.0, 0.4 * type_.em
        for piece in pieces(text):
            wide = self.width(piece.rstrip(), type_) + space
            near = at_most + wide > width
            if line and near and self.width((line + piece).rstrip(), type_) > width + ROUNDING:
                lines.append(line.rstrip())
                line, at_most = "", 0.0
            line, at_most = line + piece, at_most + wide
            while at_most > width and self._too_long(line, type_, width):
                head = self._longest_head(line, type_, width)
                lines.append(head)
                line = line[len(head) :]
        return [*lines, line.rstrip()] if line.strip() or not lines else lines

    def _too_long(self, line: str, type_: Type, width: float) -> bool:
        """Whether a line has to be broken inside a word; a single letter cannot be."""
        return self.width(line.rstrip(), type_) > width + ROUNDING and len(letters(line.rstrip())) > 1

    def _longest_head(self, word: str, type_: Type, width: float) -> str:
        """As many whole letters of a word as fit, at least one."""
        parts = letters(word)
        low, high = 1, len(parts) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if self.width("".join(parts[:middle]), type_) <= width:
                low = middle
            else:
                high = middle - 1
        return "".join(parts[:low])


def _font(families: tuple[str, ...], size: float, weight: Weight, style: Slope) -> FontProperties:
    return FontProperties(family=list(families), size=size, weight=weight, style=style)


@lru_cache(maxsize=50_000)  # the next figure of a study has the same names
def _measured(
    text: str, families: tuple[str, ...], size: float, weight: Weight, style: Slope, dots: tuple[int, ...]
) -> tuple[float, float, float]:
    """The largest width, ascent and descent of a line over several resolutions, in inches."""
    font = _font(families, size, weight, style)
    width = ascent = descent = 0.0
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"(Glyph|Matplotlib currently)")
        for dpi in dots:
            w, h, d = _renderer(dpi).get_text_width_height_descent(text, font, False)
            width, ascent, descent = max(width, w / dpi), max(ascent, (h - d) / dpi), max(descent, d / dpi)
    return width, ascent, descent


@cache
def _renderer(dpi: int) -> Any:
    new_renderer: Any = RendererAgg  # matplotlib gives it no types
    return new_renderer(8, 8, dpi)


def _same_way(lines: list[str], text: str) -> list[str]:
    """Lines that are read in the direction of the whole text, whatever script each begins with.

    A line of English that happens to begin with an Arabic name would be set from right to left;
    an invisible mark in front of it says otherwise.
    """
    way = _direction(text)
    mark = "\u200f" if way == "right to left" else "\u200e"
    return [mark + line if way and _direction(line) not in ("", way) else line for line in lines]


def _direction(text: str) -> str:
    """Decided by the first letter that has one, as in the Unicode rules."""
    for c in text:
        kind = unicodedata.bidirectional(c)
        if kind in ("L", "R", "AL"):
            return "left to right" if kind == "L" else "right to left"
    return ""


def clean(text: str) -> str:
    r"""A name as one line: no control characters, no double spaces.

    Examples
    --------
    >>> clean("Data\n  Quality")
    'Data Quality'
    """
    shown = "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in text)
    return " ".join(shown.split())


@lru_cache(maxsize=4096)  # the same names are wrapped again and again until they fit
def pieces(text: str) -> tuple[str, ...]:
    """Parts of a text that stay together on a line; a space stays at the end of its part.

    Examples
    --------
    >>> pieces("Product-Model Integration")
    ('Product-', 'Model ', 'Integration')
    """
    found: list[str] = []
    current = ""
    signs = letters(text)
    for i, sign in enumerate(signs):
        current += sign
        after = signs[i + 1] if i + 1 < len(signs) else ""
        if not after or after == " ":
            continue
        wide = _wide(sign) or _wide(after)
        ends = sign == " " or (sign in _AFTER_THESE and len(current) > 2 and i + 2 < len(signs))
        if ends or (wide and after[0] not in _NEVER_FIRST and sign not in "（「『【〈《(["):
            found.append(current)
            current = ""
    return (*found, current) if current else tuple(found)


def letters(text: str) -> list[str]:
    """Signs as a reader sees them: a letter with its accents, an emoji with its parts, is one."""
    found: list[str] = []
    for c in text:
        joins = (
            unicodedata.category(c) in ("Mn", "Me", "Mc")
            or c in "\u200d\u200c"
            or "\U0001f3fb" <= c <= "\U0001f3ff"
        )
        if found and (joins or _UNSEEN.match(c) or found[-1].endswith("\u200d")):
            found[-1] += c
        else:
            found.append(c)
    return found


def _wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign[0]) in "WF" and unicodedata.category(sign[0])[0] in "LPS"


def families_for(text: str, font: str | None = None) -> tuple[str, ...]:
    """The font wanted, then as many others as the letters of a text need.

    Warns once per figure, with the names of the scripts, when no installed font has a letter.
    """
    chosen = [font or SHIPPED]
    if font is not None and font != SHIPPED:
        if not _characters(font):
            known = sorted({entry.name for entry in fontManager.ttflist})
            raise InvalidValue(
                f"The font {font!r} is not installed. Expected the name of an installed family, such as "
                f"{', '.join(known[:4])}.{did_you_mean(font, known)}"
            )
        chosen.append(SHIPPED)
    needed = {
        c for c in text if not c.isspace() and not _UNSEEN.match(c) and unicodedata.category(c)[0] != "C"
    }
    for family in chosen:
        needed -= {c for c in needed if ord(c) in _characters(family)}
    if needed:
        for family, file in _other_families():
            has = {c for c in needed if ord(c) in _characters_in(file)}
            if has:
                chosen.append(family)
                needed -= has
            if not needed:
                break
    if needed:
        scripts = sorted({unicodedata.name(c, "UNNAMED SIGN").split()[0].title() for c in needed})
        warnings.warn(
            f"No installed font has {len(needed)} of the letters ({', '.join(scripts[:5])}): they are drawn as "
            "boxes in PNG and PDF, and are right in SVG. Install a font for them, for example Noto Sans.",
            UserWarning,
            stacklevel=2,
        )
    return tuple(chosen)


def _never_slanted(text: str, families: Sequence[str]) -> frozenset[str]:
    """Letters whose font has them upright only, as DejaVu Sans has Arabic."""
    found = set()
    for c in set(text):
        family = next((f for f in families if ord(c) in _characters(f)), None)
        if family is not None and ord(c) not in _characters(family, "italic"):
            found.add(c)
    return frozenset(found)


@cache
def _characters(family: str, style: Slope = "normal") -> frozenset[int]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            wanted = FontProperties(family=family, style=style)
            return _characters_in(findfont(wanted, fallback_to_default=family == SHIPPED))
    except ValueError:
        return frozenset()  # not installed


@cache
def _characters_in(file: str) -> frozenset[int]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return frozenset(get_font(file).get_charmap())
    except (ValueError, RuntimeError, OSError):
        return frozenset()  # a kind of font that matplotlib cannot read


@cache
def _other_families() -> tuple[tuple[str, str], ...]:
    """Installed families with a regular face and its file, those made for many scripts first.

    Taken from the list that matplotlib has: to ask it for each family would log what it does not find.
    """
    made_for_many = (
        "Noto Sans",
        "Arial Unicode",
        "Microsoft",
        "Yu Gothic",
        "Hiragino",
        "PingFang",
        "Malgun",
        "Nirmala",
    )
    files = {
        entry.name: entry.fname
        for entry in sorted(fontManager.ttflist, key=lambda e: str(e.fname), reverse=True)
        if entry.weight in (400, "normal", "regular") and entry.style == "normal"
        if entry.name != SHIPPED and not entry.name.startswith("Last Resort")
        if "Emoji" not in entry.name or "Color" not in entry.name
    }
    return tuple(sorted(files.items(), key=lambda item: (not item[0].startswith(made_for_many), item[0])))
