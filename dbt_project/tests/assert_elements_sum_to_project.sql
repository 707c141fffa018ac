-- A returned row is a project, month and measure of earned value whose WBS elements do not sum to the project's cell.
{{ config(meta={'by_project': true}) }}
{{ elements_beside_projects() }}
