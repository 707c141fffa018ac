"""Text is read on either ground of its theme: WCAG 2.2, 1.4.3, asks 4.5 to 1."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from ui.shell.figures import drawn
from ui.shell.theme import DARK, LIGHT, Ink

THEMES = tomllib.loads((Path(__file__).parents[3] / ".streamlit/config.toml").read_text(encoding="utf-8"))["theme"]


def luminance(color: str) -> float:
    """Relative luminance of #RRGGBB, 0 … 1."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_that_of_the_standard():
    # black on white is 1.05 / 0.05 = 21; #767676 is the lightest gray that passes on white
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") > 4.5 > contrast("#777777", "#FFFFFF")


@pytest.mark.parametrize(("paper", "theme"), [(LIGHT, "light"), (DARK, "dark")])
def test_every_ink_of_text_is_read_on_both_grounds(paper: Ink, theme: str):
    grounds = [THEMES[theme][name] for name in ("backgroundColor", "secondaryBackgroundColor")]
    assert grounds[0] == paper.surface
    for ground in grounds:
        for name in ("text", "muted", "accent", "good", "bad"):
            assert contrast(getattr(paper, name), ground) >= 4.5, (name, ground)


@pytest.mark.parametrize("paper", [LIGHT, DARK])
def test_the_words_of_a_figure_take_inks_of_text(paper: Ink):
    axis = {"title": {"text": "CPI"}}
    layout = drawn(paper, [], xaxis=axis, yaxis={"tickfont": {"color": paper.text}}, yaxis2=axis).layout
    assert (layout.xaxis.tickfont.color, layout.xaxis.title.font.color, layout.xaxis.title.text) == (
        paper.muted,
        paper.muted,
        "CPI",
    )
    assert layout.yaxis2.title.font.color == paper.muted
    assert layout.yaxis.tickfont.color == paper.text  # one that a chart chooses stands
