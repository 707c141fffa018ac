{% macro committed_levels(lines) %}
    {#-
    From a step of cost lines: what equipment and software has arrived without being booked, and what commitments have become cost, as levels
    that stand from a day until the next one.

    Per WBS element and category with a commitment, at each day d on which something is signed, booked or reported:
    arrival: max(0, signed to date × progress − booked to date), progress = EV ÷ BAC of the element in the category, else of the whole
    element (KPIS: AC accrued at arrival, or CPI shows 3 until the invoice comes). Nothing without a commitment or without a budget.
    drawn: signed to date less what is still open of it. Cost before the first signing draws on nothing: open never exceeds what was signed.
    -#}
    with
    commitments as (
        select
            project_key, wbs_code, category,
            max(phase) as phase, max(module) as module, max(vendor) as vendor, max(currency) as currency
        from {{ lines }}
        where kind = 'commitment'
        group by 1, 2, 3
    ),

    budgets as (
        select project_key, wbs_code, coalesce(category, '-') as category, sum(planned_value) as budget
        from {{ ref('int_budget') }}
        where is_active
        group by 1, 2, 3
    ),

    -- the budget whose earned value tells how much has come: the category's own, else that of the whole element
    arriving as (
        select
            commitments.project_key, commitments.wbs_code, commitments.category,
            coalesce(sum(case when budgets.category = commitments.category then budgets.budget end), 0) > 0 as has_own_budget,
            sum(case when budgets.category = commitments.category then budgets.budget end) as own_budget,
            sum(budgets.budget) as element_budget
        from commitments
        inner join {{ ref('int_project_settings') }} as settings
            on commitments.project_key = settings.project_key
            and settings.accrue_at_arrival = 'yes'
        inner join budgets
            on commitments.project_key = budgets.project_key
            and commitments.wbs_code = budgets.wbs_code
        where commitments.category in ('equipment', 'software')
        group by 1, 2, 3
    ),

    reports as (
        select
            arriving.project_key, arriving.wbs_code, arriving.category,
            earned.status_on, earned.superseded_on, earned.earned_value, earned.task_id, earned.batch_id, earned.source_row,
            case when has_own_budget then own_budget else element_budget end as budget
        from arriving
        inner join {{ ref('fct_earned_value') }} as earned
            on arriving.project_key = earned.project_key
            and arriving.wbs_code = earned.wbs_code
            and (earned.category = arriving.category or not arriving.has_own_budget)
        where earned.status_on is not null
    ),

    happened as (
        select
            commitments.project_key, commitments.wbs_code, commitments.category, entries.booked_on as happened_on,
            case when entries.kind = 'commitment' then entries.amount else 0 end as signed,
            case when entries.kind = 'commitment' then 0 else entries.amount end as spent,
            case when entries.kind in ('actual', 'accrual') then entries.amount else 0 end as invoiced,
            cast(0 as double) as progress
        from commitments
        inner join {{ lines }} as entries
            on commitments.project_key = entries.project_key
            and coalesce(commitments.wbs_code, '') = coalesce(entries.wbs_code, '')
            and coalesce(commitments.category, '') = coalesce(entries.category, '')
        where entries.kind in ('actual', 'accrual', 'provisional', 'commitment')
        union all
        select project_key, wbs_code, category, status_on, 0, 0, 0, cast(earned_value as double) / nullif(cast(budget as double), 0)
        from reports
        union all
        select project_key, wbs_code, category, superseded_on, 0, 0, 0, -cast(earned_value as double) / nullif(cast(budget as double), 0)
        from reports
        where superseded_on is not null
    ),

    to_date as (
        select
            project_key, wbs_code, category, happened_on,
            lead(happened_on) over element_so_far as superseded_on,
            sum(sum(signed)) over element_so_far as signed,
            sum(sum(spent)) over element_so_far as spent,
            sum(sum(invoiced)) over element_so_far as invoiced,
            sum(sum(coalesce(progress, 0))) over element_so_far as progress
        from happened
        group by 1, 2, 3, 4
        window element_so_far as (partition by project_key, wbs_code, category order by happened_on)
    ),

    arrived as (
        select
            to_date.*,
            cast(round(greatest(0, cast(signed as double) * least(progress, 1) - cast(invoiced as double)), 2) as decimal(18, 2)) as accrued
        from to_date
    ),

    open_to_date as (
        select
            arrived.*,
            signed - spent - accrued as balance,
            least(0, min(signed - spent - accrued) over (partition by project_key, wbs_code, category order by happened_on)) as before_signing
        from arrived
    ),

    stood as (
        select
            project_key, wbs_code, category, 'accrual' as kind, 'arrival' as cost_source, 'accrued at arrival' as description, happened_on,
            superseded_on, accrued as amount
        from open_to_date
        where accrued > 0
        union all
        select
            project_key, wbs_code, category, 'drawn', 'drawn', 'in cost by now', happened_on, superseded_on,
            greatest(0, signed - (balance - before_signing))
        from open_to_date
        where signed - (balance - before_signing) > 0
    ),

    -- the line of a file that a level rests on: the report that weighs most, else the newest booking
    evidence as (
        select
            stood.project_key, stood.wbs_code, stood.category, stood.kind, stood.happened_on,
            reports.task_id as document_no, reports.batch_id, reports.source_row,
            row_number() over (
                partition by stood.project_key, stood.wbs_code, stood.category, stood.kind, stood.happened_on
                order by reports.earned_value desc, reports.task_id, reports.source_row
            ) as choice
        from stood
        inner join reports
            on stood.project_key = reports.project_key
            and stood.wbs_code = reports.wbs_code
            and stood.category = reports.category
            and reports.status_on <= stood.happened_on
            and (reports.superseded_on is null or reports.superseded_on > stood.happened_on)
        where stood.kind = 'accrual'
        union all
        select
            stood.project_key, stood.wbs_code, stood.category, stood.kind, stood.happened_on,
            entries.document_no, entries.batch_id, entries.source_row,
            row_number() over (
                partition by stood.project_key, stood.wbs_code, stood.category, stood.kind, stood.happened_on
                order by entries.booked_on desc, entries.amount desc, entries.batch_id desc, entries.source_row desc
            )
        from stood
        inner join {{ lines }} as entries
            on stood.project_key = entries.project_key
            and coalesce(stood.wbs_code, '') = coalesce(entries.wbs_code, '')
            and coalesce(stood.category, '') = coalesce(entries.category, '')
            and entries.booked_on <= stood.happened_on
        where stood.kind = 'drawn' and entries.kind in ('actual', 'accrual', 'provisional', 'commitment')
    )

    select
        stood.project_key, stood.wbs_code, commitments.phase, commitments.module, stood.category, stood.kind, stood.cost_source,
        commitments.vendor, evidence.document_no, stood.description, stood.happened_on as booked_on, stood.superseded_on, stood.amount,
        commitments.currency, evidence.batch_id, evidence.source_row
    from stood
    inner join commitments
        on stood.project_key = commitments.project_key
        and coalesce(stood.wbs_code, '') = coalesce(commitments.wbs_code, '')
        and coalesce(stood.category, '') = coalesce(commitments.category, '')
    inner join evidence
        on stood.project_key = evidence.project_key
        and coalesce(stood.wbs_code, '') = coalesce(evidence.wbs_code, '')
        and coalesce(stood.category, '') = coalesce(evidence.category, '')
        and stood.kind = evidence.kind
        and stood.happened_on = evidence.happened_on
        and evidence.choice = 1
{% endmacro %}
