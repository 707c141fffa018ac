-- Grain: one rule in force that states levels: what several projects chosen together are judged by.
select * from {{ ref('stg_rules') }}
