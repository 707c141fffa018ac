-- Grain: one code of one source system that matches no project, per feed: what lies under "unallocated", with its total in each currency.
{%- set feeds = [
    ('issues', told_once('issues') ~ ' as counted', 'cast(1 as double)', 'items'),
    ('worklogs', told_once('worklogs') ~ ' as counted', 'cast(hours as double)', 'hours'),
    ('costs', told_once('costs') ~ ' as counted', 'cast(coalesce(original_amount, amount) as double)', 'money'),
    ('budget', ref('int_budget'), 'cast(planned_value as double)', 'CNY'),
] %}
{%- for feed, relation, amount, unit in feeds %}
select
    '{{ feed }}' as feed,
    {% if feed == 'budget' %}cast('' as {{ dbt.type_string() }}){% else %}source_system{% endif %} as system,
    {% if feed == 'budget' %}cast('' as {{ dbt.type_string() }}){% else %}coalesce(project, ''){% endif %} as external_code,
    count(*) as rows,
    sum({{ amount }}) as amount,
    {% if unit == 'money' %}coalesce(original_currency, currency){% else %}'{{ unit }}'{% endif %} as unit
from {{ relation }}
where project_key = 'unallocated'{{ ' and is_active' if feed == 'budget' }}
group by 1, 2, 3{{ ', 6' if unit == 'money' }}
{{ 'union all' if not loop.last }}
{%- endfor %}
