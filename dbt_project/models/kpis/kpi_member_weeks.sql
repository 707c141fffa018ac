-- Grain: one KPI that modules or phases have: the SQL that puts its values by week together, as kpi_values has those by month. They would be
-- most of all values, and hardly anybody opens them. Under '*' stands the select around it: the SQL of one or several goes where <judged> stands.
select '*' as kpi_key, {{ sql_text(values_of('member_weeks', '<judged>')) }} as select_sql
{%- for key, judged in judged_values('member_weeks').items() %}
union all
select '{{ key }}', {{ sql_text(judged) }}
{%- endfor %}
