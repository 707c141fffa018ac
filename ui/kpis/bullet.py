"""The mark: a horizontal bullet with the Plimsoll circle on its critical level and the last periods beneath.

Every function takes numbers and enums and returns SVG or HTML text: nothing that came out of a file may reach this
module, the only one that writes unescaped markup. Words and digits come from models.words.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

import streamlit as st
from markupsafe import Markup

from models.vocabulary import KpiStatus
from models.words.numbers import kpi_value_text, points_text, second_unit_text
from models.words.terms import status_word
from ui.shell.theme import CRITICAL, INHERITED, LIGHT, NO_DATA, OK, Ink, bar_color, sign_color
from ui.shell.wording import STATUS_SIGNS, msgid, translate

PRINCIPAL_AT = 0.66  # the level stands at two thirds of the width, so that room is left on both sides of it
PERIODS = 8
CELL_WIDTH = 120
CELL_HEIGHT = 17


@dataclass(frozen=True)
class BulletValue:
    """One KPI value with its levels, as the mark draws it.

    better: higher, lower, band or none, as the levels have it. A band runs from low_warning_at to warning_at. history: oldest
    first.
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

    @property
    def has_value(self) -> bool:
        """Whether there is a value to be drawn."""
        return self.value is not None and self.status not in (KpiStatus.NO_DATA, KpiStatus.NOT_APPLICABLE)


@dataclass(frozen=True)
class Scale:
    """Values from `low` to `high`, drawn over a width. `low` is zero unless the value is negative."""

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
    """The scale of one mark: the critical level (else the warning level) at two thirds of the width.

    With the same levels, every project gets the same scale, so that the bars of a column can be compared. Without a
    positive level the largest value beside it fills the width, else the largest of its history stands at two thirds; a
    negative value moves zero to the middle.
    """
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


def bullet(reading: BulletValue, box: Box, ink: Ink) -> str:
    """The bar, its levels and, where the data are old, the hatch: SVG elements without their frame."""
    left, top, width, height = box.left, box.top, box.width, box.height
    if reading.status == KpiStatus.NOT_APPLICABLE:
        middle = top + height / 2
        return f'<path d="M{left} {middle}h{width}" stroke="{NO_DATA}" stroke-opacity=".5"/>'
    if reading.value is None or not reading.has_value:
        return (
            f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="none" stroke="{NO_DATA}" '
            f'stroke-opacity=".6" stroke-dasharray="2 2"/>'
        )
    scale = scale_of(reading)
    zero, end = scale.x(0, width), scale.x(reading.value, width)
    parts = [
        f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="{NO_DATA}" fill-opacity=".22"/>',
        f'<rect x="{_n(left + min(zero, end))}" y="{top}" width="{_n(abs(end - zero))}" height="{height}" '
        f'fill="{bar_color(reading.status)}"/>',
    ]
    if scale.overflows(reading.value):
        parts.append(_overflow(box, ink, at_left=reading.value < 0))
    if zero:
        parts.append(f'<path d="M{_n(left + zero)} {top - 1}v{height + 2}" stroke="{ink.text}" stroke-width=".8"/>')
    if reading.is_stale:
        parts.append(hatch(box, ink))
    for level in (reading.warning_at, reading.low_warning_at):
        if level is not None:
            x = _n(left + scale.x(level, width))
            parts.append(f'<path class="warning" d="M{x} {top - 2}v{height + 4}" stroke="{ink.text}"/>')
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


def history_line(reading: BulletValue, box: Box, ink: Ink) -> str:
    """The last eight periods as a fine line, broken where a period is unknown; its end carries the status color."""
    points = history_points(reading.history, box.width, box.height)
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


