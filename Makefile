# Needs make and a Python of 3.11 or newer; everything else comes from the hash-locked requirements.

PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,\
	$(shell $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
WORKERS ?= 2
BIN := .venv/bin
INSTALL := -m pip install --disable-pip-version-check --no-input --require-hashes --quiet

.PHONY: help demo run install test lint bench screenshot lock clean
.DEFAULT_GOAL := help

help: ## this list
	@grep -E '^[a-z]+:.*##' $(firstword $(MAKEFILE_LIST)) | sed -E 's/:.*## /\t/' | expand -t 12

demo: .venv/installed-run ## three months of a believable provider on http://127.0.0.1:8000 (PORT=... for another)
	@exec $(BIN)/python -m config.services demo

run: .venv/installed-run ## an empty installation for real use
	@exec $(BIN)/python -m config.services run

install: .venv/installed-test ## what the tests need, for an editor

test: .venv/installed-test lint ## every check and every test, on real servers
	$(BIN)/python -m pytest -n $(WORKERS)

lint: .venv/installed-test ## style, types, layers, migrations, production settings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports --no-logo
	MAKEGOOD_ENV=test $(BIN)/python manage.py makemigrations --check --dry-run
	env MAKEGOOD_ENV=production MAKEGOOD_URL=https://makegood.example \
		SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
		DATABASE_URL=postgresql://makegood_app@database.example/makegood \
		DATABASE_OWNER_URL=postgresql://makegood_owner@database.example/makegood \
		REDIS_URL=redis://redis.example/0 \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

bench: .venv-bench/installed ## measure, and write docs/performance.md
	.venv-bench/bin/python -m bench

screenshot: .venv/installed-test ## the README's picture anew, by Debian's chromium, from the demo that is running
	$(BIN)/python manage.py demo_picture docs/images/month.png

lock: .venv-lock/installed ## write the requirements anew from the .in files (UPGRADE=--upgrade for newer versions)
	for name in requirements requirements-test requirements-bench; do \
		.venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-python-downloads \
			--custom-compile-command "make lock" $(UPGRADE) --output-file=$$name.txt $$name.in || exit 1; \
	done

clean: ## remove what make made, but not the data in .data
	rm -rf .venv .venv-bench .venv-lock .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

.venv/bin/python:
	$(call make_venv,.venv)

.venv/installed-run: requirements.txt | .venv/bin/python
	@echo "installing what requirements.txt locks into .venv (once)"
	@$(BIN)/python $(INSTALL) -r requirements.txt
	@touch $@

.venv/installed-test: requirements-test.txt | .venv/bin/python
	@echo "installing what requirements-test.txt locks into .venv (once)"
	@$(BIN)/python $(INSTALL) -r requirements-test.txt
	@touch $@ .venv/installed-run

.venv-bench/installed: requirements-bench.txt
	$(call make_venv,.venv-bench)
	@echo "installing what requirements-bench.txt locks into .venv-bench (once)"
	@.venv-bench/bin/python $(INSTALL) -r requirements-bench.txt
	@touch $@

.venv-lock/installed:
	$(call make_venv,.venv-lock)
	@.venv-lock/bin/python -m pip install --disable-pip-version-check --quiet uv
	@touch $@

define make_venv
	@test -n "$(PYTHON)" || { echo "make: no Python of 3.11 or newer was found; install one, or say PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "making $(1) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(1)
endef
