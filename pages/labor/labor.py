"""Labor centre: where do the hours go, and are they all booked?"""

from pipeline import offers
from ui.kpis import cards as kpi_cards
from ui.kpis import sections, stories
from ui.kpis.page import kpi_page
from ui.shell import caveats, data, figures
from ui.shell.viewer import current_viewer

page = kpi_page("labor")

kpi_cards.headline(page)
caveats.years_line(page.view, page.selection)
kpi_cards.kpi_row(page, page.cards, key="labor_card", in_a_row=4)
chosen = sections.kpi_choice(page, key="labor_kpi", first="technical_debt_share")
undone = offers.Intake(data.data_dir(), current_viewer()).undone()
if len(page.names) == 1:
    figures.show(sections.trend(page, chosen, undone), key="labor_chart")
sections.narrowing(page, chosen, "labor/labor", key="labor_members")
sections.member_grid(page, key="labor_grid")
stories.hours_by_activity(page.view, page.selection, key="labor_activities")
sections.breakdowns(page, key="labor_breakdown", section="labor")
kpi_cards.how_to_load(page)
