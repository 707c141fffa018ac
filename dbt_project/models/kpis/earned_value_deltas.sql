-- Grain: one measure of earned value, per project, WBS element, module, phase and day on which it changes. A sum of the deltas up to a day is
-- the measure at that day, at any of these grains; what names no element stands under '-', so that the elements sum to the project.
{{ config(meta={'by_project': true}) }}
{%- set kept = earned_value_measures() %}
{%- set facts = [] %}
{%- for key in kept if measures()[key].fact not in facts %}
    {%- do facts.append(measures()[key].fact) %}
{%- endfor %}
with
measure_rows as (
    {%- for fact in facts %}
    {{ measure_rows(fact, only=kept) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

{{ deltas_of_measure_rows(['project_key', 'wbs_code', 'module', 'phase', 'measure_key']) }}
