-- Grain: one measure of the catalogue.
{% for key, measure in measures().items() %}
select
    '{{ key }}' as measure_key,
    '{{ measure.fact }}' as fact,
    '{{ fact_tables()[measure.fact].feed }}' as feed,
    '{{ measure.en }}' as name_en,
    '{{ measure.zh }}' as name_zh,
    {{ 'true' if measure.in_period else 'false' }} as is_in_period,
    {{ 'true' if is_money(key) else 'false' }} as is_money
{{ 'union all' if not loop.last }}
{%- endfor %}
