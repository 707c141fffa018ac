"""Evidence: where does this number come from, row by row?"""

from ui import data, evidence_view, kpi_cards
from ui.filters import current_filters

opened = data.snapshot_or_stop()
filters = current_filters()
catalogue = data.catalogue(opened)
names = kpi_cards.project_names(data.projects(opened))
kpi, chosen = evidence_view.subject(opened, filters, catalogue, names)
row = evidence_view.value_row(opened, kpi, chosen)

evidence_view.sentence(row, kpi, names)
evidence_view.definition(opened, row, kpi, names)
evidence_view.totals(opened, kpi, chosen, key="evidence_totals")
evidence_view.bridge(opened, kpi, chosen, key="evidence_bridge")
evidence_view.rows(opened, kpi, chosen, key="evidence_rows")
kpi_cards.how_to_load(opened, row, catalogue, names)
