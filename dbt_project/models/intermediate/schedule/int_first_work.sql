-- Grain: one issue whose change history is loaded: when its status first left the waiting ones.
select
    issue_key,
    min(changed_at) as started_at
from {{ ref('stg_issue_changes') }}
where lower(field) in ('status', '状态')
    and lower(coalesce(to_value, '')) not in ('to do', 'todo', 'open', 'new', 'backlog', 'selected for development', 'reopened', '待办', '未开始', '新建', '打开', '激活')
group by 1
