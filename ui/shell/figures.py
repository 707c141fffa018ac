"""What every chart is made with: the figure, its sentence and its units, lines, labels that keep apart, safe text.

A chart is alive: a point whose `customdata` is an address opens it, a span of time can be brushed, lines are switched in the
legend, and what is drawn can be saved as a picture or as CSV. figures.js does that in the browser, without a rerun.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from models.kpis.catalogue import Kpi
from models.words.moments import Moment
from ui.shell.filters import stands_words
from ui.shell.markup import IN_APP, Markup, joined, put
from ui.shell.numbers import unit_for, unit_label
from ui.shell.theme import Ink, ink
from ui.shell.wording import _, language

DAY = 86_400_000  # milliseconds: what Plotly measures spans of time in
HEIGHT = 320
PLOT_HEIGHT = 250  # of a figure of HEIGHT, between its margins
LABEL_GAP = 15  # pixels between two labels at a line's end
LEGEND_HEIGHT = 26
WORDS_HEIGHT = 18  # of the row above a plot in which the words of its events stand
# Plotly looks at every attribute of a figure, which takes nine tenths of its time. The tests let it; a page does not wait for it.
CHECKED = False
BRUSHED = {"fixedrange": False}  # an axis of which a span can be chosen
MONTHS = {"tickformat": "%Y-%m", "nticks": 8} | BRUSHED  # an axis of months
_LEFT_OUT = ["zoom2d", "pan2d", "select2d", "lasso2d", "zoomIn2d", "zoomOut2d", "autoScale2d"]
_alive = st.components.v2.component(
    "plimsoll_figures",
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
    css=Path(__file__).with_suffix(".css").read_text(encoding="utf-8"),
    isolate_styles=False,
)


@dataclass(frozen=True)
class Chart:
    """A figure with its sentence, its units, and for which period or at which day its numbers are.

    `figure` and `stands` are None where there is nothing to draw, and `title` says why. opens: what its points open, in words
    and as addresses of this dashboard, for those who do not point.
    """

    title: str
    subtitle: str
    figure: go.Figure | None
    stands: Moment | None
    opens: Sequence[tuple[str, str]] = ()

    @classmethod
    def empty(cls, title: str, subtitle: str = "") -> Chart:
        """Nothing to draw, and why."""
        return cls(title, subtitle, None, None)


@dataclass(frozen=True)
class Along:
    """What stands beside the data on an axis of time: shapes, annotations and traces."""

    shapes: Sequence[dict] = ()
    notes: Sequence[dict] = ()
    lines: Sequence[dict] = ()


def listen() -> None:
    """Makes the charts of a page alive. Call once in every run, before the page."""
    words = {"Fullscreen": _("Full screen"), "Close fullscreen": _("Leave full screen")}
    heads = [_("Series"), _("Horizontal"), _("Vertical"), _("In words")]
    _alive(key="shell_figures", data=words | {"heads": heads})


def show(chart: Chart, key: str) -> None:
    """Title, period and units as text, so that they wrap, beside them the menu of the chart; then the figure."""
    if chart.figure is None:
        st.markdown(f"**{chart.title}**")
    else:
        with st.container(horizontal=True, wrap=False, gap="small"):
            st.markdown(f"**{chart.title}**")
            put(_menu(chart, key), width="content")
    words = [stands_words(chart.stands), chart.subtitle]
    if any(words):
        st.caption(" · ".join(word for word in words if word))
    if chart.figure is not None:
        st.plotly_chart(chart.figure, key=key, config=_config(key, chart.stands), alt=chart.title)


def _menu(chart: Chart, key: str) -> Markup:
    """The data of a chart as a file, and the ways that its points open, for the keyboard."""
    item = Markup('<li><a class="{}" href="{}">{}</a></li>')
    links = joined(item.format(IN_APP, address, words) for words, address in chart.opens)
    button = Markup('<button type="button" data-figure="{}" data-name="{}">{}</button>').format
    buttons = button(key, _file_name(key, chart.stands), _("Save what is drawn (CSV)"))
    # a name is what the table of values is saved under; the picture is saved by the bar of the chart, which a phone hides
    buttons += Markup(" ") + button(key, "", _("Save as picture (PNG)"))
    return Markup(
        '<details class="figure-menu" name="figure-menu"><summary>{}</summary>'
        '<div style="background:{};color:{}">{}<ul>{}</ul></div></details>'
    ).format(_("Data"), ink().surface, ink().text, buttons, links)


def _file_name(key: str, stands: Moment | None) -> str:
    return "_".join(filter(None, ("plimsoll", key, stands.mark if stands else "")))


def _config(key: str, stands: Moment | None) -> dict:
    """Plotly's own buttons, in the words of this session."""
    words = {
        "Download plot as a PNG": _("Save as picture (PNG)"),
        "Reset axes": _("Show all"),
        "Double-click to zoom back out": _("Double-click: show all"),
    }
    return {
        "displayModeBar": "hover",
        "displaylogo": False,
        "modeBarButtonsToRemove": _LEFT_OUT,
        "toImageButtonOptions": {"filename": _file_name(key, stands), "scale": 2},
        "locale": language(),
        "locales": {language(): {"dictionary": words}},
    }


