{#- Words that exports use for states, types, outcomes …, and which of them are none of ours. -#}

{% macro canonical_words() %}
    {#-
    feed.column → the words a measure may filter by. Ingest keeps a word that no list knows as it is written, in lower case; one that is not
    among these is unknown. The same lists as in pipeline/ingest/dialects/words.py: a test holds them together.
    -#}
    {{ return({
        'issues.issue_type': ['defect', 'requirement', 'story', 'task', 'change_request', 'risk', 'epic', 'sub_task', 'bug'],
        'issues.status': ['to_do', 'in_progress', 'done', 'cancelled'],
        'issues.resolution': ['fixed', 'wont_fix', 'deferred', 'duplicate', 'as_designed', 'cannot_reproduce', 'third_party', 'to_requirement', 'cancelled', 'done', 'invalid'],
        'issues.severity': ['fatal', 'serious', 'normal', 'minor', 'suggestion'],
        'issues.defect_cause': ['code', 'configuration', 'design', 'requirement', 'deployment', 'interface', 'security', 'performance', 'standard', 'script', 'third_party', 'other'],
        'issues.found_in_phase': ['unit_test', 'sit', 'uat', 'trial_run', 'production'],
        'worklogs.activity': ['development', 'test', 'technical_debt', 'upkeep', 'requirements', 'design', 'project_management', 'deployment', 'training', 'meeting', 'leave', 'other'],
        'test_results.outcome': ['passed', 'failed', 'error', 'skipped', 'blocked', 'not_run'],
        'costs.kind': ['actual', 'accrual', 'forecast', 'commitment', 'excluded', 'carry_forward', 'drawn', 'provisional'],
        'costs.category': ['labor', 'equipment', 'software', 'subcontract', 'travel', 'other_direct', 'indirect', 'excluded'],
        'contracts.direction': ['sales', 'purchase', 'subcontract'],
        'change_requests.decision': ['approved', 'rejected', 'pending'],
    }) }}
{% endmacro %}


{% macro is_unknown_word(word, of) %}
    {#- A word that maps to nothing. A blank is no word: it is unstated, and has rules of its own. -#}
    ({{ word }} is not null and {{ word }} not in ({% for known in plimsoll.canonical_words()[of] %}'{{ known }}'{{ ', ' if not loop.last }}{% endfor %}))
{% endmacro %}
