-- Grain: one booked cost line as it counts. What finance has closed stands as it stood at the closing; what the files say of it differently
-- since then counts as an adjustment on the first day of the books that is still open: a line more, or one taken back (its amount turned).
-- Lines of one project are the same where place, kind, document, day and amount are.
{%- set line_key = "concat_ws('|', coalesce(" ~ code_key('entries.wbs_code') ~ ", ''), coalesce(" ~ code_key('entries.module') ~ ", ''), "
    ~ "coalesce(entries.phase, ''), coalesce(entries.category, ''), entries.kind, coalesce(entries.document_no, ''), "
    ~ "cast(entries.booked_on as " ~ dbt.type_string() ~ "), coalesce(cast(cast(entries.amount as decimal(18, 2)) as " ~ dbt.type_string() ~ "), '?'))" %}
{%- set columns = ['project_key', 'project', 'wbs_code', 'category', 'kind', 'vendor', 'document_no', 'description', 'currency', 'original_amount',
    'original_currency', 'exchange_rate', 'rate_batch_id', 'rate_source_row', 'exchange_variance', 'phase', 'module', 'source_system', 'batch_id',
    'source_row', 'is_of_ledger'] %}
with
closed as (
    select project_key, max(kept_to) as kept_to
    from {{ ref('int_closed_books') }}
    group by 1
),

kept as (
    select lines.*
    from {{ ref('stg_closed_costs') }} as lines
    inner join {{ ref('int_closed_books') }} as books
        on lines.book_id = books.book_id
        and lines.booked_on <= books.kept_to
),

live as (
    select
        entries.*,
        closed.kept_to,
        case when entries.booked_on <= close_dates.finance_closed_on and entries.kind in ('actual', 'accrual') then {{ line_key }} end as line_key
    from {{ told_once('costs') }} as entries
    left join {{ ref('int_close_dates') }} as close_dates on entries.project_key = close_dates.project_key
    left join closed on entries.project_key = closed.project_key
),

open_lines as (
    select * from live
    where line_key is null or kept_to is null or booked_on > kept_to
),

closed_lines as (
    select live.*, row_number() over (partition by project_key, line_key order by batch_id, source_row) as copy_number
    from live
    where line_key is not null and booked_on <= kept_to
),

kept_copies as (
    select project_key, line_key, sum(copies) as copies
    from kept
    group by 1, 2
),

closed_copies as (
    select project_key, line_key, count(*) as copies
    from closed_lines
    group by 1, 2
),

added as (
    select closed_lines.*
    from closed_lines
    left join kept_copies
        on closed_lines.project_key = kept_copies.project_key
        and closed_lines.line_key = kept_copies.line_key
    where closed_lines.copy_number > coalesce(kept_copies.copies, 0)
),

numbered as (
    select kept.*, row_number() over (partition by project_key, line_key order by booked_on desc, batch_id desc, source_row desc) as copy_number
    from kept
    where copies > 0
),

taken_back as (
    select numbered.*, closed.kept_to
    from numbered
    inner join closed on numbered.project_key = closed.project_key
    inner join kept_copies
        on numbered.project_key = kept_copies.project_key
        and numbered.line_key = kept_copies.line_key
    left join closed_copies
        on numbered.project_key = closed_copies.project_key
        and numbered.line_key = closed_copies.line_key
    where numbered.copy_number <= kept_copies.copies - coalesce(closed_copies.copies, 0)
),

counted as (
    select {{ columns | join(', ') }}, booked_on, booked_on as stated_on, amount, 1 as copies, line_key, false as is_adjustment
    from open_lines
    union all
    select {{ columns | join(', ') }}, booked_on, stated_on, amount, copies, line_key, booked_on > stated_on or copies < 0
    from kept
    union all
    select {{ columns | join(', ') }}, {{ dbt.dateadd('day', 1, 'kept_to') }}, booked_on, amount, 1, line_key, true
    from added
    union all
    select
        {% for column in columns %}{{ {'original_amount': '-original_amount', 'exchange_variance': '-exchange_variance'}.get(column, column) }}, {% endfor -%}
        {{ dbt.dateadd('day', 1, 'kept_to') }}, stated_on, -amount, -1, line_key, true
    from taken_back
)

select
    project_key, project, wbs_code, category, kind, vendor, document_no, description,
    cast(booked_on as date) as booked_on,
    stated_on,
    cast(amount as decimal(18, 2)) as amount,
    currency, original_amount, original_currency, exchange_rate, rate_batch_id, rate_source_row, exchange_variance, phase, module, source_system,
    batch_id, source_row, is_of_ledger, is_adjustment, copies, line_key
from counted
