"""KPIs as HTML to be drawn many at once: the tile of an overview and the card of a project sheet. One `put` draws them all.

Every function returns Markup. `title` and `line` are text that is escaped here, or Markup with links.
"""

from __future__ import annotations

from models.words.numbers import kpi_value_text
from models.words.terms import status_word
from ui.kpis import bullet as mark
from ui.kpis.bullet import BulletValue
from ui.shell.markup import Markup
from ui.shell.theme import sign_color
from ui.shell.wording import STATUS_SIGNS

LARGE = 8  # letters of a value that stand beside their sign in the narrowest card; longer ones are set smaller
_NUMBERS = "font-variant-numeric:tabular-nums"


def tile(
    title: str | Markup,
    reading: BulletValue,
    unit: str,
    language: str,
    *,
    line: str | Markup = "",
    reach: tuple[float, float] | None = None,
    currency: str | None = None,
) -> Markup:
    """What an overview begins with: title, value, sign and word, one line of explanation, the course at the right.

    reach: the least and greatest value of lines beside it that show the same KPI (`bullet.reach_of`).
    """
    course = Markup(mark.course_svg(reading, reach=reach))
    return Markup(
        '<div style="display:flex;gap:.5rem;align-items:center;line-height:1.3;min-width:0">'
        '<div style="flex:1;min-width:0"><div style="font-size:.85rem">{}</div><div>{} {}</div>'
        '<div style="font-size:.8rem">{}</div></div>{}</div>'
    ).format(title, _figure(reading, unit, language, currency), _status(reading, language), line, course)


def sheet_card(
    title: str | Markup,
    reading: BulletValue,
    unit: str,
    language: str,
    *,
    previous: float | None = None,
    against: str = "",
    line: str | Markup = "",
    currency: str | None = None,
) -> Markup:
    """A card of the project sheet: title, value with its sign, the mark, the change, and one line more.

    previous, against: what the value is compared with, and its words ("Oct 2026").
    """
    change = mark.change_words(reading, unit, language, previous=previous, against=against, currency=currency)
    return Markup(
        '<div style="line-height:1.35;min-width:0"><div style="font-size:.85rem">{}</div><div>{} {}</div>{}'
        '<div style="font-size:.8rem">{}</div><div style="font-size:.8rem">{}</div></div>'
    ).format(
        title,
        _figure(reading, unit, language, currency),
        _status(reading, language, is_short=True),
        Markup(mark.bar_svg(reading, unit, language, currency=currency)),
        Markup(change),
        line,
    )


def _figure(reading: BulletValue, unit: str, language: str, currency: str | None) -> Markup:
    if not reading.has_value:
        words = reading.instead or status_word(reading.status, language)
        return Markup('<span style="font-size:1rem;font-weight:600">{}</span>').format(words)
    exact = kpi_value_text(reading.value, unit, language, exact=True, currency=currency)
    told = mark.figure(reading, unit, language, currency)
    size = "1.35rem" if len(told) <= LARGE else "1.1rem"
    return Markup('<span title="{}" style="font-size:{};font-weight:700;white-space:nowrap;{}">{}</span>').format(
        exact, size, _NUMBERS, told
    )


def _status(reading: BulletValue, language: str, *, is_short: bool = False) -> Markup:
    """Sign and word; where the value is that word already, or there is no room for it, the word is for those who hear it."""
    word = status_word(reading.status, language)
    is_told = is_short or not (reading.has_value or reading.instead)
    shown = Markup('<span title="{}" aria-label="{}" role="img">').format(word, word) if is_told else Markup("<span>")
    sign = Markup('<span style="color:{}">{}</span>').format(sign_color(reading.status), STATUS_SIGNS[reading.status])
    beside = "" if is_told else f" {word}"
    return Markup('{}{}<b style="font-size:.85rem">{}</b></span>').format(shown, sign, beside)
