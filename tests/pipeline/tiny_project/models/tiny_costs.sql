-- Grain: one row per landed cost line.
select *
from
    read_parquet(
        {{ [var('inputs_dir') ~ '/empty/costs.parquet'] + var('landed')['costs'] }},
        union_by_name = true
    )
