-- Grain: one measure of fct_contracts, per project, module, phase and day on which it changes.
{{ kpi_deltas('fct_contracts') }}
