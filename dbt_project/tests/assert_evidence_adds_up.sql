-- A returned row is a measure of a project whose evidence rows do not add up to its published cell of a month.
{{ config(meta={'by_project': true}) }}
{{ evidence_beside_cells() }}
