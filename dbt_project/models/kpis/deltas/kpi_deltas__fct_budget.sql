-- Grain: one measure of fct_budget, per project, module, phase and day on which it changes.
{{ kpi_deltas('fct_budget') }}
