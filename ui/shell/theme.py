"""Colors, in one place: the Okabe–Ito family for what needs a hand, quiet gray for the rest (LOOK, "Notation")."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from models.vocabulary import KpiStatus

OK = "#009E73"
WARNING = "#E69F00"
CRITICAL = "#D55E00"
NO_DATA = "#8C8C8C"
ACCENT = "#0072B2"
QUIET = "#6F7B85"  # an ok bar: read on white and on near-black alike

WARNING_SIGN = "#BE7C00"  # the sign is smaller than a bar: 3 to 1 on white and on near-black alike
_SIGN_COLORS: dict[str, str] = {
    KpiStatus.OK: OK,
    KpiStatus.WARNING: WARNING_SIGN,
    KpiStatus.CRITICAL: CRITICAL,
}
_BAR_COLORS = {KpiStatus.WARNING.value: WARNING, KpiStatus.CRITICAL.value: CRITICAL}


@dataclass(frozen=True)
class Ink:
    """What text and lines are drawn with where a picture cannot inherit it from the page.

    text, muted, good and bad are read as text: 4.5 to 1 on the page and on its second ground. What is drawn keeps the palette.
    """

    text: str
    muted: str
    grid: str
    surface: str
    accent: str
    good: str
    bad: str


LIGHT = Ink(
    text="#1F2430", muted="#6B6F76", grid="#E3E5E8", surface="#FFFFFF", accent=ACCENT, good="#00734F", bad="#B34700"
)
DARK = Ink(
    text="#E6E8EB", muted="#A9ADB4", grid="#3A3F47", surface="#14171C", accent="#56B4E9", good="#2FC091", bad="#F08A4B"
)
# a page says which of its themes it is in; what does not know them takes the first
INHERITED = Ink(
    text="currentColor",
    muted=NO_DATA,
    grid="currentColor",
    surface="none",
    accent=ACCENT,
    good=f"light-dark({LIGHT.good}, {DARK.good})",
    bad=f"light-dark({LIGHT.bad}, {DARK.bad})",
)


def ink() -> Ink:
    """The ink of this session's theme; the light one until the browser has said which it shows."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def sign_color(status: str) -> str:
    """The color of a status's sign: only ok, warning and critical have one of their own."""
    return _SIGN_COLORS.get(status, NO_DATA)


def bar_color(status: str) -> str:
    """The color of a value's bar: gray unless it needs a hand."""
    return _BAR_COLORS.get(status, QUIET)
