"""From budget to estimate, cause by cause: what makes the whole dearer, and what cheaper."""

from __future__ import annotations

from models.cost.by_grain import NO_PART
from models.cost.causes import Causes
from models.words.moments import Moment
from ui.cost.charts import unit_beside
from ui.shell.figures import Chart, drawn, note, rows_axis
from ui.shell.markup import address
from ui.shell.numbers import money_text, unit_label
from ui.shell.theme import CRITICAL, OK, ink
from ui.shell.wording import _

ROW_HEIGHT = 34
LEAD = 0.35  # of the span of the values: how far before the least of them the axis begins
_CLEAR = "rgba(0,0,0,0)"


def waterfall(causes: Causes | None, stands: Moment | None, of: str = "") -> Chart:
    """Budget, causes, estimate from top to bottom. The axis begins near the values: a bar of zero to budget would hide the rest.

    of: the project whose rows the bars open, each cause its own.
    """
    if causes is None:
        return Chart.empty(_("No estimate yet: it needs a budget, earned value and actual cost"))
    paper = ink()
    unit, decimals = unit_beside(max(causes.budget, causes.estimate), causes.estimate - causes.budget)
    rows, ways, reached = [], [], 0.0
    for words, amount, is_total, opened in _steps(causes, 0.5 * unit.divisor / 10**decimals):
        start = 0.0 if is_total else reached
        reached = amount if is_total else reached + amount
        rows.append((words, amount, min(start, reached), max(start, reached), is_total))
        ways.append(_address(*opened, of))
    ends = [end for _words, _amount, low, high, is_total in rows for end in ((high,) if is_total else (low, high))]
    span = max(ends) - min(ends)
    begins = max(min(ends) - (span or max(ends)) * LEAD, 0.0)
    places = list(range(len(rows)))[::-1]
    texts = [
        money_text(amount, causes.currency, unit=unit, decimals=decimals, signed=not is_total)
        for _words, amount, _low, _high, is_total in rows
    ]
    marks = [_mark(place, rows, causes, paper.text) for place in range(len(rows))]
    bars = {
        "type": "bar",
        "orientation": "h",
        "base": [max(low, begins) / unit.divisor for _words, _amount, low, _high, _total in rows],
        "x": [(high - max(low, begins)) / unit.divisor for _words, _amount, low, high, _total in rows],
        "y": places,
        "width": 0.6,
        "marker": {
            "color": [fill for fill, _line, _shape in marks],
            "line": {"color": [line for _fill, line, _shape in marks], "width": 1.3},
            "pattern": {"shape": [shape for _fill, _line, shape in marks], "size": 5, "fillmode": "overlay"},
        },
        "text": [f"{row[0]}<br><b>{text}</b>" for row, text in zip(rows, texts, strict=True)],
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
        "customdata": ways,
    }
    labels = [
        note(row[3] / unit.divisor, place, text, paper.text, xanchor="left", xshift=5)
        for row, place, text in zip(rows, places, texts, strict=True)
    ]
    # two strokes through the bars that go on to zero
    broken = [
        note(
            begins / unit.divisor,
            place,
            "<b>//</b>",
            paper.text,
            xanchor="left",
            xshift=6,
            bgcolor=paper.surface,
            borderpad=0,
        )
        for row, place in zip(rows, places, strict=True)
        if row[4] and begins
    ]
    figure = drawn(
        paper,
        [bars],
        annotations=[*labels, *broken],
        xaxis={
            "range": [begins / unit.divisor, (max(ends) + (span or max(ends)) * 0.05) / unit.divisor],
            "nticks": 5,
            "separatethousands": True,
            "exponentformat": "none",
        },
        yaxis=rows_axis(places, [row[0] for row in rows], paper),
        height=ROW_HEIGHT * len(rows) + 60,
        margin={"r": 110},
    )
    subtitle = _subtitle(causes, unit_label(unit, causes.currency), bool(begins))
    shown = [(f"{row[0]}: {text}", way) for row, text, way in zip(rows, texts, ways, strict=True)]
    return Chart(_title(causes), subtitle, figure, stands, shown)


Opened = tuple[str, dict[str, str]]  # a page, and what its address asks it for
_BASELINES: Opened = ("schedule/baselines", {})
_BUDGET: Opened = ("overview/evidence", {"kpi": "variance_at_completion"})
_ESTIMATE: Opened = ("overview/evidence", {"kpi": "estimate_at_completion"})
_LABOR: Opened = ("overview/evidence", {"kpi": "cost_performance_index_labor"})
_ELEMENTS: Opened = ("cost/cost", {"view": "overruns"})
_ON_NONE: Opened = ("cost/cost", {"view": "parts", "part": NO_PART})


def _steps(causes: Causes, least: float) -> list[tuple[str, float, bool, Opened]]:
    """(words, amount, whether a total, what lists its rows); causes that would read as nothing count in what is not split."""
    scope = causes.scope or 0.0
    first = causes.first_budget
    before = [
        (_("First budget"), first or 0.0, True, _BASELINES),
        (_("Scope: approved changes of the budget"), scope, False, _BASELINES),
    ]
    named = (causes.quantity or 0.0, causes.price or 0.0, causes.on_no_element, causes.rest_at_pace)
    quantity, price, on_no_element, rest = (amount if abs(amount) >= least else 0.0 for amount in named)
    not_split = causes.not_split + sum(named) - quantity - price - on_no_element - rest
    parts = [
        (_("Labor: hours (quantity)"), quantity, False, _LABOR),
        (_("Labor: cost per hour (price)"), price, False, _LABOR),
        (_("Cost of elements, not split"), not_split, False, _ELEMENTS),
        (_("Booked on no element"), on_no_element, False, _ON_NONE),
        (_("Work left, at this pace"), rest, False, _ESTIMATE),
    ]
    return [
        *(before if scope and first is not None else []),
        (_("Budget (BAC)"), causes.budget, True, _BUDGET),
        *(part for part in parts if part[1]),
        (_("Estimate (EAC)"), causes.estimate, True, _ESTIMATE),
    ]


def _mark(place: int, rows: list, causes: Causes, text: str) -> tuple[str, str, str]:
    """(fill, outline, pattern): a plan is outlined, a forecast hatched, a variance blue-green or vermilion."""
    _words, amount, _low, _high, is_total = rows[place]
    if not is_total:
        color = CRITICAL if amount > 0 else OK
        return color, color, ""
    return _CLEAR, text, "/" if place == len(rows) - 1 else ""


def _address(page: str, asked: dict[str, str], of: str) -> str:
    name = "of" if page == "overview/evidence" else "project"
    return address(page, **asked, **({name: of} if of else {}))


def _title(causes: Causes) -> str:
    over = causes.estimate - causes.budget
    amount = money_text(abs(over), causes.currency)
    if not round(over):
        return _("The estimate is the budget")
    return (
        _("{amount} more than budgeted, by cause", amount=amount)
        if over > 0
        else _("{amount} less than budgeted, by cause", amount=amount)
    )


def _subtitle(causes: Causes, unit: str, is_broken: bool) -> str:
    words = [_("{unit}, excluding VAT", unit=unit)]
    if is_broken:
        words.append(_("// the axis does not begin at zero"))
    if causes.quantity is None:
        words.append(_("not split: no labor has planned and logged hours"))
    return " · ".join(words)
