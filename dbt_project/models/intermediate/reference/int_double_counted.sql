-- Grain: one row that a source which goes before its own tells too (is_left_out: it does not count), or may tell: hours of a person whom the
-- other source writes in another way, too few of which agree.
with
told as (
    {%- for fact, told in double_counted_facts().items() %}
    select
        '{{ fact }}' as fact,
        project_key,
        {{ told.source }} as source,
        batch_id,
        source_row,
        part,
        {{ told.on }} as happened_on,
        cast({{ told.amount }} as {{ amount() }}) as amount,
        {%- if fact == 'worklogs' %}
        {{ code_key('person') }} as person,
        {{ code_key('issue_key') }} as issue_key,
        {%- else %}
        cast(null as {{ dbt.type_string() }}) as person,
        cast(null as {{ dbt.type_string() }}) as issue_key,
        {%- endif %}
        {% if fact == 'costs' %}coalesce(category, '') || '|' || case when kind in ('actual', 'accrual') then 'cost' end{% else %}cast(null as {{ dbt.type_string() }}){% endif %} as category,
        {%- for key in range(3) %}
        {% set columns = (told['keys'].values() | list)[key] %}{% if columns %}{{ key_text(columns) }}{% else %}cast(null as {{ dbt.type_string() }}){% endif %} as key_{{ key }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ in_parts(fact) }} as entries
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

several as (
    select fact
    from told
    group by 1
    having min(source) <> max(source)
),

compared as (
    select told.* from told inner join several on told.fact = several.fact
),

-- persons of whom no other source has hours under this name
people as (
    select person, min(source) as source
    from compared
    where fact = 'worklogs'
    group by 1
    having min(source) = max(source)
),

strangers as (
    select compared.*, {{ key_text(['compared.happened_on', 'compared.issue_key', 'round(compared.amount, 2)']) }} as match_key
    from compared
    inner join people on coalesce(compared.person, '') = coalesce(people.person, '')
    where compared.fact = 'worklogs' and compared.issue_key is not null
),

-- hours of a day that two sources agree on while at least one names no issue
days as (
    select source, project_key, person, happened_on, round(sum(amount), 2) as hours, max(issue_key) as any_issue
    from compared
    where fact = 'worklogs' and person is not null and project_key <> 'unallocated'
    group by 1, 2, 3, 4
),

day_pairs as (
    select
        ours.source, theirs.source as other_source, ours.project_key, ours.person, ours.happened_on,
        ours.hours = theirs.hours and (ours.any_issue is null or theirs.any_issue is null) as is_equal,
        sum(case when ours.hours = theirs.hours and (ours.any_issue is null or theirs.any_issue is null) then 1 else 0 end) over pair as equal_days,
        count(*) over pair as shared_days
    from days as ours
    inner join days as theirs
        on ours.project_key = theirs.project_key
        and ours.person = theirs.person
        and ours.happened_on = theirs.happened_on
        and ours.source <> theirs.source
    window pair as (partition by ours.source, theirs.source, ours.project_key, ours.person)
),

-- one equal day may be chance (half a day here, half a day there); most of at least three are the same hours
same_days as (
    select distinct source, project_key, person, happened_on
    from day_pairs
    where is_equal and equal_days >= 3 and equal_days * 2 > shared_days
),

-- totals of a month by category, to the cent
months as (
    select source, project_key, category, cast({{ dbt.date_trunc('month', 'happened_on') }} as date) as month_on, sum(amount) as total
    from compared
    where fact = 'costs' and category is not null and project_key <> 'unallocated'
    group by 1, 2, 3, 4
),

keyed as (
    {%- for key in range(3) %}
    select
        compared.fact, compared.project_key, compared.source, compared.batch_id, compared.source_row, compared.part, compared.happened_on, compared.amount,
        case compared.fact {% for fact, told in double_counted_facts().items() %}{% set names = told['keys'] | list %}{% if names[key] %}when '{{ fact }}' then '{{ names[key] }}' {% endif %}{% endfor %}end as told_by,
        compared.key_{{ key }} as match_key,
        false as is_of_group
    from compared
    where compared.key_{{ key }} is not null
    union all
    {%- endfor %}
    select fact, project_key, source, batch_id, source_row, part, happened_on, amount, 'entry of a person written otherwise', match_key, false
    from strangers
    union all
    select
        compared.fact, compared.project_key, compared.source, compared.batch_id, compared.source_row, compared.part, compared.happened_on, compared.amount,
        'hours of the day', compared.project_key || '|' || compared.person || '|' || cast(compared.happened_on as {{ dbt.type_string() }}), true
    from compared
    inner join same_days
        on compared.source = same_days.source
        and compared.project_key = same_days.project_key
        and compared.person = same_days.person
        and compared.happened_on = same_days.happened_on
    where compared.fact = 'worklogs'
    union all
    select
        compared.fact, compared.project_key, compared.source, compared.batch_id, compared.source_row, compared.part, compared.happened_on, compared.amount,
        'total of the month', compared.project_key || '|' || compared.category || '|' || cast(months.month_on as {{ dbt.type_string() }}) || '|' || cast(months.total as {{ dbt.type_string() }}), true
    from compared
    inner join months
        on compared.source = months.source
        and compared.project_key = months.project_key
        and compared.category = months.category
        and cast({{ dbt.date_trunc('month', 'compared.happened_on') }} as date) = months.month_on
    where compared.fact = 'costs' and months.total <> 0
),

