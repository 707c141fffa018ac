-- Grain: one measure of fct_earned_schedule, per project, module, phase and day on which it changes.
{{ kpi_deltas('fct_earned_schedule') }}
