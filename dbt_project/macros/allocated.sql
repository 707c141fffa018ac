{% macro allocated(rows, dated_by, named={}) %}
    {#-
    The rows of a relation that has batch_id and project, each with its project_key: what its own code stands for on its date, else the
    project that a person named while loading the batch, else 'unallocated'. Never dropped, never guessed.
    named: {column: kind of code}: columns that hold a person, a module or a WBS element, put as what an alias says they stand for, in the
    one spelling of the project.
    Adds: project_key, source_system, exported_at, landed_at, snapshot_scope, is_full_snapshot.
    -#}
    {%- if named %}
    select
        {{ all_but('named_entries', named) }},
        {%- for column in named %}
        coalesce(spelled_{{ column }}.spelling, named_entries.{{ column }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
    {%- endif %}
    select
        {{ all_but('entries', named) }},
        {%- for column in named %}
        coalesce(known_{{ column }}.known_as, entries.{{ column }}) as {{ column }},
        {%- endfor %}
        coalesce(own_code.known_as, hinted.known_as, 'unallocated') as project_key,
        batches.source_system,
        batches.exported_at,
        batches.landed_at,
        batches.snapshot_scope,
        batches.is_full_snapshot
    from {{ rows }} as entries
    inner join {{ ref('stg_batches') }} as batches on entries.batch_id = batches.batch_id
    {{ join_code('own_code', 'project', 'entries.project', dated_by) }}
    {{ join_hint() }}
    {%- for column, kind in named.items() %}
    {{ join_code('known_' ~ column, kind, 'entries.' ~ column, dated_by) }}
    {%- endfor %}
    {%- if named %}
    ) as named_entries
    {%- for column, kind in named.items() %}
    left join {{ ref('int_spellings') }} as spelled_{{ column }}
        on spelled_{{ column }}.kind = '{{ kind }}'
        and spelled_{{ column }}.project_key = {{ "'*'" if kind == 'person' else 'named_entries.project_key' }}
        and named_entries.{{ column }} = spelled_{{ column }}.written
    {%- endfor %}
    {%- endif %}
{% endmacro %}


{% macro join_hint() %}
    {#- The project that the hint of a batch names, for rows whose own code names none. -#}
    left join {{ ref('int_codes') }} as hinted
        on own_code.known_as is null
        and hinted.kind = 'project'
        and batches.source_system = hinted.system
        and {{ code_key('batches.project_hint') }} = hinted.code
        and (hinted.only_as is null or hinted.only_as = {{ code_plain('batches.project_hint') }})
        and hinted.valid_to = cast('9999-12-31' as date)
{% endmacro %}


{% macro join_code(name, kind, code, dated_by=none) %}
    {#- Without a date: everything that the code ever stood for. -#}
    left join {{ ref('int_codes') }} as {{ name }}
        on {{ name }}.kind = '{{ kind }}'
        and batches.source_system = {{ name }}.system
        and {{ code_key(code) }} = {{ name }}.code
        and ({{ name }}.only_as is null or {{ name }}.only_as = {{ code_plain(code) }})
        {%- if dated_by %}
        and coalesce({{ dated_by }}, cast('2000-01-01' as date)) >= {{ name }}.valid_from
        and coalesce({{ dated_by }}, cast('2000-01-01' as date)) < {{ name }}.valid_to
        {%- endif %}
{% endmacro %}


{% macro spelled_person(rows) %}
    {#- The rows of a reference list, each person in the one spelling. -#}
    (
        select
            {{ all_but('entries', ['person']) }},
            coalesce(spelled.spelling, entries.person) as person
        from {{ rows }} as entries
        left join {{ ref('int_spellings') }} as spelled
            on spelled.kind = 'person'
            and entries.person = spelled.written
    )
{% endmacro %}


{% macro worded(feed, columns) %}
    {#-
    The staged rows of a feed with the words that a person mapped on screen. columns: {column: the column whose word decides}, as the state of
    an issue decides its category. A mapped word goes before what the export says of it.
    -#}
    (
        select
            {{ all_but('entries', columns) }}
            {%- for column in columns %},
            coalesce(word_{{ column }}.canonical, entries.{{ column }}) as {{ column }}
            {%- endfor %}
        from {{ ref('stg_' ~ feed) }} as entries
        {%- for column, worded_by in columns.items() %}
        left join {{ ref('stg_words') }} as word_{{ column }}
            on word_{{ column }}.feed = '{{ feed }}'
            and word_{{ column }}.column_name = '{{ worded_by }}'
            and {{ code_plain('entries.' ~ worded_by) }} = word_{{ column }}.word
        {%- endfor %}
    )
{% endmacro %}


{% macro newest_by_key(key, newest_first) %}
    {#- 1 for the row of a key that wins over the same key in other batches. -#}
    row_number() over (
        partition by {{ key }}
        order by {{ newest_first }}, exported_at desc, landed_at desc, source_row desc
    )
{% endmacro %}


{% macro numbers_defects_apart(system) %}
    {#- Whether the tool named in column `system` numbers defects and other issues apart: its defect 5 is not its task 5. -#}
    {%- set tools = var('numbers_defects_apart') -%}
    {%- if tools -%} {{ system }} in ('{{ tools | join("', '") }}') {%- else -%} false {%- endif -%}
{% endmacro %}


{% macro newest_snapshots(feed) %}
    {#- Of each scope, the instant of the newest full snapshot of this feed. -#}
    select snapshot_scope, max(exported_at) as newest_snapshot_at
    from {{ ref('stg_batches') }}
    where feed = '{{ feed }}' and is_full_snapshot and snapshot_scope is not null
    group by 1
{% endmacro %}


{% macro replacing_scopes(rows) %}
    {#- Grain: one project code in one batch of a feed whose rows have no id: what that batch takes the place of in earlier ones. -#}
    select distinct
        entries.batch_id,
        entries.project,
        batches.source_system,
        batches.landed_at,
        batches.exported_at,
        batches.covers_from,
        batches.covers_to
    from {{ rows }} as entries
    inner join {{ ref('stg_batches') }} as batches on entries.batch_id = batches.batch_id
{% endmacro %}


{% macro is_replaced(entry, scopes, dated_by) %}
    {#- A later batch of the same source holds the same project and covers the row's date. Duplicates inside one batch are both kept. -#}
    exists (
        select 1
        from {{ scopes }} as later
        where later.source_system = {{ entry }}.source_system
            and later.project is not distinct from {{ entry }}.project
            and later.batch_id <> {{ entry }}.batch_id
            and (later.exported_at > {{ entry }}.exported_at
                or (later.exported_at = {{ entry }}.exported_at and later.landed_at > {{ entry }}.landed_at)
                or (later.exported_at = {{ entry }}.exported_at and later.landed_at = {{ entry }}.landed_at and later.batch_id > {{ entry }}.batch_id))
            and {{ entry }}.{{ dated_by }} between later.covers_from and later.covers_to
    )
{% endmacro %}
