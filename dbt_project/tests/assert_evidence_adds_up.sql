-- A returned row is a measure of a project whose evidence rows do not add up to its published cell of a month.
{{ evidence_beside_cells() }}
