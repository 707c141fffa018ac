"""All projects at once: cost upwards, schedule to the right, the area is the budget, the ring is the status.

Names never lie on one another: each is put at the first free place around its bubble, the largest budget first; where there is
none, the name is under the pointer and in the menu alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from models.document import Row
from models.vocabulary import KpiStatus
from models.words import moments
from ui.shell.figures import Chart, drawn, line_across, note, plotly_text, trace
from ui.shell.numbers import index_text, money_text
from ui.shell.theme import QUIET, Ink, bar_color, ink
from ui.shell.wording import STATUS_SIGNS, _, status_word

HEIGHT, PLOT_WIDTH, PLOT_HEIGHT = 340, 480, 270  # pixels; a wider plot only moves the names further apart
LEAST, LARGEST = 9.0, 44.0  # pixels of a bubble's diameter
LINE = 14.0  # pixels of a name's height
NAME_LENGTH = 14
_TINT = "rgba(213, 94, 0, {share})"
_LATE_AND_DEAR, _LATE_OR_DEAR = 0.09, 0.04
_ROOM = 0.08  # of the span of an axis, on either side
_REACH = 0.1  # around 1, where all projects are nearer

Box = tuple[float, float, float, float]  # left, bottom, right, top


def bubbles(points: pl.DataFrame, period_kind: str, opens: Mapping[str, str] | None = None) -> Chart:
    """Cost index × schedule index of projects.

    points: project_key, name, cpi, spi, budget (one currency), status (the worse of the two indices), period_end. opens:
    {project_key: address of its page}.
    """
    points = points.drop_nulls(["cpi", "spi"]).sort("budget", descending=True, nulls_last=True)
    if points.is_empty():
        return Chart.empty(_("No project has both a CPI and an SPI yet"))
    paper = ink()
    rows = list(points.iter_rows(named=True))
    reach = [_reach([row[index] for row in rows]) for index in ("spi", "cpi")]
    sizes = _diameters([row["budget"] for row in rows])
    words = [_words(row) for row in rows]
    circles = trace(
        [row["spi"] for row in rows],
        [row["cpi"] for row in rows],
        words,
        {},
        mode="markers",
        marker={
            "size": sizes,
            "color": [_faint(paper)] * len(rows),
            "opacity": 1,
            "line": {"color": [_ring(row) for row in rows], "width": 2.5},
        },
        customdata=[(opens or {}).get(row["project_key"]) for row in rows],
        cliponaxis=False,
    )
    figure = drawn(
        paper,
        [circles],
        shapes=[*_quadrants(*reach), line_across(paper.text, 1, x=1), line_across(paper.text, 1, y=1)],
        annotations=_names(rows, sizes, reach, paper),
        xaxis={"range": reach[0], "title": {"text": _("Schedule: SPI →")}, "tickformat": ".2f", "nticks": 6},
        yaxis={
            "range": reach[1],
            "title": {"text": _("Cost: CPI →")},
            "tickformat": ".2f",
            "nticks": 6,
            "showgrid": False,
        },
        height=HEIGHT,
        margin={"r": 16, "l": 8, "b": 44},
    )
    shown = [
        (
            f"{STATUS_SIGNS[row['status']]} {row['name']}: CPI {index_text(row['cpi'])}, SPI {index_text(row['spi'])}",
            address,
        )
        for row in rows
        if (address := (opens or {}).get(row["project_key"]))
    ]
    subtitle = _("area: budget (BAC) · ring: status · tinted: late or over cost")
    return Chart(_title(rows), subtitle, figure, moments.over(period_kind, points["period_end"]), shown)


def _title(rows: Sequence[Row]) -> str:
    both = sum(row["cpi"] < 1 and row["spi"] < 1 for row in rows)
    return _("Cost and schedule: {count} of {total} projects are both late and over cost", count=both, total=len(rows))


def _words(row: Row) -> str:
    budget = _("budget {amount}", amount=money_text(row["budget"], row.get("currency")))
    return (
        f"<b>{plotly_text(row['name'], 40)}</b><br>CPI {index_text(row['cpi'])} · SPI {index_text(row['spi'])}<br>"
        f"{budget}<br>{STATUS_SIGNS[row['status']]} {status_word(row['status'])}"
    )


def _reach(values: Sequence[float]) -> list[float]:
    low, high = min(*values, 1 - _REACH), max(*values, 1 + _REACH)
    room = (high - low) * _ROOM
    return [low - room, high + room]


def _diameters(budgets: Sequence[float | None]) -> list[float]:
    """The area is the budget, so the diameter its root; the least where it is unknown."""
    largest = max((float(budget) for budget in budgets if budget), default=0.0)
    return [max(LARGEST * (float(budget) / largest) ** 0.5, LEAST) if budget else LEAST for budget in budgets]


def _faint(paper: Ink) -> str:
    red, green, blue = (int(paper.muted[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},.28)"


def _ring(row: Row) -> str:
    return bar_color(row["status"]) if row["status"] in (KpiStatus.WARNING, KpiStatus.CRITICAL) else QUIET


def _quadrants(across: Sequence[float], up: Sequence[float]) -> list[dict]:
    """Late, over cost, and both: faint, fainter alone."""
    look = {"type": "rect", "layer": "below", "line": {"width": 0}}
    return [
        look | {"x0": x0, "x1": x1, "y0": y0, "y1": y1, "fillcolor": _TINT.format(share=share)}
        for x0, x1, y0, y1, share in (
            (across[0], 1, up[0], 1, _LATE_AND_DEAR),
            (across[0], 1, 1, up[1], _LATE_OR_DEAR),
            (1, across[1], up[0], 1, _LATE_OR_DEAR),
        )
    ]


def _names(rows: Sequence[Row], sizes: Sequence[float], reach: Sequence[Sequence[float]], paper: Ink) -> list[dict]:
    centers = [
        tuple(
            (row[index] - low) / (high - low) * size
            for index, (low, high), size in zip(("spi", "cpi"), reach, (PLOT_WIDTH, PLOT_HEIGHT), strict=True)
        )
        for row in rows
    ]
    texts = [plotly_text(row["name"], NAME_LENGTH) for row in rows]
    widths = [sum(12.0 if ord(letter) > 0x2E80 else 6.8 for letter in text) for text in texts]
    places = placed(centers, sizes, widths)
    return [
        note(
            row["spi"], row["cpi"], text, paper.text,
            xanchor="center", yanchor="middle", xshift=x - center[0], yshift=y - center[1],
        )
        for row, text, center, (x, y) in (
            (row, text, center, found)
            for row, text, center, found in zip(rows, texts, centers, places, strict=True)
            if found is not None
        )
    ]  # fmt: skip


def placed(
    centers: Sequence[tuple[float, ...]], sizes: Sequence[float], widths: Sequence[float]
) -> list[tuple[float, float] | None]:
    """The middle of each name, in pixels: right of its bubble, else left, above or below it, else a line further off.

    Takes the first place inside the plot that touches no name put before and no other bubble; where there is none, one that
    touches no name; else None.
    """
    taken: list[Box] = []
    circles = [
        (x - size / 2, y - size / 2, x + size / 2, y + size / 2) for (x, y), size in zip(centers, sizes, strict=True)
    ]
    found: list[tuple[float, float] | None] = []
    for place, ((x, y), size, width) in enumerate(zip(centers, sizes, widths, strict=True)):
        others = [circle for other, circle in enumerate(circles) if other != place]
        boxes = [_around(x + right, y + up, width) for right, up in _offsets(size / 2, width)]
        inside = [
            box for box in boxes if box[0] >= 0 and box[2] <= PLOT_WIDTH and box[1] >= 0 and box[3] <= PLOT_HEIGHT
        ]
        free = [box for box in inside if not _touches(box, taken)]
        box = next((box for box in free if not _touches(box, others)), next(iter(free), None))
        if box is not None:
            taken.append(box)
        found.append(box and ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2))
    return found


def _offsets(radius: float, width: float) -> list[tuple[float, float]]:
    """From the middle of a bubble to that of its name, the nearest first."""
    beside, above = radius + 4 + width / 2, radius + LINE / 2 + 1
    near = [(beside, 0.0), (-beside, 0.0), (0.0, above), (0.0, -above)]
    far = [(side * beside, step * LINE) for step in (1, -1, 2, -2, 3, -3, 4, -4) for side in (1, -1)]
    return near + far + [(0.0, side * (above + step * LINE)) for step in (1, 2, 3, 4, 5, 6) for side in (1, -1)]


def _around(x: float, y: float, width: float) -> Box:
    return x - width / 2, y - LINE / 2, x + width / 2, y + LINE / 2


def _touches(box: Box, others: Sequence[Box]) -> bool:
    return any(box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3] for other in others)
