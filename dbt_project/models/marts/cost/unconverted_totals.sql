-- Grain: one foreign currency, or hours without an hourly rate (h), in one feed of a project: what no rate puts in the project's currency. It
-- counts in no sum.
with
lines as (
    select project_key, case when cost_source = 'timesheets' then 'rates' else 'costs' end as feed, original_currency as currency, original_amount as amount, booked_on as day_on
    from {{ ref('fct_costs') }}
    where amount is null and original_currency is not null and estimated_until is null
    union all
    select project_key, 'contracts', currency, coalesce(amount_excl_tax, amount_incl_tax), counts_from
    from {{ ref('fct_contracts') }}
    where exchange_rate is null and currency <> project_currency
    {%- for amount, day in [('amount', 'planned_on'), ('invoiced_amount', 'invoiced_on'), ('received_amount', 'received_on')] %}
    union all
    select project_key, 'payment_terms', currency, {{ amount }}, {{ day }}
    from {{ ref('fct_payment_terms') }}
    where {{ amount }} is not null and project_{{ amount }} is null and project_key is not null
    {%- endfor %}
)

select
    project_key,
    feed,
    currency,
    count(*) as rows,
    cast(sum(amount) as decimal(18, 2)) as amount,
    min(day_on) as first_on,
    max(day_on) as last_on
from lines
group by 1, 2, 3