shared_keys as (
    select fact, told_by, match_key
    from keyed
    group by 1, 2, 3
    having min(source) <> max(source)
),

first_landings as (
    select
        case when feed = 'ledger' then 'costs' else feed end as fact,
        case when feed = 'ledger' then 'ledger' else source_system end as source,
        min(landed_at) as landed_at,
        min(batch_id) as batch_id
    from {{ ref('stg_batches') }}
    group by 1, 2
),

settings as (
    select * from {{ ref('stg_project_settings') }}
),

-- the source that the project chose goes first, then the one of all projects, then the books, then the one that landed first
placed as (
    select
        keyed.*,
        dense_rank() over (
            partition by keyed.fact, keyed.project_key
            order by
                case when own.value = keyed.source then 0 when own.value is null and of_all.value = keyed.source then 0 else 1 end,
                case when keyed.source = 'ledger' then 0 else 1 end,
                first_landings.landed_at,
                first_landings.batch_id,
                keyed.source
        ) as place,
        case when coalesce(own.value, of_all.value) is null then 'first landed' else 'chosen' end as led_by,
        row_number() over (partition by keyed.fact, keyed.told_by, keyed.match_key, keyed.source order by keyed.batch_id, keyed.source_row, keyed.part) as occurrence
    from keyed
    inner join shared_keys
        on keyed.fact = shared_keys.fact
        and keyed.told_by = shared_keys.told_by
        and keyed.match_key = shared_keys.match_key
    left join first_landings on keyed.fact = first_landings.fact and keyed.source = first_landings.source
    left join settings as own on own.name = 'leading_source_of_' || keyed.fact and own.project_key = keyed.project_key
    left join settings as of_all on of_all.name = 'leading_source_of_' || keyed.fact and of_all.project_key = '*'
),

-- each row of a leading source stands for one of the other; a total for all rows that make it
matched as (
    select
        later.*,
        earlier.source as leading_source,
        earlier.batch_id as leading_batch_id,
        earlier.source_row as leading_row,
        row_number() over (
            partition by later.fact, later.batch_id, later.source_row, later.part
            order by case when later.told_by like '%otherwise' then 1 else 0 end, earlier.place, later.told_by, earlier.batch_id, earlier.source_row
        ) as choice
    from placed as later
    inner join placed as earlier
        on later.fact = earlier.fact
        and later.told_by = earlier.told_by
        and later.match_key = earlier.match_key
        and earlier.place < later.place
        and earlier.occurrence = case when later.is_of_group then 1 else later.occurrence end
),

stranger_rows as (
    select source, count(*) as row_count
    from strangers
    group by 1
),

stranger_matches as (
    select source, leading_source, count(*) as row_count
    from matched
    where told_by = 'entry of a person written otherwise'
    group by 1, 2
)

select
    matched.fact,
    matched.project_key,
    matched.source,
    matched.batch_id,
    matched.source_row,
    matched.part,
    matched.happened_on,
    matched.amount,
    matched.told_by,
    matched.leading_source,
    matched.leading_batch_id,
    matched.leading_row,
    matched.led_by,
    -- pairs of one day, issue and hours under other names are the same hours once they are half of what either source has of such names
    matched.told_by <> 'entry of a person written otherwise'
        or stranger_matches.row_count * 2 >= least(ours.row_count, theirs.row_count) as is_left_out
from matched
left join stranger_matches
    on matched.source = stranger_matches.source
    and matched.leading_source = stranger_matches.leading_source
left join stranger_rows as ours on matched.source = ours.source
left join stranger_rows as theirs on matched.leading_source = theirs.source
where matched.choice = 1
