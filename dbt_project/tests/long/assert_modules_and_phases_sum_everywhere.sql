-- A returned row is a project and period of which the modules, or the phases, do not sum to the project in some measure.
{{ parts_beside_projects(everywhere=true) }}
