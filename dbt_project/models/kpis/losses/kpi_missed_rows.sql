-- Grain: one thing as one measure counted it, that is gone, smaller or judged anew since an earlier build. Lost is what is gone or smaller; of defects
-- that left the count or were lowered in severity, a few are work as usual and are watched for two weeks: many at once are lost until somebody accepts.
{{ config(meta={'by_project': true, 'joins_batches': true}) }}
with
previous as (
    select * from {{ ref('stg_previous_things') }}
),

kpis_of_losses as (
    {{ kpis_of_losses() }}
),

-- whoever accepts the loss behind a KPI accepts these rows, in whatever KPI they count
accepted as (
    select distinct previous.fact, previous.project_key, previous.identity, acceptances.build_id
    from {{ ref('stg_loss_acceptances') }} as acceptances
    inner join kpis_of_losses on acceptances.kpi_key = kpis_of_losses.kpi_key
    inner join previous
        on acceptances.project_key = previous.project_key
        and kpis_of_losses.measure_key = previous.measure_key
        and previous.lost_since <= acceptances.build_id
),

things as (
    {{ things_counted() }}
),

-- what was missed and is not accepted stands as it was before the loss
standing as (
    select previous.*
    from previous
    left join accepted
        on previous.fact = accepted.fact
        and previous.project_key = accepted.project_key
        and previous.identity = accepted.identity
        and previous.lost_since <= accepted.build_id
    where accepted.identity is null
),

-- nearly all of it is there as it was: only the rest is looked at any closer
short as (
    select distinct standing.measure_key, standing.project_key, standing.identity
    from standing
    left join things
        on standing.measure_key = things.measure_key
        and standing.project_key = things.project_key
        and standing.identity = things.identity
    where standing.amount > coalesce(things.amount, 0)
),

expected as (
    select
        previous.fact,
        previous.measure_key,
        previous.project_key,
        previous.identity,
        max(previous.module) as module,
        max(previous.phase) as phase,
        min(previous.counts_from) as counts_from,
        max(previous.counts_until) as counts_until,
        max(previous.amount) as amount,
        max(previous.row_key) as row_key,
        max(previous.row_label) as row_label,
        max(previous.file_name) as file_name,
        max(previous.source_row) as source_row,
        max(previous.detail) as detail,
        min(previous.lost_since) as lost_since,
        min(previous.lost_on) as lost_on,
        min(previous.watched_on) as watched_on,
        max(previous.watched_of) as watched_of,
        max(previous.changed_by) as changed_by,
        max(previous.changed_on) as changed_on,
        max(previous.changed_in) as changed_in
    from standing as previous
    inner join short
        on previous.measure_key = short.measure_key
        and previous.project_key = short.project_key
        and previous.identity = short.identity
    group by 1, 2, 3, 4
),

kept as (
    {{ things_kept() }}
),

-- labor that is booked and counts by its timesheets for a while, as in a period that was reopened, is not gone
still_booked as (
    select distinct project_key, {{ fact_tables()['fct_costs'].identity }} as identity
    from (
        select costs.*, costs.booked_on as stated_on, 'booked' as cost_source from {{ told_once('costs') }} as costs where costs.category = 'labor'
    ) as booked
),

were_open as (
    select project_key, identity, {{ severity_rank('detail', 0) }} as severity_rank
    from previous
    where measure_key = 'open_defects'
        and counts_until is null
        and lost_since is null
        and watched_on is null
),

open_before as (
    select project_key, count(*) as defects
    from were_open
    group by 1
),

changes as (
    select
        issue_key, author, changed_at,
        row_number() over (partition by issue_key order by changed_at desc, author) as recency
    from {{ ref('stg_issue_changes') }}
    where lower(field) in ('status', 'resolution', 'severity', 'issuetype', 'issue type', '状态', '解决结果', '解决方案', '严重程度', '问题类型')
),

-- open ones that count no more, or less than before, and are still there; with who changed them, else the file that says so
turned as (
    select
        were_open.project_key,
        were_open.identity,
        changes.author as changed_by,
        cast(coalesce(changes.changed_at, batches.exported_at) as date) as changed_on,
        batches.file_name as changed_in
    from were_open
    inner join (select *, {{ fact_tables()['fct_issues'].identity }} as identity from {{ ref('fct_issues') }} where not is_deleted) as issues
        on were_open.project_key = issues.project_key
        and were_open.identity = issues.identity
    left join changes on issues.issue_key = changes.issue_key and changes.recency = 1
    left join {{ ref('dim_batches') }} as batches on issues.batch_id = batches.batch_id
    where not issues.is_confirmed_defect
        or {{ severity_rank('issues.severity', 5) }} < were_open.severity_rank
),

