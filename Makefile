# The two commands of the README are `make run` and `make test`; both make their own environment the first time.

SHELL := /bin/sh
SIZE ?= small
PROCESSES ?= 1

.PHONY: run check test scale look lint bench bundle format clean

# PROCESSES=4 for many people at once (needs nginx).
run: .venv/installed
	@PLIMSOLL_PROCESSES=$${PLIMSOLL_PROCESSES:-$(PROCESSES)} bin/run

# The fast half of `make test`.
check: .venv/installed-dev
	@bin/check

test: .venv/installed-dev
	@bin/test

# More than one machine: the tests of what machines share, on SQLite and on a PostgreSQL server of their own. Not in `make test`.
scale: .venv/installed-dev .venv/installed-postgresql
	@bin/scale

# Every page in every language, size and theme: pictures and a table of findings, in test-results/look. PAGES="cost warnings" for some.
look: .venv/installed-dev
	@.venv/bin/python -m tests.browser.looks.pictures $(PAGES)

# The SQL by sqlfluff: half a minute of processor time.
lint: .venv/installed-dev
	@.venv/bin/sqlfluff lint --disable-progress-bar dbt_project/models dbt_project/tests

# One archive for networks without internet, of what is committed, for this platform and this Python.
bundle: .venv/installed
	@bin/bundle

# SIZE=small takes about five minutes on two cores (100 k issues); SIZE=full is 1 M issues, 5 M worklogs, 1 M ledger lines.
bench: .venv/installed-dev
	@.venv/bin/python -m benchmarks --size $(SIZE)

format: .venv/installed-dev
	@.venv/bin/ruff check --fix . && .venv/bin/ruff format .

# The environment only; data/ is never touched.
clean:
	rm -rf .venv .pytest_cache .ruff_cache .mypy_cache dbt_project/target dbt_project/logs

.venv/installed: requirements.txt bin/environment
	@bin/environment requirements.txt
	@touch $@

.venv/installed-dev: requirements.txt requirements-dev.txt bin/environment
	@bin/environment requirements-dev.txt
	@touch $@ .venv/installed

.venv/installed-postgresql: requirements-postgresql.txt bin/environment
	@bin/environment requirements-postgresql.txt
	@touch $@
