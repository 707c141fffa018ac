-- Grain: one row per landed cost line.
select *
from
    read_parquet(
        {{ var('landed')['costs'] + [var('inputs_dir') ~ '/empty/costs.parquet'] }},
        union_by_name = true
    )
