-- Grain: one measure of fct_test_results, per project, module, phase and day on which it changes.
{{ kpi_deltas('fct_test_results') }}
