"""Quality: is what was built good enough to be released?"""

from pipeline import offers
from ui.kpis import cards as kpi_cards
from ui.kpis import sections
from ui.kpis.page import kpi_page
from ui.shell import data, figures
from ui.shell.viewer import current_viewer

page = kpi_page("quality")

kpi_cards.headline(page)
kpi_cards.kpi_row(page, page.cards, key="quality_card", in_a_row=4)
chosen = sections.kpi_choice(page, key="quality_kpi", first="test_coverage")
undone = offers.Intake(data.data_dir(), current_viewer()).undone()
figures.show(sections.trend(page, chosen, undone), key="quality_chart")
sections.narrowing(page, chosen, "quality/quality", key="quality_members")
sections.member_grid(page, key="quality_grid")
sections.breakdowns(page, key="quality_breakdown", section="quality")
kpi_cards.how_to_load(page)
