"""The KPI catalogue as it is written (dbt_project/catalogue/*.yml): its schema, its check, and the files made from it.

`python -m pipeline.catalogue check` says what is wrong, by file and key; `write` makes what dbt, the READMEs and editors read.
"""
