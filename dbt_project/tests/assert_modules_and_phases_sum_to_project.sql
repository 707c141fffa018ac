-- A returned row is a project and month of which the modules, or the phases, do not sum to the project in some measure.
{{ config(meta={'by_project': true}) }}
{{ parts_beside_projects() }}
