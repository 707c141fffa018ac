{#- One fact that two sources tell counts once. What is compared, what makes two rows one fact, and how a fact leaves out the second. -#}

{% macro double_counted_facts() %}
    {#-
    The facts that two exports may tell. rows: the model before it; source: what an export is told apart by; on, amount: day and size of a row.
    part: the order of the rows that one line of a file makes. keys: {why two rows are one: its columns}; a row without one of them is
    not compared by it.
    -#}
    {%- set created_on = plimsoll.local_date('created_at', "'" ~ var('default_time_zone') ~ "'") | trim -%}
    {{ return({
        'worklogs': {
            'rows': 'int_worklogs', 'source': 'source_system', 'on': 'work_date', 'amount': 'hours',
            'part': 'work_date, person, issue_key, hours, activity, description',
            'keys': {
                'entry': [code_key('person'), 'work_date', code_key('issue_key'), 'round(hours, 2)'],
                'entry without an issue': [code_key('person'), 'work_date', "case when issue_key is null then nullif(project_key, 'unallocated') end", 'round(hours, 2)'],
            }},
        'costs': {
            'rows': 'int_booked_costs', 'source': "case when is_of_ledger then 'ledger' else source_system end", 'on': 'booked_on', 'amount': 'amount',
            'part': 'booked_on, category, kind, document_no, amount',
            'keys': {
                'document': ['project_key', code_key('document_no'), 'booked_on', "case when kind in ('actual', 'accrual') then amount end"],
            }},
        'issues': {
            'rows': 'int_issues', 'source': 'source_system', 'on': created_on, 'amount': '1',
            'part': 'issue_key',
            'keys': {
                'key and summary': ["case when issue_key like '%-%' then " ~ code_key('issue_key') ~ " end", code_key('summary')],
                'key and day': ["case when issue_key like '%-%' then " ~ code_key('issue_key') ~ " end", created_on],
                'summary and day': ['project_key', code_key('summary'), created_on],
            }},
    }) }}
{% endmacro %}


{% macro in_parts(fact) %}
    {#- The rows of a fact, each with its part: a line of a file may make several. -#}
    {%- set told = plimsoll.double_counted_facts()[fact] -%}
    (
        select told_rows.*, row_number() over (partition by batch_id, source_row order by {{ told.part }}) as part
        from {{ ref(told.rows) }} as told_rows
    )
{% endmacro %}


{% macro told_once(fact) %}
    {#- The rows of a fact without those that a leading source tells too. -#}
    (
        select {{ all_but('entries', ['part']) }}
        from {{ plimsoll.in_parts(fact) }} as entries
        left join {{ ref('int_double_counted') }} as twice
            on twice.fact = '{{ fact }}'
            and twice.is_left_out
            and entries.batch_id = twice.batch_id
            and entries.source_row = twice.source_row
            and entries.part = twice.part
        where twice.fact is null
    )
{% endmacro %}


{% macro key_text(columns) %}
    {#- One text of several columns; null where one is. -#}
    {%- for column in columns %}cast({{ column }} as {{ dbt.type_string() }}){{ " || '|' || " if not loop.last }}{% endfor -%}
{% endmacro %}
