"""Evidence: where does this number come from, row by row?"""

from models.kpis.values import selected_projects
from pipeline import offers
from ui.kpis import cards as kpi_cards
from ui.kpis import evidence as evidence_view
from ui.kpis import losses
from ui.shell import data
from ui.shell.filters import current_filters
from ui.shell.saving import saving
from ui.shell.viewer import current_viewer
from ui.shell.wording import _

port = offers.Reference(data.data_dir(), current_viewer())
opened = data.snapshot_or_stop()
filters = current_filters()
catalogue = data.catalogue(opened)
names = kpi_cards.project_names(data.projects(opened))
kpi, chosen = evidence_view.subject(opened, filters, catalogue, names)
row = evidence_view.value_row(opened, kpi, chosen)

evidence_view.sentence(row, kpi, names)
evidence_view.definition(opened, row, kpi, names)
asked = losses.lost(opened, row, kpi, chosen, key="evidence_loss")
with saving(asked, told=_("Saved. It counts from the next refresh on.")):
    if asked is not None:
        port.accept_loss(**asked)
losses.accepted(port.accepted_losses(), kpi, selected_projects(opened.snapshot, chosen), key="evidence_losses_accepted")
evidence_view.duplicates(opened, kpi, chosen)
evidence_view.totals(opened, kpi, chosen, key="evidence_totals")
evidence_view.bridge(opened, kpi, chosen, key="evidence_bridge")
evidence_view.rows(opened, kpi, chosen, key="evidence_rows")
kpi_cards.how_to_load(opened, row, catalogue, names)
