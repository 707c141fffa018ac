{% test unique_together(model, columns) %}
    -- A returned row is a combination that stands more than once: the model's grain is broken.
    select {{ columns | join(', ') }}, count(*) as times
    from {{ model }}
    group by {{ columns | join(', ') }}
    having count(*) > 1
{% endtest %}
