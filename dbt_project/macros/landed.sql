{% macro landed(feed) %}
    {#- The landed rows of one feed: the frozen list of batches by name, plus a typed file without rows. An empty glob is an error in DuckDB. -#}
    {%- do source('landed', feed) -%}  {#- the arrow in the lineage -#}
    {{ return(adapter.dispatch('landed', 'plimsoll')(feed)) }}
{% endmacro %}

{% macro default__landed(feed) %}
    {%- set files = [var('inputs_dir') ~ '/empty/' ~ feed ~ '.parquet'] + var('landed').get(feed, []) -%}
    read_parquet([{% for file in files %}'{{ file | replace("'", "''") }}'{{ ', ' if not loop.last }}{% endfor %}], union_by_name = true)
{% endmacro %}

{% macro spark__landed(feed) %}
    {#- Spark reads landed batches through an external table per feed; the same list filters it. -#}
    landing.{{ feed }}
{% endmacro %}

{% macro frozen(name) %}
    {#- One frozen table of the control store: batches, aliases, rules, calendar. -#}
    {%- do source('frozen', name) -%}
    {{ return(adapter.dispatch('frozen', 'plimsoll')(name)) }}
{% endmacro %}

{% macro default__frozen(name) %}
    read_parquet('{{ (var("inputs_dir") ~ "/" ~ name ~ ".parquet") | replace("'", "''") }}')
{% endmacro %}

{% macro spark__frozen(name) %}
    inputs.{{ name }}
{% endmacro %}
