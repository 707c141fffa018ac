"""Evidence: where does this number come from, row by row?"""

from models.kpis.values import selected_projects
from pipeline import offers
from ui.kpis import cards as kpi_cards
from ui.kpis import evidence as evidence_view
from ui.kpis import losses
from ui.kpis.page import kpi_page
from ui.shell import data
from ui.shell.saving import saving
from ui.shell.viewer import current_viewer
from ui.shell.wording import _

port = offers.Reference(data.data_dir(), current_viewer())
kpi, page = evidence_view.subject(kpi_page())
projects = selected_projects(page.view.snapshot, page.selection)

row = evidence_view.row_asked(page, kpi)
evidence_view.sentence(page, kpi)
evidence_view.definition(page, kpi)
asked = losses.lost(page, kpi, key="evidence_loss")
with saving(asked, told=_("Saved. It counts from the next refresh on.")):
    if asked is not None:
        port.accept_loss(**asked)
losses.accepted(port.accepted_losses(), kpi, projects, key="evidence_losses_accepted")
evidence_view.duplicates(page, kpi)
evidence_view.totals(page, kpi, key="evidence_totals")
evidence_view.bridge(page, kpi, key="evidence_bridge")
evidence_view.rows(page, kpi, key="evidence_rows", only=row)
kpi_cards.how_to_load(page)
