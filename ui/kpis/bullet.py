"""The mark: a horizontal bullet with the Plimsoll circle on its critical level and the last periods beneath.

Every function takes numbers and enums and returns SVG or HTML text: nothing that came out of a file may reach this
module, the only one that writes unescaped markup. Words and digits come from models.words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from html import escape
from typing import Any

import streamlit as st
from markupsafe import Markup

from models.vocabulary import KpiStatus
from models.words.numbers import GAP, PAGE_CURRENCY, kpi_value_text, points_text, second_unit_text, unit_for
from models.words.terms import status_word
from ui.shell.theme import INHERITED, NO_DATA, Ink, bar_color, sign_color
from ui.shell.wording import STATUS_SIGNS, msgid, translate

PRINCIPAL_AT = 0.66  # the level stands at two thirds of the width, so that room is left on both sides of it
LEAST_APART = 0.08  # of the width: warning and critical nearer than this run into each other, the circle being as wide
APART = 0.12  # of the width between them where the scale has to run around them
ROOM = 1.2  # of what levels on both sides of a band span
LEAST_REACH = 0.1  # of an index on either side of 1, where it has no level
STUB = 6.0  # of a bar that lies before its scale: so much is seen of it
PERIODS = 8
CELL_WIDTH = 120
CELL_HEIGHT = 17


@dataclass(frozen=True)
class BulletValue:
    """One KPI value with its levels, as the mark draws it.

    better: higher, lower, band or none, as the levels have it. A band runs from low_warning_at to warning_at. history: oldest
    first. unit: that of the KPI; an index is drawn as its deviation from 1.
    largest: the largest absolute value beside it, so that values without a level share a scale.
    instead: words of ours that stand where there is no value and its status alone would not say why.
    """

    value: float | None
    status: str
    better: str = "none"
    warning_at: float | None = None
    critical_at: float | None = None
    low_warning_at: float | None = None
    low_critical_at: float | None = None
    history: tuple[float | None, ...] = ()
    is_stale: bool = False
    largest: float | None = None
    instead: str = ""
    unit: str = ""

    @property
    def has_value(self) -> bool:
        """Whether there is a value to be drawn."""
        return self.value is not None and self.status not in (KpiStatus.NO_DATA, KpiStatus.NOT_APPLICABLE)

    @property
    def base(self) -> float:
        """Where its bar begins."""
        return 1.0 if self.unit == "index" else 0.0

    @property
    def levels(self) -> list[float]:
        """Those it has, of both sides."""
        every = (self.warning_at, self.critical_at, self.low_warning_at, self.low_critical_at)
        return [level for level in every if level is not None]


@dataclass(frozen=True)
class Scale:
    """Values from `low` to `high`, drawn over a width."""

    low: float
    high: float

    def x(self, value: float, width: float) -> float:
        """Where `value` lies, held inside 0..width."""
        share = (value - self.low) / (self.high - self.low)
        return round(min(max(share, 0.0), 1.0) * width, 1)

    def overflows(self, value: float) -> bool:
        return value > self.high or value < self.low


@dataclass(frozen=True)
class Box:
    """Where in the picture something is drawn, in SVG units."""

    left: float
    top: float
    width: float
    height: float


def scale_of(reading: BulletValue) -> Scale:
    """The scale of one mark. With the same levels, every project gets the same, so that the bars of a column can be compared.

    That of an index runs as far on either side of 1, twice as far as its farthest level. All else runs from zero, with the
    critical level (else the warning level) at two thirds of the width. Where warning and critical would be nearer than
    LEAST_APART, the scale runs around them alone. Without a positive level the largest value beside it fills the width, else the
    largest of its history stands at two thirds; a negative value moves zero to the middle.
    """
    whole = _scale_around_one(reading) if reading.base else _scale_from_zero(reading)
    sides = (reading.warning_at, reading.critical_at), (reading.low_warning_at, reading.low_critical_at)
    steps = [abs(warn - bad) for warn, bad in sides if warn is not None and bad is not None and warn != bad]
    if not steps or min(steps) >= LEAST_APART * (whole.high - whole.low):
        return whole
    is_band = len(reading.levels) > 2
    least, most = min(reading.levels), max(reading.levels)
    half = max(min(steps) / APART, (most - least) * ROOM) / 2
    middle = (least + most) / 2 if is_band or reading.critical_at is None else reading.critical_at
    return Scale(middle - half, middle + half)


def _scale_around_one(reading: BulletValue) -> Scale:
    known = [value for value in (reading.value, *reading.history) if value is not None]
    reach = 2 * max((abs(level - 1) for level in reading.levels), default=0.0)
    farthest = max((abs(value - 1) for value in known), default=0.0) / PRINCIPAL_AT
    reach = reach or max(farthest, LEAST_REACH)
    return Scale(1 - reach, 1 + reach)


def _scale_from_zero(reading: BulletValue) -> Scale:
    stated = (reading.critical_at, reading.warning_at), (reading.low_critical_at, reading.low_warning_at)
    levels = next(filter(None, ([level for level in side if level and level > 0] for side in stated)), [])
    known = [value for value in (reading.value, *reading.history) if value is not None]
    if levels:
        principal = levels[0] if reading.better != "lower" else max(levels)
        high = principal / PRINCIPAL_AT
    elif reading.largest:
        high = reading.largest
    else:
        high = max((abs(value) for value in known), default=0.0) / PRINCIPAL_AT or 1.0
    low = -high if reading.value is not None and reading.value < 0 else 0.0
    return Scale(low, high)


def reach_of(histories: Iterable[Sequence[float | None]]) -> tuple[float, float] | None:
    """The least and the greatest of all their last periods, for lines that stand side by side; None without any."""
    known = [value for history in histories for value in history[-PERIODS:] if value is not None]
    return (min(known), max(known)) if known else None


def bullet(reading: BulletValue, box: Box, ink: Ink) -> str:
    """The bar, its levels and, where the data are old, the hatch: SVG elements without their frame."""
    left, top, width, height = box.left, box.top, box.width, box.height
    if reading.status == KpiStatus.NOT_APPLICABLE:
        middle = top + height / 2
        return f'<path d="M{_n(left)} {_n(middle)}h{_n(width)}" stroke="{NO_DATA}" stroke-opacity=".5"/>'
    if reading.value is None or not reading.has_value:
        return (
            f'<rect x="{_n(left)}" y="{_n(top)}" width="{_n(width)}" height="{_n(height)}" fill="none" stroke="{NO_DATA}" '
            f'stroke-opacity=".6" stroke-dasharray="2 2"/>'
        )
    scale = scale_of(reading)
    base, end = scale.x(reading.base, width), scale.x(reading.value, width)
    if not base and reading.value < scale.low:
        end = min(STUB, width)
    parts = [
        f'<rect x="{_n(left)}" y="{_n(top)}" width="{_n(width)}" height="{_n(height)}" fill="{NO_DATA}" fill-opacity=".22"/>',
        f'<rect x="{_n(left + min(base, end))}" y="{_n(top)}" width="{_n(abs(end - base))}" height="{_n(height)}" '
        f'fill="{bar_color(reading.status)}"/>',
    ]
    if scale.overflows(reading.value):
        parts.append(_overflow(box, ink, at_left=reading.value < scale.low))
    if base:
        parts.append(
            f'<path class="base" d="M{_n(left + base)} {_n(top - 1)}v{_n(height + 2)}" stroke="{ink.text}" stroke-width=".8"/>'
        )
    if reading.is_stale:
        parts.append(hatch(box, ink))
    for level in (reading.warning_at, reading.low_warning_at):
        if level is not None:
            x = _n(left + scale.x(level, width))
            parts.append(f'<path class="warning" d="M{x} {_n(top - 2)}v{_n(height + 4)}" stroke="{ink.text}"/>')
    for level in (reading.critical_at, reading.low_critical_at):
        if level is not None:
            parts.append(_plimsoll(left + scale.x(level, width), top, height, ink))
    return "".join(parts)


def hatch(box: Box, ink: Ink) -> str:
    """Diagonal lines over a box, ending inside it: 45 degrees, four units apart."""
    lines = []
    offset = 0.0
    while offset < box.width:
        run = min(box.height, box.width - offset)
        lines.append(f"M{_n(box.left + offset)} {_n(box.top + box.height)}l{_n(run)} {_n(-run)}")
        offset += 4
    return f'<path class="stale" d="{"".join(lines)}" stroke="{ink.text}" stroke-opacity=".55" stroke-width=".8"/>'


def history_line(reading: BulletValue, box: Box, ink: Ink, reach: tuple[float, float] | None = None) -> str:
    """The last eight periods as a fine line, broken where a period is unknown; its end carries the status color.

    reach: the least and the greatest value of all lines beside it (`reach_of`), so that they share a scale.
    """
    points = history_points(reading.history, box.width, box.height, reach)
    left, top = box.left, box.top
    drawn, pen = [], "M"
    for point in points:
        if point is None:
            pen = "M"
            continue
        drawn.append(f"{pen}{_n(left + point[0])} {_n(top + point[1])}")
        pen = "L"
    if not drawn:
        return ""
    line = f'<path d="{"".join(drawn)}" fill="none" stroke="{ink.text}" stroke-opacity=".55" stroke-width=".9"/>'
    if points[-1] is None:
        return line
    x, y = points[-1]
    return line + f'<circle cx="{_n(left + x)}" cy="{_n(top + y)}" r="1.6" fill="{sign_color(reading.status)}"/>'


def history_points(
    history: tuple[float | None, ...], width: float, height: float, reach: tuple[float, float] | None = None
) -> list[tuple[float, float] | None]:
    """Where each of the last eight values lies in a box, smallest at the bottom; None where it is unknown."""
    shown = history[-PERIODS:]
    known = [value for value in shown if value is not None]
    if len(known) < 2:
        return []
    low, high = reach or (min(known), max(known))
    step = width / (len(shown) - 1)
    return [
        None if value is None else (index * step, height / 2 if high == low else height * (high - value) / (high - low))
        for index, value in enumerate(shown)
    ]


def draw_card_face(reading: BulletValue, kpi_key: str, unit: str, language: str, **options: Any) -> None:
    """Puts `card_face` on the page."""
    st.markdown(card_face(reading, kpi_key, unit, language, **options), unsafe_allow_html=True)


def draw_sign(status: str, words: str, *, large: bool = False, small: bool = False) -> None:
    """A status told three ways: its sign in its color, and beside it the word for it."""
    size, weight = ("2.6rem", 700) if large else (".875rem" if small else "1rem", 400)
    st.markdown(
        f'<div style="font-size:{size};font-weight:{weight};line-height:1.3;margin-bottom:1rem">{_sign(status)} '
        f"{escape(words)}</div>",
        unsafe_allow_html=True,
        width="content" if small else "stretch",
    )


def draw_against_level(reading: BulletValue, value: str, level: str) -> None:
    """A value beside its level in words, over the bullet of the two; without a value the words alone."""
    drawn = ""
    if reading.value is not None and (reading.critical_at is not None or reading.warning_at is not None):
        drawn = (
            '<svg aria-hidden="true" viewBox="0 0 180 18" width="100%" height="18" preserveAspectRatio="xMinYMid meet" '
            'overflow="visible">'
            f"{bullet(reading, Box(1, 5, 178, 8), INHERITED)}</svg>"
        )
    st.markdown(
        '<div style="line-height:1.3;margin-bottom:1rem;font-variant-numeric:tabular-nums">'
        f'<span style="font-weight:600">{escape(value)}</span> <span style="opacity:.75">{escape(level)}</span><br>{drawn}</div>',
        unsafe_allow_html=True,
    )


def card_face(
    reading: BulletValue,
    kpi_key: str,
    unit: str,
    language: str,
    *,
    previous: float | None = None,
    against: str = "",
    currency: str | None = None,
    reach: tuple[float, float] | None = None,
) -> str:
    """What stands on a card below its name, as HTML: the value, its status in sign and word, the change, the mark.

    against: what `previous` is, in words of ours ("Oct 2026"). reach: see `history_line`.
    """
    spoken_in = currency or PAGE_CURRENCY.get()
    return _card_face(
        reading, kpi_key, unit, language, previous=previous, against=against, currency=spoken_in, reach=reach
    )


@lru_cache(maxsize=4096)  # about 2 KB each: the cards of the last few builds and languages
def _card_face(
    reading: BulletValue,
    kpi_key: str,
    unit: str,
    language: str,
    *,
    previous: float | None,
    against: str,
    currency: str,
    reach: tuple[float, float] | None,
) -> str:
    value = figure(reading, unit, language, currency) if reading.has_value else reading.instead
    exact = kpi_value_text(reading.value, unit, language, exact=True, currency=currency) if reading.has_value else ""
    change = change_words(reading, unit, language, previous=previous, against=against, currency=currency)
    second = (
        f"({second_unit_text(kpi_key, reading.value, language)})" if reading.has_value and kpi_key in _SECOND else ""
    )
    # a word is longer than a figure: it is set smaller and may break, so that it stays inside the narrowest card
    fit = "font-size:1.35rem;white-space:nowrap" if reading.has_value else "font-size:1rem"
    shown = (
        f'<span title="{escape(exact)}" style="{fit};font-weight:600;font-variant-numeric:tabular-nums">'
        f"{escape(value)}</span> "
    )
    return (
        '<div style="line-height:1.35;margin-bottom:.35rem">'
        f"{shown if value else ''}"
        f'<span style="font-size:.85rem;font-weight:600;white-space:nowrap">{_sign(reading.status)} '
        f"{escape(status_word(reading.status, language))}</span>"
        f'<div style="font-size:.8rem;min-height:1.2rem">{change} {escape(second)}</div>'
        f"{_card_svg(reading, unit, language, currency, reach)}</div>"
    )


def figure(reading: BulletValue, unit: str, language: str, currency: str | None) -> str:
    """The value, never rounded onto a level that it is not on."""
    return kpi_value_text(reading.value, unit, language, currency=currency, levels=reading.levels)


@lru_cache(maxsize=8192)  # about 1 KB each: the grids of the last few builds and languages
def cell_face(
    reading: BulletValue, unit: str, language: str, *, currency: str | None = None
) -> tuple[str, str, Markup]:
    """What a cell of a grid shows of a reading: its words; on hover the exact value and the scale; and the mark, in the colors
    around it."""
    text = figure(reading, unit, language, currency) if reading.has_value else ""
    exact = kpi_value_text(reading.value, unit, language, exact=True, currency=currency) if reading.has_value else ""
    hover = " · ".join(word for word in (exact, scale_words(reading, unit, language, currency)) if word)
    drawn = (
        f'<svg aria-hidden="true" viewBox="0 0 {CELL_WIDTH} {CELL_HEIGHT}" preserveAspectRatio="xMinYMid meet">'
        f"{bullet(reading, Box(1, 5, CELL_WIDTH - 2, 7), INHERITED)}</svg>"
    )
    return text or reading.instead or status_word(reading.status, language), hover, Markup(drawn)


def bar_svg(reading: BulletValue, unit: str, language: str, *, width: int = 180, currency: str | None = None) -> str:
    """The mark alone inside a page, as wide as there is room up to 20 pixels of height; its hover is the scale."""
    drawn = bullet(reading, Box(1, 6, width - 2, 8), INHERITED)
    return _picture(reading, unit, language, currency, drawn=drawn, width=width, height=20, is_wide=True)


def course_svg(
    reading: BulletValue, *, width: int = 110, height: int = 30, reach: tuple[float, float] | None = None
) -> str:
    """The last eight periods alone, as a line inside a page. reach: see `history_line`."""
    line = history_line(reading, Box(2, 3, width - 5, height - 6), INHERITED, reach)
    return (
        f'<svg aria-hidden="true" viewBox="0 0 {width} {height}" width="{width}" height="{height}">{line}</svg>'
        if line
        else ""
    )


_SECOND = ("code_defect_rate",)


def scale_words(reading: BulletValue, unit: str, language: str, currency: str | None = None) -> str:
    """From where to where the mark runs, and its levels: what hovers over it. Empty without a value."""
    if not reading.has_value:
        return ""
    text = partial(kpi_value_text, unit=unit, language=language, currency=currency)
    scale, level_text = scale_of(reading), partial(text, exact=unit == "percent")
    words = [translate(msgid("scale {low} to {high}"), {"low": text(scale.low), "high": text(scale.high)}, language)]
    for status, levels in (
        (KpiStatus.WARNING, (reading.low_warning_at, reading.warning_at)),
        (KpiStatus.CRITICAL, (reading.low_critical_at, reading.critical_at)),
    ):
        words += [f"{status_word(status, language)} {level_text(level)}" for level in levels if level is not None]
    return " · ".join(words)


def _card_svg(
    reading: BulletValue, unit: str, language: str, currency: str | None, reach: tuple[float, float] | None
) -> str:
    drawn = bullet(reading, Box(1, 7, 178, 8), INHERITED) + history_line(reading, Box(3, 25, 173, 12), INHERITED, reach)
    return _picture(reading, unit, language, currency, drawn=drawn, width=180, height=40, is_wide=True)


def _picture(
    reading: BulletValue,
    unit: str,
    language: str,
    currency: str | None,
    *,
    drawn: str,
    width: int,
    height: int,
    is_wide: bool = False,
) -> str:
    """`drawn` as an SVG inside a page, with what it says to those who do not see it and under the pointer."""
    value = figure(reading, unit, language, currency) if reading.has_value else reading.instead
    label = f"{value} {status_word(reading.status, language)}".strip()
    hover = scale_words(reading, unit, language, currency)
    size = 'width="100%" preserveAspectRatio="xMinYMid meet"' if is_wide else f'width="{width}"'
    return (
        f'<svg role="img" aria-label="{escape(label)}" viewBox="0 0 {width} {height}" {size} height="{height}">'
        f"{f'<title>{escape(hover)}</title>' if hover else ''}{drawn}</svg>"
    )


def _sign(status: str) -> str:
    return f'<span style="color:{sign_color(status)}">{STATUS_SIGNS[status]}</span>'


def change_words(
    reading: BulletValue,
    unit: str,
    language: str,
    *,
    previous: float | None,
    against: str = "",
    currency: str | None = None,
) -> str:
    """The change against `previous`, as HTML: "▾ 0.03 vs Oct 2026", its arrow in blue-green or vermilion where better is known.

    One that rounds to nothing at the digits shown is "unchanged": no arrow, no color. Empty without one of the two values.
    """
    if previous is None or reading.value is None or not reading.has_value:
        return ""
    period = escape(against or translate(msgid("the period before"), None, language))
    difference = reading.value - previous
    size = abs(difference)
    money_unit = unit_for([reading.value], language) if unit == "money" else None
    text = kpi_value_text(size, unit, language, currency=currency, money_unit=money_unit)
    if unit == "percent":
        text = points_text(size, language)
    if not any(letter in "123456789" for letter in text):
        return translate(msgid("unchanged from {period}"), {"period": period}, language)
    good = {"higher": difference > 0, "lower": difference < 0}.get(reading.better)
    color = "inherit" if good is None else INHERITED.good if good else INHERITED.bad
    change = f'<span style="color:{color}">{"▴" if difference > 0 else "▾"}</span>{GAP}{escape(text)}'
    return translate(msgid("{change} vs {period}"), {"change": change, "period": period}, language)


def _plimsoll(x: float, top: float, height: float, ink: Ink) -> str:
    at, middle = _n(x), _n(top + height / 2)
    return (
        f'<path class="critical" d="M{at} {_n(top - 5)}v{_n(height + 10)}" stroke="{ink.text}" stroke-width="2"/>'
        f'<circle cx="{at}" cy="{middle}" r="{_n(height / 2 + 0.5)}" fill="none" stroke="{ink.text}" stroke-width="1.3"/>'
    )


def _overflow(box: Box, ink: Ink, at_left: bool) -> str:
    """Two slanted cuts: the bar goes on beyond the scale."""
    x = box.left + 3 if at_left else box.left + box.width - 7
    cut = f"M{_n(x)} {_n(box.top + box.height + 1)}l3 {_n(-box.height - 2)}m2 0l-3 {_n(box.height + 2)}"
    return f'<path class="overflow" d="{cut}" stroke="{ink.text}" stroke-width=".9" fill="none"/>'


def _n(number: float) -> str:
    return f"{round(number, 1):g}"
