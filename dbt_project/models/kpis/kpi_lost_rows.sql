-- Grain: one thing as one measure counted it, that is gone or smaller since an earlier build, and that nobody has accepted.
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

-- what was missed and is not accepted stands as it was before the loss
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
        min(previous.lost_since) as lost_since,
        min(previous.lost_on) as lost_on
    from previous
    left join accepted
        on previous.fact = accepted.fact
        and previous.project_key = accepted.project_key
        and previous.identity = accepted.identity
        and previous.lost_since <= accepted.build_id
    where accepted.identity is null
    group by 1, 2, 3, 4
),

things as (
    {{ things_counted() }}
),

kept as (
    {{ things_kept() }}
),

missed as (
    select
        expected.*,
        expected.amount - coalesce(things.amount, 0) as lost_amount,
        things.identity is null as is_gone
    from expected
    left join things
        on expected.measure_key = things.measure_key
        and expected.project_key = things.project_key
        and expected.identity = things.identity
    left join kept
        on expected.fact = kept.fact
        and expected.project_key = kept.project_key
        and expected.identity = kept.identity
    where expected.amount > coalesce(things.amount, 0)
        and kept.identity is null
),

-- a document under a new number, hours moved by a day: the same amount in the same month is the same thing
numbered as (
    select
        missed.*,
        row_number() over (partition by measure_key, project_key, {{ dbt.date_trunc('month', 'counts_from') }}, lost_amount order by identity) as place
    from missed
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
    left join expected
        on things.measure_key = expected.measure_key
        and things.project_key = expected.project_key
        and things.identity = expected.identity
    where expected.identity is null
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
    numbered.row_key,
    numbered.row_label,
    numbered.file_name,
    numbered.source_row,
    coalesce(numbered.lost_since, '{{ var("build_id") }}') as lost_since,
    coalesce(numbered.lost_on, cast('{{ var("today") }}' as date)) as lost_on
from numbered
left join arrived
    on numbered.fact in ({% for fact, table in fact_tables().items() if table.identity and not table.kept_while %}{{ ', ' if not loop.first }}'{{ fact }}'{% endfor %})
    and numbered.measure_key = arrived.measure_key
    and numbered.project_key = arrived.project_key
    and {{ dbt.date_trunc('month', 'numbered.counts_from') }} = {{ dbt.date_trunc('month', 'arrived.counts_from') }}
    and numbered.lost_amount = arrived.amount
    and numbered.place = arrived.place
where arrived.place is null
