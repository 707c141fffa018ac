-- Grain: one measure of fct_schedule_tasks, per project, module, phase and day on which it changes.
{{ kpi_deltas('fct_schedule_tasks') }}
