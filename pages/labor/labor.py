"""Labor centre: where do the hours go, and are they all booked?"""

from ui.kpis import cards as kpi_cards
from ui.kpis import sections, stories
from ui.kpis.page import kpi_page
from ui.shell import caveats, figures

page = kpi_page("labor")

kpi_cards.headline(page)
caveats.years_line(page.view, page.selection)
kpi_cards.kpi_row(page, page.cards, key="labor_card", in_a_row=4)
chosen = sections.kpi_choice(page, key="labor_kpi", first="technical_debt_share")
figures.show(sections.trend_or_members(page, chosen), key="labor_chart")
sections.member_grid(page, key="labor_grid")
stories.hours_by_activity(page.view, page.selection, key="labor_activities")
sections.breakdowns(page, key="labor_breakdown", section="labor")
kpi_cards.how_to_load(page)
