-- Grain: one landed batch of this build.
{{ config(meta={'holds_batches': true}) }}
select
    batch_id,
    feed,
    file_name,
    source_system,
    landed_at,
    exported_at,
    covers_from,
    covers_to
from {{ ref('stg_batches') }}
