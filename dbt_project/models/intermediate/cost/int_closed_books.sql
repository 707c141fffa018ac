-- Grain: one kept stretch of a closed project's books that still stands: until finance reopens a period of it, which puts back the lines of
-- that period and all after it. kept_to is the last day of it that stands.
with
settings as (
    select * from {{ accounting_periods() }} as periods
),

reopened as (
    select
        books.book_id,
        min({{ a_period_before(accounting_period_end('closings.end_month', 'settings.last_day')) }}) as reopened_to
    from {{ ref('stg_closed_books') }} as books
    inner join {{ ref('stg_closings') }} as closings
        on closings.project_key in (books.project_key, '*')
        and not closings.is_closed
        and closings.closing_id > books.closing_id
    left join settings on books.project_key = settings.project_key
    group by 1
),

-- a later stretch of the same days takes over: they were reopened and closed again
later as (
    select books.book_id, min(others.closed_from) as kept_from
    from {{ ref('stg_closed_books') }} as books
    inner join {{ ref('stg_closed_books') }} as others
        on books.project_key = others.project_key
        and others.book_id > books.book_id
    group by 1
),

standing as (
    select
        books.book_id,
        books.project_key,
        books.closed_from,
        -- least() of two engines differs where one side is unknown
        least(
            books.closed_to,
            coalesce(reopened.reopened_to, books.closed_to),
            coalesce(later.kept_from, books.closed_to),
            close_dates.finance_closed_on
        ) as kept_to
    from {{ ref('stg_closed_books') }} as books
    inner join {{ ref('int_close_dates') }} as close_dates
        on books.project_key = close_dates.project_key
        and close_dates.finance_closed_on is not null
    left join reopened on books.book_id = reopened.book_id
    left join later on books.book_id = later.book_id
)

select book_id, project_key, closed_from, kept_to
from standing
where closed_from is null or kept_to > closed_from
