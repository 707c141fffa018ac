-- A returned row is a measure whose evidence rows do not add up to its published cell, at whatever grain and in whatever period.
{{ evidence_beside_cells(everywhere=true) }}
