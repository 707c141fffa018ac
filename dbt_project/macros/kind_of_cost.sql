{% macro kind_of_cost(category) -%}
    {#- labor, bought, subcontract or other; null without a category, which no budget can be held against. -#}
    case
        when {{ category }} in ('labor', 'subcontract') then {{ category }}
        when {{ category }} in ('equipment', 'software') then 'bought'
        when {{ category }} is not null and {{ category }} <> '-' then 'other'
    end
{%- endmacro %}


{% macro kinds_of_cost() %}
    {#- What kind_of_cost says, where there is a category. -#}
    {{ return(['labor', 'bought', 'subcontract', 'other']) }}
{% endmacro %}
