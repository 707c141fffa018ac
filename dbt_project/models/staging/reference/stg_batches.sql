-- Grain: one landed batch of this build.
{{ config(meta={'holds_batches': true}) }}
select
    batch_id,
    feed,
    file_name,
    source_system,
    project_hint,
    content_hash,
    exported_at,
    landed_at,
    covers_from,
    covers_to,
    is_full_snapshot,
    snapshot_scope
from {{ frozen('batches') }}
