-- Grain: one module or WBS code of a project, or one person, as exports write it and as it is not shown: Core and `CORE ` are one module.
-- The spelling of the reference list goes first (the budget, the people), then the one most used. Codes that a list itself tells apart stay so.
{{ config(meta={'joins_batches': true}) }}
{%- set uses = [
    ('issues', 'module', 'module'), ('issues', 'wbs', 'wbs_code'), ('issues', 'person', 'assignee'),
    ('worklogs', 'module', 'module'), ('worklogs', 'wbs', 'wbs_code'), ('worklogs', 'person', 'person'),
    ('costs', 'module', 'module'), ('costs', 'wbs', 'wbs_code'), ('ledger', 'wbs', 'wbs_code'),
    ('budget', 'module', 'module'), ('budget', 'wbs', 'wbs_code'), ('schedule', 'module', 'module'), ('schedule', 'wbs', 'wbs_code'),
    ('coverage', 'module', 'module'), ('code_size', 'module', 'module'), ('test_results', 'module', 'module'),
    ('people', 'person', 'person'), ('leaves', 'person', 'person'), ('rates', 'person', 'person'), ('attendance', 'person', 'person'),
] %}
with
used as (
    {%- for feed, kind, column in uses %}
    select
        '{{ kind }}' as kind,
        batch_id,
        {% if kind == 'person' %}cast(null as {{ dbt.type_string() }}){% else %}project{% endif %} as project,
        {{ column }} as written,
        {{ 'true' if feed in ('budget', 'people') else 'false' }} as is_reference,
        count(*) as rows
    from {{ ref('stg_' ~ feed) }}
    where {{ column }} is not null
    group by 1, 2, 3, 4
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

-- a code that an alias puts as another is written as that one
placed as (
    select
        entries.kind,
        case when entries.kind = 'person' then '*' else coalesce(own_code.known_as, hinted.known_as, 'unallocated') end as project_key,
        coalesce(known_module.known_as, known_wbs.known_as, known_person.known_as, entries.written) as written,
        entries.is_reference,
        entries.rows
    from used as entries
    inner join {{ ref('stg_batches') }} as batches on entries.batch_id = batches.batch_id
    {{ join_code('own_code', 'project', 'entries.project') }}
    {{ join_hint() }}
    {%- for kind in ('module', 'wbs', 'person') %}
    {{ join_code('known_' ~ kind, kind, "case when entries.kind = '" ~ kind ~ "' then entries.written end") }}
    {%- endfor %}
),

folded as (
    select
        kind,
        project_key,
        written,
        {{ code_plain('written') }} as plain,
        {{ code_key('written') }} as code,
        max(case when is_reference then 1 else 0 end) as is_reference,
        sum(rows) as rows
    from placed
    group by 1, 2, 3
),

told_apart as (
    select kind, project_key, code
    from folded
    where is_reference = 1
    group by 1, 2, 3
    having count(distinct plain) > 1
),

spelled as (
    select
        folded.kind,
        folded.project_key,
        folded.written,
        trim(first_value(folded.written) over (
            partition by folded.kind, folded.project_key, folded.code, case when told_apart.code is not null then folded.plain end
            order by folded.is_reference desc, folded.rows desc, folded.written
        )) as spelling
    from folded
    left join told_apart
        on folded.kind = told_apart.kind
        and folded.project_key = told_apart.project_key
        and folded.code = told_apart.code
)

select kind, project_key, written, spelling
from spelled
where written <> spelling
