-- A returned row is a project, period and measure of earned value whose WBS elements do not sum to the project's cell.
{{ elements_beside_projects(everywhere=true) }}
