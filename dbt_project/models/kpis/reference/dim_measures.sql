-- Grain: one measure of the catalogue.
{% for key, measure in measures().items() %}
select
    '{{ key }}' as measure_key,
    '{{ measure.fact }}' as fact,
    '{{ measure.feed }}' as feed,
    {{ sql_text(measure.label) }} as label,
    {{ 'true' if measure.in_period else 'false' }} as is_in_period,
    {{ 'true' if measure.is_money else 'false' }} as is_money
{{ 'union all' if not loop.last }}
{%- endfor %}
