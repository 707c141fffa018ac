-- Grain: one row of a fact as one measure counts it. The evidence behind every number.
{{ config(materialized='view') }}
{% for fact in fact_tables() %}
{{ measure_rows(fact) }}
{{ 'union all' if not loop.last }}
{%- endfor %}