def spread(positions: Sequence[float], gap: float) -> list[float]:
    """The positions moved apart so that neighbors are at least `gap` apart, as a block around their middle.

    Returns them in the order given. Used for labels at the ends of lines.
    """
    blocks: list[tuple[float, list[int]]] = []  # (the sum of where its members want it to begin, members)
    for index in sorted(range(len(positions)), key=positions.__getitem__):
        wanted, members = positions[index], [index]
        while blocks and blocks[-1][0] / len(blocks[-1][1]) + len(blocks[-1][1]) * gap > wanted / len(members):
            before, others = blocks.pop()
            wanted, members = before + wanted - gap * len(others) * len(members), others + members
        blocks.append((wanted, members))
    placed = [0.0] * len(positions)
    for wanted, members in blocks:
        for step, index in enumerate(members):
            placed[index] = wanted / len(members) + step * gap
    return placed


def drawn(
    paper: Ink,
    data: Sequence[dict],
    *,
    shapes: Sequence[dict] = (),
    annotations: Sequence[dict] = (),
    along: Along = Along(),
    xaxis: dict | None = None,
    yaxis: dict | None = None,
    margin: dict | None = None,
    **layout: Any,
) -> go.Figure:
    """The figure in this ink. Everything is given at once: each later change would cost Plotly milliseconds."""
    axis = {"fixedrange": True, "automargin": True}
    numbers = {"exponentformat": "none", "separatethousands": True}
    lines = [line if "name" in line else line | {"showlegend": False} for line in [*data, *along.lines]]
    is_named = sum("name" in line for line in lines) > 1
    room = {"l": 8, "r": 120, "t": 12, "b": 40} | (margin or {})
    top = max(room["t"], LEGEND_HEIGHT) if is_named else room["t"]
    top += WORDS_HEIGHT if along.notes else 0
    common = {
        "height": HEIGHT,
        "paper_bgcolor": paper.surface,
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": paper.text, "size": 12},
        "hoverlabel": {"align": "left"},
        "dragmode": "zoom" if xaxis and not xaxis.get("fixedrange", True) else False,
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": paper.muted, "activecolor": paper.text},
        "showlegend": is_named,
        "margin": room | {"t": top},
        "xaxis": _worded(axis | {"showgrid": False, "zeroline": False} | (xaxis or {}), paper),
        "yaxis": _worded(
            axis | numbers | {"gridcolor": paper.grid, "zerolinecolor": paper.grid} | (yaxis or {}), paper
        ),
        "shapes": [*along.shapes, *shapes],
        "annotations": [*along.notes, *annotations],
    }
    if is_named:
        place = {"yref": "container", "yanchor": "top"} if along.notes else {"yanchor": "bottom"}
        common["legend"] = place | {
            "orientation": "h", "x": 0, "y": 1, "font": {"size": 11, "color": paper.text},
            "itemclick": "toggle", "itemdoubleclick": "toggleothers",
        }  # fmt: skip
    if "yaxis2" in layout:
        layout["yaxis2"] = _worded(layout["yaxis2"], paper)
    return go.Figure(data=lines, layout=common | layout, _validate=CHECKED)