missed as (
    select
        {{ all_but('expected', ['changed_by', 'changed_on', 'changed_in', 'watched_of']) }},
        expected.amount - coalesce(things.amount, 0) as lost_amount,
        things.identity is null as is_gone,
        kept.identity is not null as is_kept,
        turned.identity is not null as is_turned,
        coalesce(expected.changed_by, turned.changed_by) as changed_by,
        coalesce(expected.changed_on, turned.changed_on) as changed_on,
        coalesce(expected.changed_in, turned.changed_in) as changed_in,
        greatest(coalesce(expected.watched_of, 0), coalesce(open_before.defects, 0)) as watched_of
    from expected
    left join things
        on expected.measure_key = things.measure_key
        and expected.project_key = things.project_key
        and expected.identity = things.identity
    left join kept
        on expected.fact = kept.fact
        and expected.project_key = kept.project_key
        and expected.identity = kept.identity
    left join still_booked
        on expected.fact = 'fct_costs'
        and expected.project_key = still_booked.project_key
        and expected.identity = still_booked.identity
    left join turned
        on expected.fact = 'fct_issues'
        and expected.project_key = turned.project_key
        and expected.identity = turned.identity
    left join open_before on expected.project_key = open_before.project_key
    where expected.amount > coalesce(things.amount, 0)
        and not (things.identity is null and still_booked.identity is not null)
        and (kept.identity is null
            or (expected.measure_key in ({% for measure in defect_counts() %}'{{ measure }}'{{ ', ' if not loop.last }}{% endfor %})
                and (expected.lost_since is not null
                    or turned.identity is not null
                    or expected.watched_on >= {{ dbt.dateadd('day', '-' ~ var('reclassified_days'), "cast('" ~ var('today') ~ "' as date)") }})))
),

-- many in one export, or within two weeks
masses as (
    select project_key
    from (
        select project_key, identity, bool_or(is_turned) as is_turned, max(watched_of) as watched_of
        from missed
        where is_kept and lost_since is null
        group by 1, 2
    ) as watched
    group by 1
    having count(*) > {{ var('reclassified_count') }} and count(*) > {{ var('reclassified_share') }} * max(watched_of)
),

-- a document under a new number, hours moved by a day: the same amount in the same month is the same thing
numbered as (
    select
        missed.*,
        not missed.is_kept or missed.lost_since is not null or masses.project_key is not null as is_lost,
        row_number() over (partition by missed.measure_key, missed.project_key, {{ dbt.date_trunc('month', 'missed.counts_from') }}, missed.lost_amount order by missed.identity) as place
    from missed
    left join masses on missed.project_key = masses.project_key
),

arrived as (
    select
        things.measure_key,
        things.project_key,
        things.counts_from,
        things.amount,
        row_number() over (partition by things.measure_key, things.project_key, {{ dbt.date_trunc('month', 'things.counts_from') }}, things.amount order by things.identity) as place
    from things
    inner join (select distinct measure_key, project_key from missed) as searched
        on things.measure_key = searched.measure_key
        and things.project_key = searched.project_key
    left join standing
        on things.measure_key = standing.measure_key
        and things.project_key = standing.project_key
        and things.identity = standing.identity
    where standing.identity is null
)

select
    numbered.fact,
    numbered.measure_key,
    numbered.project_key,
    numbered.identity,
    numbered.module,
    numbered.phase,
    numbered.counts_from,
    numbered.counts_until,
    cast(numbered.amount as {{ amount() }}) as amount,
    cast(numbered.lost_amount as {{ amount() }}) as lost_amount,
    numbered.is_gone,
    numbered.is_kept as is_reclassified,
    numbered.is_lost,
    numbered.row_key,
    numbered.row_label,
    numbered.file_name,
    numbered.source_row,
    numbered.detail,
    case when numbered.is_lost then coalesce(numbered.lost_since, '{{ var("build_id") }}') end as lost_since,
    case when numbered.is_lost then coalesce(numbered.lost_on, cast('{{ var("today") }}' as date)) end as lost_on,
    case when numbered.is_kept then coalesce(numbered.watched_on, cast('{{ var("today") }}' as date)) end as watched_on,
    case when numbered.is_kept then cast(numbered.watched_of as bigint) end as watched_of,
    numbered.changed_by,
    numbered.changed_on,
    numbered.changed_in
from numbered
left join arrived
    on numbered.fact in ({% for fact, table in fact_tables().items() if table.identity and not table.kept_while %}{{ ', ' if not loop.first }}'{{ fact }}'{% endfor %})
    and numbered.measure_key = arrived.measure_key
    and numbered.project_key = arrived.project_key
    and {{ dbt.date_trunc('month', 'numbered.counts_from') }} = {{ dbt.date_trunc('month', 'arrived.counts_from') }}
    and numbered.lost_amount = arrived.amount
    and numbered.place = arrived.place
where arrived.place is null
