-- Grain: one measure of fct_planned_value, per project, module, phase and day on which it changes.
{{ kpi_deltas('fct_planned_value') }}
