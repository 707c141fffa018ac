{% test unique_together(model, columns) %}
    -- A returned row is a combination that stands more than once: the model's grain is broken.
    {{ config(meta={'by_project': 'project_key' in columns}) }}
    select {{ columns | join(', ') }}, count(*) as times
    from {{ model }}
    group by {{ columns | join(', ') }}
    having count(*) > 1
{% endtest %}
