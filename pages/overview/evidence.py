"""Evidence: where does this number come from, row by row?"""

import streamlit as st

from models.errors import PlimsollError
from models.kpis.values import selected_projects
from pipeline.store.losses import accept_loss, acceptances
from ui.kpis import cards as kpi_cards
from ui.kpis import evidence as evidence_view
from ui.kpis import losses
from ui.shell import data
from ui.shell.filters import current_filters
from ui.shell.wording import _, error_text, language

opened = data.snapshot_or_stop()
filters = current_filters()
catalogue = data.catalogue(opened)
names = kpi_cards.project_names(data.projects(opened))
kpi, chosen = evidence_view.subject(opened, filters, catalogue, names)
row = evidence_view.value_row(opened, kpi, chosen)

evidence_view.sentence(row, kpi, names)
evidence_view.definition(opened, row, kpi, names)
asked = losses.lost(opened, row, kpi, chosen, key="evidence_loss")
if asked is not None:
    try:
        accept_loss(data.data_dir(), **asked)
    except PlimsollError as error:
        st.error(error_text(error, language()))
    else:
        st.toast(_("Saved. It counts from the next refresh on."))
losses.accepted(
    acceptances(data.data_dir()), kpi, selected_projects(opened.snapshot, chosen), key="evidence_losses_accepted"
)
evidence_view.duplicates(opened, kpi, chosen)
evidence_view.totals(opened, kpi, chosen, key="evidence_totals")
evidence_view.bridge(opened, kpi, chosen, key="evidence_bridge")
evidence_view.rows(opened, kpi, chosen, key="evidence_rows")
kpi_cards.how_to_load(opened, row, catalogue, names)
