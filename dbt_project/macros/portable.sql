{#- What differs between DuckDB and Spark, and nothing else. -#}

{% macro amount() %}{#- Type of an amount: of money, hours, days or a count. -#}decimal(28, 4){% endmacro %}

{% macro made_once() %}
    {#- What a step is told that is made whole before it is read: many branches then end in one table. -#}
    {{ return(adapter.dispatch('made_once', 'plimsoll')()) }}
{% endmacro %}

{% macro default__made_once() %}{{ return('materialized') }}{% endmacro %}
{% macro spark__made_once() %}{{ return('') }}{% endmacro %}

{% macro local_date(instant, time_zone) %}
    {#- The day of a UTC instant in a time zone. -#}
    {{ return(adapter.dispatch('local_date', 'plimsoll')(instant, time_zone)) }}
{% endmacro %}

{% macro default__local_date(instant, time_zone) %}
    cast(timezone({{ time_zone }}, timezone('UTC', {{ instant }})) as date)
{% endmacro %}

{% macro spark__local_date(instant, time_zone) %}
    cast(from_utc_timestamp({{ instant }}, {{ time_zone }}) as date)
{% endmacro %}

{% macro days_between(earlier, later) %}
    {#- Days as a double, with the fraction. -#}
    {{ return(adapter.dispatch('days_between', 'plimsoll')(earlier, later)) }}
{% endmacro %}

{% macro default__days_between(earlier, later) %}
    (epoch({{ later }}) - epoch({{ earlier }})) / 86400.0
{% endmacro %}

{% macro spark__days_between(earlier, later) %}
    (unix_timestamp({{ later }}) - unix_timestamp({{ earlier }})) / 86400.0
{% endmacro %}

{% macro list_holds(list, words) %}
    {#- True when a list column holds one of the words, in lower case. -#}
    {{ return(adapter.dispatch('list_holds', 'plimsoll')(list, words)) }}
{% endmacro %}

{% macro default__list_holds(list, words) %}
    coalesce(list_has_any(list_transform({{ list }}, word -> lower(word)), [{% for word in words %}'{{ word }}'{{ ', ' if not loop.last }}{% endfor %}]), false)
{% endmacro %}

{% macro spark__list_holds(list, words) %}
    coalesce(arrays_overlap(transform({{ list }}, word -> lower(word)), array({% for word in words %}'{{ word }}'{{ ', ' if not loop.last }}{% endfor %})), false)
{% endmacro %}

{% macro sorted_list(expression) %}
    {#- The distinct texts of a group, in order, as a list. -#}
    {{ return(adapter.dispatch('sorted_list', 'plimsoll')(expression)) }}
{% endmacro %}

{% macro default__sorted_list(expression) %}
    coalesce(list_sort(list_distinct(list({{ expression }}) filter (where {{ expression }} is not null))), cast([] as varchar[]))
{% endmacro %}

{% macro spark__sorted_list(expression) %}
    sort_array(collect_set({{ expression }}))
{% endmacro %}

{% macro joined_text(expression) %}
    {#- The distinct texts of a group in order, one comma between two. -#}
    {{ return(adapter.dispatch('joined_text', 'plimsoll')(expression)) }}
{% endmacro %}

{% macro default__joined_text(expression) %}string_agg(distinct {{ expression }}, ',' order by {{ expression }}){% endmacro %}
{% macro spark__joined_text(expression) %}array_join(sort_array(collect_set({{ expression }})), ','){% endmacro %}

{% macro empty_list() %}
    {#- A list of texts without members. -#}
    {{ return(adapter.dispatch('empty_list', 'plimsoll')()) }}
{% endmacro %}

{% macro default__empty_list() %}cast([] as varchar[]){% endmacro %}
{% macro spark__empty_list() %}cast(array() as array<string>){% endmacro %}

{% macro lists_joined(lists) %}
    {#- One sorted list of distinct members from a column of lists, aggregated. -#}
    {{ return(adapter.dispatch('lists_joined', 'plimsoll')(lists)) }}
{% endmacro %}

{% macro default__lists_joined(lists) %}list_sort(list_distinct(flatten(list({{ lists }})))){% endmacro %}
{% macro spark__lists_joined(lists) %}sort_array(array_distinct(flatten(collect_list({{ lists }})))){% endmacro %}

{% macro percentile(share, expression) %}
    {#- The value that this share of a group does not exceed, interpolated. -#}
    {{ return(adapter.dispatch('percentile', 'plimsoll')(share, expression)) }}
{% endmacro %}

{% macro default__percentile(share, expression) %}quantile_cont({{ expression }}, {{ share }}){% endmacro %}
{% macro spark__percentile(share, expression) %}percentile({{ expression }}, {{ share }}){% endmacro %}

{% macro each_of(list) %}
    {#- One row per member of a list column. -#}
    {{ return(adapter.dispatch('each_of', 'plimsoll')(list)) }}
{% endmacro %}

{% macro default__each_of(list) %}unnest({{ list }}){% endmacro %}
{% macro spark__each_of(list) %}explode({{ list }}){% endmacro %}

{% macro all_but(relation, columns) %}
    {#- Every column of a relation without these: they are selected anew. -#}
    {{ return(adapter.dispatch('all_but', 'plimsoll')(relation, columns | list)) }}
{% endmacro %}

{% macro default__all_but(relation, columns) %}{{ return(relation ~ '.*' ~ (' exclude (' ~ columns | join(', ') ~ ')' if columns else '')) }}{% endmacro %}
{% macro spark__all_but(relation, columns) %}{{ return(relation ~ '.*' ~ (' except (' ~ columns | join(', ') ~ ')' if columns else '')) }}{% endmacro %}

{% macro code_plain(expression) %}
    {#- Half-width, in lower case, single blanks (models/reference/codes.py is the same rule): two codes that differ by more may both be real. -#}
    {{ return(adapter.dispatch('code_plain', 'plimsoll')(expression)) }}
{% endmacro %}

{% macro code_key(expression) %}
    {#- The form in which codes meet: separators count alike, and only between two digits or between two letters of an alphabet. -#}
    {{ return(adapter.dispatch('code_key', 'plimsoll')(expression)) }}
{% endmacro %}

{% macro wide_letters() %}{#- Full-width letters, as SQL text; narrow_letters holds the half-width one at the same place. -#}{{ return("'！＂＃＄％＆＇（）＊＋，－．／０１２３４５６７８９：；＜＝＞？＠ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ［＼］＾＿｀ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ｛｜｝～‐‑‒–—―−     　'") }}{% endmacro %}
{% macro narrow_letters() %}{#- Half-width letters, as SQL text; wide_letters holds the full-width one at the same place. -#}{{ return("'!\"#$%&''()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~-------      '") }}{% endmacro %}

{% macro default__code_plain(expression) -%}
    trim(regexp_replace(lower(case when strlen({{ expression }}) = length({{ expression }}) then {{ expression }} else translate({{ expression }}, {{ wide_letters() }}, {{ narrow_letters() }}) end), '[\t\n\f\r ]+', ' ', 'g'), ' ')
{%- endmacro %}

{% macro spark__code_plain(expression) -%}
    trim(regexp_replace(lower(translate({{ expression }}, {{ wide_letters() }}, {{ narrow_letters() }})), '[\\t\\n\\f\\r ]+', ' '))
{%- endmacro %}

{% macro default__code_key(expression) -%}
    {%- set joined = "trim(regexp_replace(" ~ code_plain(expression) ~ ", '[ _-]+', '-', 'g'), '-')" -%}
    {%- set after_digit = "regexp_replace(" ~ joined ~ ", '([0-9])-([^0-9])', '\\1\\2', 'g')" -%}
    {%- set before_digit = "regexp_replace(" ~ after_digit ~ ", '([^0-9])-([0-9])', '\\1\\2', 'g')" -%}
    coalesce(nullif(regexp_replace({{ before_digit }}, '-?([一-鿿])-?', '\1', 'g'), ''), {{ code_plain(expression) }})
{%- endmacro %}

{% macro spark__code_key(expression) -%}
    {%- set joined = "trim(both '-' from regexp_replace(" ~ code_plain(expression) ~ ", '[ _-]+', '-'))" -%}
    {%- set after_digit = "regexp_replace(" ~ joined ~ ", '([0-9])-([^0-9])', '$1$2')" -%}
    {%- set before_digit = "regexp_replace(" ~ after_digit ~ ", '([^0-9])-([0-9])', '$1$2')" -%}
    coalesce(nullif(regexp_replace({{ before_digit }}, '-?([一-鿿])-?', '$1'), ''), {{ code_plain(expression) }})
{%- endmacro %}

{% macro list_text(words) %}
    {#- Words as a list of texts. -#}
    {{ return(adapter.dispatch('list_text', 'plimsoll')(words)) }}
{% endmacro %}

{% macro default__list_text(words) %}cast([{% for word in words %}'{{ word | replace("'", "''") }}'{{ ', ' if not loop.last }}{% endfor %}] as varchar[]){% endmacro %}
{% macro spark__list_text(words) %}cast(array({% for word in words %}'{{ word | replace("'", "''") }}'{{ ', ' if not loop.last }}{% endfor %}) as array<string>){% endmacro %}

{% macro list_of_one(expression) %}
    {#- A list that holds one expression. -#}
    {{ return(adapter.dispatch('list_of_one', 'plimsoll')(expression)) }}
{% endmacro %}

{% macro default__list_of_one(expression) %}{{ return('[' ~ expression ~ ']') }}{% endmacro %}
{% macro spark__list_of_one(expression) %}{{ return('array(' ~ expression ~ ')') }}{% endmacro %}

{% macro list_contains(list, value) %}
    {#- True where a list column holds the value. -#}
    {{ return(adapter.dispatch('list_contains', 'plimsoll')(list, value)) }}
{% endmacro %}

{% macro default__list_contains(list, value) %}coalesce(list_contains({{ list }}, {{ value }}), false){% endmacro %}
{% macro spark__list_contains(list, value) %}coalesce(array_contains({{ list }}, {{ value }}), false){% endmacro %}

{% macro lists_overlap(list, other) %}
    {#- True where two list columns share a member. -#}
    {{ return(adapter.dispatch('lists_overlap', 'plimsoll')(list, other)) }}
{% endmacro %}

{% macro default__lists_overlap(list, other) %}list_has_any({{ list }}, {{ other }}){% endmacro %}
{% macro spark__lists_overlap(list, other) %}arrays_overlap({{ list }}, {{ other }}){% endmacro %}

{% macro stale_cases() %}
    {#- The branches of a case over feeds: after how many days each is stale. -#}
    {%- set cases = [] -%}
    {%- for feed, days in var('stale_after_days').items() -%}
        {%- do cases.append("when '" ~ feed ~ "' then interval " ~ days ~ " day") -%}
    {%- endfor -%}
    {{ return(cases | join(' ')) }}
{% endmacro %}

{% macro sql_text(value) -%}
    {#- A text as SQL, null where there is none. -#}
    {% if value %}'{{ value | replace("'", "''") }}'{% else %}cast(null as {{ dbt.type_string() }}){% endif %}
{%- endmacro %}

{% macro sql_number(value) -%}
    {#- A number as SQL, null where there is none. -#}
    {% if value is defined and value is not none %}cast({{ value }} as double){% else %}cast(null as double){% endif %}
{%- endmacro %}

{% macro rerun_mark() %}{#- Expression that finds what a runner adds to the name of a test that it runs again: 'pays (rerun 2)', 'pays [retry]', 'pays retry #1'. Both engines read (?i). -#}(?i) +([(\[] *(re-?run|retry|重跑|重试)[^)\]]*[)\]]|(re-?run|retry|重跑|重试) *#[0-9]+) *${% endmacro %}

{% macro test_without_rerun(name) %}{#- The name of a test without the mark of a rerun. -#}regexp_replace({{ name }}, '{{ plimsoll.rerun_mark() }}', ''){% endmacro %}

{% macro rerun_number(name) %}
    {#- 0 for the first run; a rerun without a number is the first one. -#}
    coalesce(
        cast(nullif(regexp_extract(regexp_extract({{ name }}, '{{ plimsoll.rerun_mark() }}', 0), '[0-9]+', 0), '') as integer),
        case when regexp_extract({{ name }}, '{{ plimsoll.rerun_mark() }}', 0) <> '' then 1 else 0 end
    )
{% endmacro %}

{% macro list_as_text(list, between) %}
    {#- The members of a list in one text, `between` standing between two. -#}
    {{ return(adapter.dispatch('list_as_text', 'plimsoll')(list, between)) }}
{% endmacro %}

{% macro default__list_as_text(list, between) %}array_to_string({{ list }}, '{{ between }}'){% endmacro %}
{% macro spark__list_as_text(list, between) %}array_join({{ list }}, '{{ between }}'){% endmacro %}
