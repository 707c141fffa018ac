"""A page of grids alone: a portfolio as it is to be, texts that would do harm elsewhere, and five thousand rows."""

from __future__ import annotations

import streamlit as st

from models.vocabulary import KpiStatus
from ui.grid.cells import Cell, Column, Groups, Kind
from ui.kpis.bullet import BulletValue, cell_face
from ui.shell.tables import grid

HOSTILE = ('<img src=x onerror="document.title=1">', "=cmd()", "[x](javascript:1)")
PROJECTS = [
    # name, customer, phase · manager, CPI, its status, days late, margin, its course, alerts
    ("ERP 迁移", "甲", "测试与联调 · 周", 0.87, KpiStatus.CRITICAL, 38, 0.041, (1.0, 0.95, 0.87), 5),
    ("银行 CRM", "乙", "开发与集成 · 王", 0.97, KpiStatus.OK, 118, 0.142, (0.99, None, 0.97), 4),
    ("省级医保", "甲", "推广 · 孙", 1.03, KpiStatus.OK, -61, 0.21, (1.0, 1.01, 1.03), 0),
    ("电商促销", "乙", "质保与结项 · 郑", None, KpiStatus.NO_DATA, None, None, (), 0),
]


def cost(project: tuple) -> Cell:
    """The dimension's worst KPI: its name, sign and value, and its mark."""
    value, status = project[3:5]
    reading = BulletValue(value=value, status=status, better="higher", warning_at=0.95, critical_at=0.9)
    text, exact, mark = cell_face(reading, "index", "en")
    return Cell(text, value, status, "CPI", mark, exact, f"./evidence?kpi=cpi&of={project[0]}")


def finish(project: tuple) -> Cell:
    days = project[5]
    if days is None:
        return Cell("no forecast")
    return Cell(f"{days:+d} days", days, KpiStatus.CRITICAL if days > 30 else KpiStatus.OK)


def portfolio() -> None:
    st.title("Grids")
    grid(
        PROJECTS,
        {
            "project": Column("Project", lambda project: Cell(project[0], label=project[2], address="./project?of=x")),
            "cost": Column("Cost", cost, Kind.MARK, hover="The worst KPI of cost"),
            "finish": Column("Forecast finish against contract", finish, Kind.BAR),
            "margin": Column(
                "Margin",
                lambda project: Cell("–" if project[6] is None else f"{project[6]:.1%}", project[6]),
                Kind.FIGURE,
            ),
            "course": Column(
                "Six months",
                lambda project: Cell(value=project[7][-1] if project[7] else None, course=project[7]),
                Kind.COURSE,
            ),
            "alerts": Column(
                "Alerts", lambda project: Cell(str(project[8]), project[8], address="./warnings"), Kind.FIGURE
            ),
            "tags": Column("Tags", lambda _project: ["a", "b"], Kind.CHIPS, is_shown=False),
        },
        key="portfolio",
        label="Projects",
        groups=Groups("By customer", lambda project: project[1]),
        look=lambda project: "quiet" if project[4] == KpiStatus.NO_DATA else "",
    )


def texts() -> None:
    rows = [(text, amount) for text, amount in zip(HOSTILE, (2.5, -7, None), strict=True)]
    clicked = grid(
        rows,
        {"text": Column("=1+1", lambda row: row[0]), "amount": Column("Amount", lambda row: row[1], Kind.FIGURE)},
        key="texts",
        chosen_by=lambda row: row[0],
    )
    st.text(f"clicked: {clicked}")


def many() -> None:
    grid(
        range(5000),
        {
            "code": Column("Code", lambda row: f"1.{row}"),
            "name": Column("Name", lambda row: f"work package {row % 7} " * (1 + row % 3)),
            "amount": Column("Amount", lambda row: None if row % 10 == 9 else (row * 7919) % 5000 - 1000, Kind.FIGURE),
        },
        key="many",
    )


portfolio()
texts()
many()