def _worded(axis: dict, paper: Ink) -> dict:
    """The axis with its numbers and its title in an ink that is read; Streamlit's own gray is too faint."""
    font = {"color": paper.muted}
    titled = {"title": {"font": font} | axis["title"]} if "title" in axis else {}
    return {"tickfont": font} | axis | titled


def rows_axis(places: Sequence[int], labels: Sequence[str], paper: Ink, **more: Any) -> dict:
    """The upright axis of bars that lie: a label for each, no grid."""
    named = {"tickvals": places, "ticktext": labels, "tickfont": {"color": paper.text}}
    return named | {"showgrid": False, "zeroline": False} | more


def line_across(color: str, width: float, x: object = None, y: float | None = None) -> dict:
    """The shape of a line over the whole plot: upright at `x`, or level at `y`."""
    line = {"type": "line", "line": {"color": color, "width": width}}
    if x is not None:
        return line | {"x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper"}
    return line | {"x0": 0, "x1": 1, "y0": y, "y1": y, "xref": "paper"}


def note(x: object, y: object, text: str, color: str, *, size: int = 12, **more: Any) -> dict:
    """An annotation without an arrow."""
    return {"x": x, "y": y, "text": text, "showarrow": False, "font": {"color": color, "size": size}} | more


def end_label(x: object, y: float, *, text: str, color: str, shift: float, before: bool = False, **more: Any) -> dict:
    """The annotation right of a line's end (left of it, if `before`), moved by `shift` pixels upwards."""
    beside: dict[str, Any] = {"xanchor": "right", "xshift": -4} if before else {"xanchor": "left", "xshift": 6}
    return note(x, y, text, color, yshift=shift, **beside | more)


def end_labels(ends: Sequence[tuple], low: float, high: float, gap: float = LABEL_GAP, **more: Any) -> list[dict]:
    """The labels at the ends of lines, moved apart, none above the plot. ends: (x, y, text, color); low, high: of the axis."""
    pixels = [(value - low) / (high - low) * PLOT_HEIGHT for _x, value, *_rest in ends]
    places = spread(pixels, gap)
    for rank, index in enumerate(sorted(range(len(places)), key=places.__getitem__, reverse=True)):
        places[index] = min(places[index], PLOT_HEIGHT - rank * gap)
    return [
        end_label(x, value, text=text, color=color, shift=place - pixel, **more)
        for (x, value, text, color), pixel, place in zip(ends, pixels, places, strict=True)
    ]


def trace(x: Iterable, y: Iterable, words: Sequence[str], line: dict, *, is_dated: bool = False, **more: Any) -> dict:
    """A line through points with the words of each under the pointer; `is_dated` adds the day."""
    words_shown = "%{text}<br>%{x|%Y-%m-%d}<extra></extra>" if is_dated else "%{text}<extra></extra>"
    points = {"x": list(x), "y": list(y), "text": words, "hovertemplate": words_shown}
    return {"type": "scatter", "mode": "lines", "line": line} | points | more


def scale_of(kpi: Kpi, values: Sequence[float]) -> tuple[float, str]:
    """What values are multiplied by on an axis, and the unit's words for the subtitle."""
    if kpi.unit == "percent":
        return 100.0, "%"
    if kpi.unit == "money":
        unit = unit_for(values)
        return 1.0 / unit.divisor, unit_label(unit, None)
    if kpi.unit in ("months", "hours"):
        return 1.0, _("months") if kpi.unit == "months" else _("hours")
    return 1.0, _("days") if kpi.unit == "days" else ""


def plotly_text(text: str, most: int = 24) -> str:
    """Text from a file inside a figure: Plotly reads a little HTML, so its brackets are written out."""
    short = text if len(text) <= most else text[: most - 1] + "…"
    return short.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(words: str) -> str:
    """What hovers over a point, as text for a line of the menu."""
    return " ".join(Markup(words.replace("<br>", " · ")).striptags().split())
