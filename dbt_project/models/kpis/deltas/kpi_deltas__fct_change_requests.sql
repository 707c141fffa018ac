-- Grain: one measure of fct_change_requests, per project, module, phase and day on which it changes.
{{ kpi_deltas('fct_change_requests') }}
