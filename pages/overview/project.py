"""Project: how does this one stand, what wants an answer, and what is its story?"""

import streamlit as st

from models.cost.series import earned_value
from models.overview.outlook import outlooks
from pipeline import offers
from ui.cost import charts as cost_charts
from ui.frame.head import page_head
from ui.kpis import cards as kpi_cards
from ui.kpis import events, sections, stories
from ui.kpis.page import kpi_page
from ui.overview import sheet, story
from ui.schedule import phases
from ui.shell import data, figures
from ui.shell.viewer import current_viewer
from ui.warnings import words as alerts_words

chosen = kpi_page()
project, head = sections.one_project(chosen.view, chosen.selection, key="subject_project")
page = chosen.of_project(project)
ends = page.view.ask(outlooks, (project["project_key"],), page.selection.period_end)
alerts = offers.Alerts(data.data_dir(), current_viewer()).open()

with head:
    page_head(
        story.of_project(page, ends),
        title=project["project_name"],
        beside=sheet.project_words(project, ends),
        periods=kpi_cards.periods(page, page.cards),
        is_compared=True,
    )
sheet.key_figures(page, project)
told = page.view.ask(earned_value, page.selection)
undone = offers.Intake(data.data_dir(), current_viewer()).undone()
happened = events.happened(page.view, project["project_key"], undone)
left, right = st.columns(2, gap="medium")
with left:
    figures.show(
        cost_charts.earned_value_chart(told, narrow=True, of=project["project_key"], events=happened),
        key="project_chart",
    )
    sheet.answers_wanted(alerts, alerts_words.names_of(page.view), project["project_key"])
    sheet.risks(page, project)
with right:
    figures.show(phases.phases_chart(page.view, project), key="project_phases")
    sheet.meeting(page, project)
sheet.every_kpi(page, key="project_kpis")
kpi_cards.how_to_load(page)
stories.rollout_waves(page.view, project["project_key"], key="project_waves")
sections.breakdowns(page, key="project_breakdown")
