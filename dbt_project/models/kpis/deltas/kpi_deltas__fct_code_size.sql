-- Grain: one measure of fct_code_size, per project, module, phase and day on which it changes.
{{ kpi_deltas('fct_code_size') }}
