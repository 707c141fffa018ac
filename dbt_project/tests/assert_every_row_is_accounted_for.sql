-- A returned row is a fact that holds fewer or more rows than go into it, less those left out for a reason that has a name: how many went in, are
-- counted, left out and for which reasons, how many are missing and too many, and the first place where. Counted line by line of the landed files:
-- as many lost as doubled elsewhere do not make up for one another. A row of a file is its batch and line, of which several rows may be made.
{%- set zone = "'" ~ var('default_time_zone') ~ "'" %}
{#- what the landed rows of a feed become #}
{%- set of_feeds = {
    'issues': ('fct_issues', none),
    'worklogs': ('fct_worklogs', none),
    'costs': ('int_booked_costs', 'not is_of_ledger'),
    'ledger': ('int_booked_costs', 'is_of_ledger'),
    'schedule': ('fct_schedule_tasks', none),
    'test_results': ('fct_test_results', none),
    'coverage': ('fct_coverage', none),
    'code_size': ('fct_code_size', 'not is_substitute'),
    'sites': ('fct_sites', none),
    'change_requests': ('fct_change_requests', none),
    'risks': ('fct_risks', none),
    'contracts': ('fct_contracts', none),
    'payment_terms': ('fct_payment_terms', none),
} %}
{#- feeds of which the newest export of a key counts: {feed: (its fact, its day, {column: kind of code}, {column of the fact: of the row})} #}
{%- set round_on = local_date('run_at', 'coalesce(projects.time_zone, ' ~ zone ~ ')') | trim %}
{%- set by_key = {
    'schedule': ('int_schedule', 'entries.status_on', {}, {'task_id': 'task_id', 'status_on': 'status_on'}),
    'test_results': ('fct_test_results', local_date('entries.run_at', zone), {'module': 'module'}, {
        'suite': 'suite',
        'case_name': test_without_rerun('case_name'),
        'module': "coalesce(module, '-')",
        'test_level': "coalesce(level, '')",
        'round_key': 'coalesce(round, cast(' ~ round_on ~ ' as ' ~ dbt.type_string() ~ '))',
    }),
    'coverage': ('fct_coverage', 'entries.measured_on', {'module': 'module'}, {'module': 'module', 'measured_on': 'measured_on'}),
    'code_size': ('fct_code_size', 'entries.measured_on', {'module': 'module'}, {'module': 'module', 'measured_on': 'measured_on'}),
    'sites': ('fct_sites', 'entries.planned_live_on', {}, {'site': 'site'}),
    'change_requests': ('fct_change_requests', 'entries.raised_on', {}, {'change_id': 'change_id'}),
    'risks': ('fct_risks', 'entries.raised_on', {}, {'risk_id': 'risk_id'}),
} %}
{%- set same_line = 'lines.batch_id = entries.batch_id and lines.source_row = entries.source_row' %}
with
{%- for feed, (fact, condition) in of_feeds.items() %}
{{ feed }}_lines as (
    select
        coalesce(landed.batch_id, counted.batch_id) as batch_id,
        coalesce(landed.source_row, counted.source_row) as source_row,
        coalesce(landed.row_count, 0) as landed,
        coalesce(counted.row_count, 0) as counted
    from (select batch_id, source_row, count(*) as row_count from {{ landed(feed) }} group by 1, 2) as landed
    full join (
        select batch_id, source_row, count(*) as row_count from {{ ref(fact) }} {{ 'where ' ~ condition if condition }} group by 1, 2
    ) as counted
        on landed.batch_id = counted.batch_id
        and landed.source_row = counted.source_row
),

{{ feed }}_rest as (
    select entries.*
    from {{ ref('stg_' ~ feed) }} as entries
    inner join {{ feed }}_lines as lines on {{ same_line }}
    where lines.landed > lines.counted
),
{% endfor %}
{%- for feed in ['worklogs', 'costs', 'ledger'] %}
{{ feed }}_scopes as (
    {{ replacing_scopes(ref('stg_' ~ feed)) }}
),

{{ feed }}_told as (
    select entries.*, batches.source_system, batches.exported_at, batches.landed_at
    from {{ feed }}_rest as entries
    inner join {{ ref('stg_batches') }} as batches on entries.batch_id = batches.batch_id
),
{% endfor %}
carry_over_vouchers as (
    select distinct coalesce(lines.ledger_book, '') as ledger_book, lines.period, lines.voucher_no
    from {{ ref('stg_ledger') }} as lines
    left join {{ ref('int_accounts') }} as accounts
        on coalesce(lines.ledger_book, '') = accounts.ledger_book
        and lines.account_code = accounts.account_code
        and coalesce(lines.account_name, '') = accounts.account_name
    where accounts.kind = 'carry_over' or lines.summary like '%结转%'
),

-- how the costs of a project are told: by its books, and by hours after those are closed
cost_sources as (
    select
        settings.project_key,
        settings.actual_cost_source,
        coalesce(close_dates.cost_closed_on, cast('9999-12-31' as date)) as cost_closed_on
    from {{ ref('int_project_settings') }} as settings
    left join {{ ref('int_close_dates') }} as close_dates on settings.project_key = close_dates.project_key
),

projects_with_booked_labor as (
    select distinct project_key from {{ ref('int_counted_costs') }} where category = 'labor' and kind in ('actual', 'accrual')
),

projects_with_plan as (
    select
        project_key,
        cast({{ dbt.date_trunc('month', 'min(case when planned_to_date > 0 then accrued_on end)') }} as date) as starts_on
    from (
        select project_key, accrued_on, sum(sum(planned_value)) over (partition by project_key order by {{ dbt.last_day('accrued_on', 'month') }}) as planned_to_date
        from {{ ref('fct_planned_value') }}
        group by project_key, accrued_on
    ) as planned
    group by 1
),

-- an allocation of a person: from which working day to which one it is to be filled in
timesheets as (
    select project_key, min(work_date) as logged_from from {{ ref('fct_worklogs') }} group by 1
),

allocations as (
    select
        told.*,
        greatest(timesheets.logged_from, coalesce(people.valid_from, timesheets.logged_from)) as due_from,
        coalesce(people.valid_to, cast('9999-12-31' as date)) as due_to,
        coalesce(projects.status_on, (select max(status_on) from {{ ref('dim_projects') }})) as status_on
    from (select distinct person, project_key, batch_id, source_row from {{ ref('fct_person_days') }}) as told
    inner join {{ ref('stg_people') }} as people on told.batch_id = people.batch_id and told.source_row = people.source_row
    inner join timesheets on told.project_key = timesheets.project_key
    left join {{ ref('dim_projects') }} as projects on told.project_key = projects.project_key
),

working_days as (
    select calendar_date, is_working_day, working_day_number from {{ ref('dim_dates') }}
),

due as (
    select
        allocations.*,
        first_day.working_day_number - case when first_day.is_working_day then 1 else 0 end as days_before,
        least(
            coalesce(last_day.working_day_number, today.working_day_number),
            today.working_day_number - {{ var('timesheet_grace_days') }}
        ) as days_at_end
    from allocations
    inner join working_days as first_day on allocations.due_from = first_day.calendar_date
    inner join working_days as today on allocations.status_on = today.calendar_date
    left join working_days as last_day on allocations.due_to = last_day.calendar_date
),

people_rest as (
    select entries.*
    from {{ ref('stg_people') }} as entries
    where not exists (select 1 from allocations where entries.batch_id = allocations.batch_id and entries.source_row = allocations.source_row)
),

lines as (
    {%- for feed, (fact, _) in of_feeds.items() %}
    select '{{ fact }}' as fact, '{{ feed }}' as made_of, batch_id as place, cast(source_row as {{ dbt.type_string() }}) as line, landed, counted from {{ feed }}_lines
    union all
    {%- endfor %}
    select fact, made_of, place, line, sum(landed), sum(counted)
    from (
        select 'int_counted_costs' as fact, 'int_booked_costs' as made_of, project_key as place, '' as line, 1 as landed, 0 as counted
        from {{ ref('int_booked_costs') }}
        union all
        select 'int_counted_costs', 'int_booked_costs', project_key, '', 0, copies from {{ ref('int_counted_costs') }}
        union all
        select 'fct_costs', 'int_counted_costs', batch_id, cast(source_row as {{ dbt.type_string() }}), 1, 0 from {{ ref('int_counted_costs') }}
        union all
        -- of a line that is cut into slices, the last one
        select 'fct_costs', 'int_counted_costs', batch_id, cast(source_row as {{ dbt.type_string() }}), 0, 1
        from {{ ref('fct_costs') }}
        where cost_source = 'booked' and estimated_until is null
        union all
        select 'fct_costs', 'fct_worklogs', batch_id, cast(source_row as {{ dbt.type_string() }}), 1, 0 from {{ ref('fct_worklogs') }}
        union all
        select 'fct_costs', 'fct_worklogs', batch_id, cast(source_row as {{ dbt.type_string() }}), 0, 1
        from {{ ref('fct_costs') }}
        where cost_source = 'timesheets'
        union all
        select 'int_budget', 'stg_budget', batch_id, cast(source_row as {{ dbt.type_string() }}), 1, 0 from {{ ref('stg_budget') }}
        union all
        select 'int_budget', 'stg_budget', batch_id, cast(source_row as {{ dbt.type_string() }}), 0, 1 from {{ ref('int_budget') }}
        union all
        select 'fct_budget', 'int_budget', batch_id, cast(source_row as {{ dbt.type_string() }}), 1, 0 from {{ ref('int_budget') }}
        union all
        select 'fct_budget', 'int_budget', batch_id, cast(source_row as {{ dbt.type_string() }}), 0, 1 from {{ ref('fct_budget') }}
        union all
        select 'fct_baselines', 'int_budget', project_key, {{ key_text(['baseline_id', 'wbs_code', 'period_end']) }}, 1, 0
        from (select distinct project_key, baseline_id, wbs_code, period_end from {{ ref('int_budget') }}) as elements
        union all
        select 'fct_baselines', 'int_budget', project_key, {{ key_text(['baseline_id', 'wbs_code', 'month_end']) }}, 0, 1 from {{ ref('fct_baselines') }}
        union all
        select 'fct_code_size', 'fct_coverage', batch_id, cast(source_row as {{ dbt.type_string() }}), 1, 0 from {{ ref('fct_coverage') }}
        union all
        select 'fct_code_size', 'fct_coverage', batch_id, cast(source_row as {{ dbt.type_string() }}), 0, 1 from {{ ref('fct_code_size') }} where is_substitute
        union all
        select 'fct_person_days', 'stg_people', batch_id, cast(source_row as {{ dbt.type_string() }}), 1, 0 from people_rest
        union all
        select 'fct_person_days', 'dim_dates', batch_id, cast(source_row as {{ dbt.type_string() }}), days_at_end - days_before, 0 from due
        union all
        select 'fct_person_days', 'dim_dates', batch_id, cast(source_row as {{ dbt.type_string() }}), 0, 1 from {{ ref('fct_person_days') }}
        union all
        -- a task once per category of its element
        select 'fct_earned_value', 'fct_schedule_tasks', tasks.batch_id, cast(tasks.source_row as {{ dbt.type_string() }}), 1, 0
        from {{ ref('fct_schedule_tasks') }} as tasks
        inner join (select distinct project_key, wbs_code, coalesce(category, '-') as category from {{ ref('fct_budget') }}) as elements
            on tasks.project_key = elements.project_key
            and tasks.element_code = elements.wbs_code
        where not tasks.is_buffer
        union all
        select 'fct_earned_value', 'fct_schedule_tasks', batch_id, cast(source_row as {{ dbt.type_string() }}), 0, 1 from {{ ref('fct_earned_value') }}
        union all
        select distinct 'fct_earned_schedule', 'fct_earned_value', project_key, cast(status_on as {{ dbt.type_string() }}), 1, 0
        from {{ ref('fct_earned_value') }}
        where history_method = 'status_dates' and earned_value is not null
        union all
        select 'fct_earned_schedule', 'fct_earned_value', project_key, cast(status_on as {{ dbt.type_string() }}), 0, 1 from {{ ref('fct_earned_schedule') }}
    ) as parts
    group by fact, made_of, place, line
),

reasons as (
    {#- The newest export of a key counts, wherever that puts it #}
    {%- for feed, (fact, dated_by, named, key) in by_key.items() %}
    select '{{ of_feeds[feed][0] }}' as fact, '{{ feed }}' as made_of, told.batch_id as place, told.source_row as line, 'a newer row of its key' as reason
    from (
        -- a file on one line holds all its rows in one place: of those of one key there, one is counted
        select *, row_number() over (partition by batch_id, source_row, project_key{% for column in key %}, key_{{ loop.index }}{% endfor %} order by batch_id) as again
        from (
            select entries.*{% for column, expression in key.items() %}, {{ expression }} as key_{{ loop.index }}{% endfor %}
            from ({{ allocated(feed ~ '_rest', dated_by, named=named) }}) as entries
            {%- if feed == 'test_results' %}
            left join {{ ref('int_projects') }} as projects on entries.project_key = projects.project_key
            {%- endif %}
        ) as keyed
    ) as told
    where exists (
        select 1
        from {{ ref(fact) }} as fact
        where told.project_key = fact.project_key
            {%- for column in key %}
            and told.key_{{ loop.index }} is not distinct from fact.{{ column }}
            {%- endfor %}
            and (told.batch_id <> fact.batch_id or told.source_row <> fact.source_row or told.again > 1)
    )
    union all
    {%- endfor %}
    select 'fct_issues', 'issues', told.batch_id, told.source_row, 'a newer row of its key'
    from (
        select
            entries.*,
            batches.source_system,
            case when {{ numbers_defects_apart('batches.source_system') }} then coalesce(words.canonical, entries.issue_type) = 'defect' end as is_defect_of_its_own
        from issues_rest as entries
        inner join {{ ref('stg_batches') }} as batches on entries.batch_id = batches.batch_id
        left join {{ ref('stg_words') }} as words
            on words.feed = 'issues'
            and words.column_name = 'issue_type'
            and {{ code_plain('entries.issue_type') }} = words.word
    ) as told
    where exists (
        select 1
        from {{ ref('int_issues') }} as issues
        where told.source_system = issues.source_system
            and told.issue_key is not distinct from issues.issue_key
            and (told.is_defect_of_its_own is null or told.is_defect_of_its_own = (issues.issue_type = 'defect'))
            and (told.batch_id <> issues.batch_id or told.source_row <> issues.source_row)
    )
    union all
    select 'fct_contracts', 'contracts', told.batch_id, told.source_row, 'a newer row of its key'
    from contracts_rest as told
    where exists (
        select 1 from {{ ref('fct_contracts') }} as contracts
        where told.contract_no is not distinct from contracts.contract_no
            and (told.batch_id <> contracts.batch_id or told.source_row <> contracts.source_row)
    )
    union all
    select 'fct_payment_terms', 'payment_terms', told.batch_id, told.source_row, 'a newer row of its key'
    from payment_terms_rest as told
    where exists (
        select 1 from {{ ref('fct_payment_terms') }} as terms
        where told.contract_no is not distinct from terms.contract_no
            and told.node is not distinct from terms.node
            and told.batch_id <> terms.batch_id
    )
    union all
    select 'fct_worklogs', 'worklogs', told.batch_id, told.source_row, 'a newer export of its entry, or of its project and day'
    from worklogs_told as told
    where case
        when told.source_id is null then {{ is_replaced('told', 'worklogs_scopes', 'work_date') }}
        else exists (
            select 1 from {{ ref('int_worklogs') }} as worklogs
            where told.source_system = worklogs.source_system and told.source_id = worklogs.source_id and told.batch_id <> worklogs.batch_id
        )
    end
    union all
    select 'int_booked_costs', 'costs', told.batch_id, told.source_row, 'a newer export of its document, or of its project and day'
    from costs_told as told
    where case
        when told.document_no is null then {{ is_replaced('told', 'costs_scopes', 'booked_on') }}
        else exists (
            select 1 from {{ ref('int_booked_costs') }} as costs
            where not costs.is_of_ledger
                and told.source_system = costs.source_system
                and told.document_no = costs.document_no
                and coalesce(told.project, '') = coalesce(costs.project, '')
                and told.batch_id <> costs.batch_id
        )
    end
    union all
    select
        'int_booked_costs', 'ledger', told.batch_id, told.source_row,
        case
            when {{ is_replaced('told', 'ledger_scopes', 'booked_on') }} then 'a newer export of its project and day'
            when carry_over_vouchers.voucher_no is not null then 'a carry-over'
            when accounts.account_code is not null and coalesce(accounts.kind, '') not in ('actual', 'accrual', 'commitment') then 'not an account of cost'
        end
    from ledger_told as told
    left join {{ ref('int_accounts') }} as accounts
        on coalesce(told.ledger_book, '') = accounts.ledger_book
        and told.account_code = accounts.account_code
        and coalesce(told.account_name, '') = accounts.account_name
    left join carry_over_vouchers
        on coalesce(told.ledger_book, '') = carry_over_vouchers.ledger_book
        and told.period = carry_over_vouchers.period
        and told.voucher_no = carry_over_vouchers.voucher_no
    union all
    select 'fct_' || fact, fact, batch_id, source_row, 'told by a leading source'
    from {{ ref('int_double_counted') }}
    where is_left_out and fact in ('issues', 'worklogs')
    union all
    select 'fct_test_results', 'test_results', batch_id, source_row, 'without a time' from test_results_rest where run_at is null
    union all
    select 'fct_schedule_tasks', 'schedule', batch_id, source_row, 'without any date' from {{ ref('int_task_rules') }} where data_on is null
),

more_reasons as (
    select fact, made_of, place, cast(line as {{ dbt.type_string() }}) as line, reason from reasons
    union all
    select 'int_counted_costs', 'int_booked_costs', project_key, '', 'told by a leading source'
    from {{ ref('int_double_counted') }}
    where is_left_out and fact = 'costs'
    union all
    select 'fct_costs', 'int_counted_costs', costs.batch_id, cast(costs.source_row as {{ dbt.type_string() }}), 'labor that timesheets tell'
    from {{ ref('int_counted_costs') }} as costs
    inner join cost_sources on costs.project_key = cost_sources.project_key
    where costs.category = 'labor'
        and costs.kind in ('actual', 'accrual')
        and (cost_sources.actual_cost_source = 'timesheets'
            or (cost_sources.actual_cost_source = 'ledger' and costs.stated_on > cost_sources.cost_closed_on))
    union all
    select
        'fct_costs', 'fct_worklogs', worklogs.batch_id, cast(worklogs.source_row as {{ dbt.type_string() }}),
        case
            when coalesce(cost_sources.actual_cost_source, '') not in ('timesheets', 'ledger') then 'cost comes from the books alone'
            when cost_sources.actual_cost_source = 'ledger' and worklogs.work_date <= cost_sources.cost_closed_on then 'of closed books'
            when worklogs.hours = 0 then 'no hours'
            when cost_sources.actual_cost_source = 'ledger' and projects_with_booked_labor.project_key is null then 'the books hold no labor'
        end
    from {{ ref('fct_worklogs') }} as worklogs
    left join cost_sources on worklogs.project_key = cost_sources.project_key
    left join projects_with_booked_labor on worklogs.project_key = projects_with_booked_labor.project_key
    union all
    select 'int_budget', 'stg_budget', entries.batch_id, cast(entries.source_row as {{ dbt.type_string() }}), 'undone, and of no project any more'
    from {{ ref('stg_budget') }} as entries
    where entries.is_undone
        and not exists (select 1 from {{ ref('int_budget') }} as budget where entries.baseline_id = budget.baseline_id)
    union all
    select 'fct_budget', 'int_budget', batch_id, cast(source_row as {{ dbt.type_string() }}), 'not of the active baseline'
    from {{ ref('int_budget') }}
    where not is_active
    union all
    select 'fct_code_size', 'fct_coverage', coverage.batch_id, cast(coverage.source_row as {{ dbt.type_string() }}), 'its module was counted'
    from {{ ref('fct_coverage') }} as coverage
    where exists (
        select 1 from {{ ref('fct_code_size') }} as sizes
        where not sizes.is_substitute and coverage.project_key = sizes.project_key and coverage.module = sizes.module
    )
    union all
    select
        'fct_person_days', 'stg_people', people.batch_id, cast(people.source_row as {{ dbt.type_string() }}),
        case
            when people.labor_type = 'day_labor' then 'day labor'
            when timesheets.project_key is null then 'no timesheets of its project'
            when coalesce(people.daily_hours, 8) * coalesce(people.allocation_share, 1) <= 0 then 'no hours due'
            when people.valid_to < timesheets.logged_from then 'ended before timesheets begin'
            when first_day.working_day_number > today.working_day_number - {{ var('timesheet_grace_days') }} then 'not due yet'
            when exists (
                select 1 from allocations where people.project_key = allocations.project_key and people.person = allocations.person
            ) then 'a newer or later allocation'
        end
    from ({{ allocated(spelled_person('people_rest'), 'entries.valid_from') }}) as people
    left join timesheets on people.project_key = timesheets.project_key
    left join {{ ref('dim_projects') }} as projects on people.project_key = projects.project_key
    left join working_days as first_day
        on greatest(timesheets.logged_from, coalesce(people.valid_from, timesheets.logged_from)) = first_day.calendar_date
    left join working_days as today
        on coalesce(projects.status_on, (select max(status_on) from {{ ref('dim_projects') }})) = today.calendar_date
    union all
    select
        'fct_person_days', 'dim_dates', due.batch_id, cast(due.source_row as {{ dbt.type_string() }}),
        case when days.batch_id is null then 'on leave' else 'a later allocation' end
    from due
    inner join working_days
        on working_days.is_working_day
        and working_days.working_day_number > due.days_before
        and working_days.working_day_number <= due.days_at_end
    left join {{ ref('fct_person_days') }} as days
        on due.person = days.person
        and due.project_key = days.project_key
        and working_days.calendar_date = days.work_date
    left join (
        select distinct person, leave_on from {{ spelled_person(ref('stg_leaves')) }} as entries
    ) as leaves
        on due.person = leaves.person
        and working_days.calendar_date = leaves.leave_on
    where (days.batch_id is null and leaves.leave_on is not null)
        or days.batch_id <> due.batch_id
        or days.source_row <> due.source_row
    union all
    select distinct
        'fct_earned_schedule', 'fct_earned_value', earned.project_key, cast(earned.status_on as {{ dbt.type_string() }}), 'before its plan starts, or without one'
    from {{ ref('fct_earned_value') }} as earned
    left join projects_with_plan on earned.project_key = projects_with_plan.project_key
    left join {{ ref('dim_projects') }} as projects on earned.project_key = projects.project_key
    where projects_with_plan.starts_on is null
        or least(earned.status_on, coalesce(projects.actual_finish_on, earned.status_on)) < projects_with_plan.starts_on
),

left_out as (
    select fact, made_of, place, line, count(*) as row_count, min(reason) as reason
    from more_reasons
    where reason is not null
    group by 1, 2, 3, 4
),

compared as (
    select
        lines.*,
        left_out.reason,
        least(greatest(lines.landed - lines.counted, 0), coalesce(left_out.row_count, 0)) as left_out,
        greatest(lines.landed - lines.counted - coalesce(left_out.row_count, 0), 0) as missing,
        greatest(lines.counted - lines.landed, 0) as too_many
    from lines
    left join left_out
        on lines.fact = left_out.fact
        and lines.made_of = left_out.made_of
        and lines.place = left_out.place
        and lines.line = left_out.line
)

select
    fact,
    made_of,
    sum(landed) as landed,
    sum(counted) as counted,
    sum(left_out) as left_out,
    {{ joined_text('case when left_out > 0 then reason end') }} as reasons,
    sum(missing) as missing,
    sum(too_many) as too_many,
    min(case when missing > 0 or too_many > 0 then place || ' ' || line end) as first_place
from compared
group by 1, 2
having sum(missing) > 0 or sum(too_many) > 0
