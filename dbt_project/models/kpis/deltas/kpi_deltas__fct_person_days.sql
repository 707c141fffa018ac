-- Grain: one measure of fct_person_days, per project, module, phase and day on which it changes.
{{ kpi_deltas('fct_person_days') }}
