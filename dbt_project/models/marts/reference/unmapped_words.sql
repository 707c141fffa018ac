-- Grain: one word of one column of a feed in one project that maps to nothing.
with
words as (
    {%- for fact, feed, column, word, unknown in [
        ('fct_issues', 'issues', 'issue_type', 'issue_type', 'is_unknown_type and not is_deleted'),
        ('fct_issues', 'issues', 'resolution', 'resolution', 'is_unknown_resolution and not is_deleted'),
        ('fct_issues', 'issues', 'severity', 'severity', 'is_unknown_severity and not is_deleted'),
        ('fct_issues', 'issues', 'defect_cause', 'defect_cause', 'is_unknown_cause and not is_deleted'),
        ('fct_issues', 'issues', 'found_in_phase', 'found_in_phase', 'is_unknown_phase and not is_deleted'),
        ('fct_issues', 'issues', 'status', 'coalesce(status, status_category)', 'is_unknown_state and not is_deleted'),
        ('fct_test_results', 'test_results', 'outcome', 'outcome', is_unknown_word('outcome', 'test_results.outcome')),
        ('fct_costs', 'costs', 'kind', 'kind', is_unknown_word('kind', 'costs.kind')),
        ('fct_costs', 'costs', 'category', 'category', is_unknown_word('category', 'costs.category')),
        ('fct_worklogs', 'worklogs', 'activity', 'activity', is_unknown_word('activity', 'worklogs.activity')),
        ('fct_contracts', 'contracts', 'direction', 'direction', is_unknown_word('direction', 'contracts.direction')),
        ('fct_change_requests', 'change_requests', 'decision', 'decision', is_unknown_word('decision', 'change_requests.decision')),
    ] %}
    select project_key, '{{ feed }}' as feed, '{{ column }}' as column_name, {{ word }} as word
    from {{ ref(fact) }}
    where {{ unknown }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    project_key,
    feed,
    column_name,
    word,
    count(*) as row_count
from words
group by project_key, feed, column_name, word
