-- Grain: one measure of fct_costs, per project, module, phase and day on which it changes.
{{ kpi_deltas('fct_costs') }}