def history_points(history: tuple[float | None, ...], width: float, height: float) -> list[tuple[float, float] | None]:
    """Where each of the last eight values lies in a box, smallest at the bottom; None where it is unknown."""
    shown = history[-PERIODS:]
    known = [value for value in shown if value is not None]
    if len(known) < 2:
        return []
    low, high = min(known), max(known)
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
            '<svg aria-hidden="true" viewBox="0 0 180 18" width="100%" height="18" preserveAspectRatio="xMinYMid meet">'
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
    currency: str | None = None,
) -> str:
    """What stands on a card below its name, as HTML: the value, its status in sign and word, the change, the mark."""
    value = _figure(reading, unit, language, currency) if reading.has_value else reading.instead
    exact = kpi_value_text(reading.value, unit, language, exact=True, currency=currency) if reading.has_value else ""
    change = _change(reading, unit, previous, language, currency) if reading.has_value else ""
    second = (
        f"({second_unit_text(kpi_key, reading.value, language)})" if reading.has_value and kpi_key in _SECOND else ""
    )
    # a word is longer than a figure: it is set smaller and may break, so that it stays inside the narrowest card
    fit = "font-size:1.35rem;white-space:nowrap" if reading.has_value else "font-size:1rem"
    figure = (
        f'<span title="{escape(exact)}" style="{fit};font-weight:600;font-variant-numeric:tabular-nums">'
        f"{escape(value)}</span> "
    )
    return (
        '<div style="line-height:1.35;margin-bottom:.35rem">'
        f"{figure if value else ''}"
        f'<span style="font-size:.85rem;font-weight:600;white-space:nowrap">{_sign(reading.status)} '
        f"{escape(status_word(reading.status, language))}</span>"
        f'<div style="font-size:.8rem;min-height:1.2rem;opacity:.85">{change} {escape(second)}</div>'
        f"{_card_svg(reading, value, language)}</div>"
    )


def _figure(reading: BulletValue, unit: str, language: str, currency: str | None) -> str:
    """The value, never rounded onto a level that it is not on."""
    levels = (reading.warning_at, reading.critical_at, reading.low_warning_at, reading.low_critical_at)
    return kpi_value_text(reading.value, unit, language, currency=currency, levels=levels)


@lru_cache(maxsize=8192)  # about 1 KB each: the grids of the last few builds and languages
def cell_face(
    reading: BulletValue, unit: str, language: str, *, currency: str | None = None
) -> tuple[str, str, Markup]:
    """What a cell of a grid shows of a reading: its words, on hover the exact value, and the mark, in the colors around it."""
    text = _figure(reading, unit, language, currency) if reading.has_value else ""
    exact = kpi_value_text(reading.value, unit, language, exact=True, currency=currency) if reading.has_value else ""
    drawn = (
        f'<svg aria-hidden="true" viewBox="0 0 {CELL_WIDTH} {CELL_HEIGHT}" preserveAspectRatio="xMinYMid meet">'
        f"{bullet(reading, Box(1, 5, CELL_WIDTH - 2, 7), INHERITED)}</svg>"
    )
    return text or reading.instead or status_word(reading.status, language), exact, Markup(drawn)


def page_icon() -> str:
    """The mark as the browser's tab icon: the bar, the level, the circle. An SVG text: an icon by name is fetched."""
    reading = BulletValue(value=0.5, status=KpiStatus.UNRATED, better="lower", critical_at=0.66)
    drawn = bullet(reading, Box(1, 12, 30, 8), LIGHT)
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="0 0 32 32">{drawn}</svg>'


_SECOND = ("code_defect_rate",)


def _card_svg(reading: BulletValue, value: str, language: str) -> str:
    label = escape(f"{value} {status_word(reading.status, language)}")
    return (
        f'<svg role="img" aria-label="{label}" viewBox="0 0 180 40" width="100%" height="40" '
        f'preserveAspectRatio="xMinYMid meet">{bullet(reading, Box(1, 7, 178, 8), INHERITED)}'
        f"{history_line(reading, Box(3, 25, 173, 12), INHERITED)}</svg>"
    )


def _sign(status: str) -> str:
    return f'<span style="color:{sign_color(status)}">{STATUS_SIGNS[status]}</span>'


def _change(reading: BulletValue, unit: str, previous: float | None, language: str, currency: str | None) -> str:
    """The change against the previous period, its arrow in blue-green or vermilion where better is known."""
    if previous is None or reading.value is None:
        return ""
    difference = reading.value - previous
    if not difference:
        return escape(translate(msgid("as in the period before"), None, language))
    size = abs(difference)
    text = points_text(size, language) if unit == "percent" else kpi_value_text(size, unit, language, currency=currency)
    good = {"higher": difference > 0, "lower": difference < 0}.get(reading.better)
    color = "inherit" if good is None else OK if good else CRITICAL
    return f'<span style="color:{color}">{"▴" if difference > 0 else "▾"}</span> {escape(text)}'


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
