-- A returned row is a project, month and measure of earned value whose WBS elements do not sum to the project's cell.
{{ elements_beside_projects() }}
