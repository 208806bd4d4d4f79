# Everything that is done with this project, by name. Needs Python 3.11 or later with venv, and make.

PYTHON ?= python3
PORT ?= 5000
export PYTHON PORT

RUN := .venv/bin/python -m
FLASK := $(RUN) flask --app app
# A stamp is named after its lock's content, so a changed lock is installed at the next call of anything.
SERVING := .venv/.serving-$(shell cksum < requirements.lock | tr ' ' '_')
SETUP := .venv/.everything-$(shell cksum < requirements-dev.lock | tr ' ' '_')

.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: help setup run test check lint types contracts templates browser audit bench torture assets lock migration

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

$(SERVING):
	@tools/install.sh requirements.lock $@

$(SETUP):
	@tools/install.sh requirements-dev.lock $@

setup: $(SETUP) ## Make .venv with everything that running, checking and testing need

run: $(SERVING) ## Migrate, load the demonstration once, and serve it on 127.0.0.1, PORT (5000)
	@$(FLASK) db upgrade
	@$(FLASK) demo
	@exec $(RUN) gunicorn --config gunicorn.conf.py app:app

test: lint types contracts templates browser ## Check style, types, import contracts and templates, then run every test
	$(RUN) pytest -n 2

check: test audit ## Test, and ask whether any dependency has a known weakness

lint: $(SETUP) ## Check style and formatting
	$(RUN) ruff check
	$(RUN) ruff format --check

types: $(SETUP) ## Check types
	$(RUN) mypy

contracts: $(SETUP) ## Check which package imports which
	.venv/bin/lint-imports --no-logo

templates: $(SETUP) ## Check templates, and that each one parses
	$(RUN) djlint templates --lint --quiet
	$(RUN) tools.templates

browser:
	@tools/browser.sh

audit: $(SETUP)
	$(RUN) tools.audit

bench: $(SETUP) ## Measure, each figure beside its floor
	$(RUN) bench

torture: $(SETUP) browser ## Rush, kill and check again, many times, on both databases; look at every page as everybody
	$(RUN) pytest -m torture

assets: ## Build static/vendor again after a change in assets/ (needs Node.js)
	npm ci
	npm run build

lock: $(SETUP) ## Write both locks again from requirements.in and requirements-dev.in
	$(RUN) uv pip compile -q --system-certs --custom-compile-command 'make lock' --upgrade --universal --generate-hashes --python-version 3.11 requirements.in -o requirements.lock
	$(RUN) uv pip compile -q --system-certs --custom-compile-command 'make lock' --upgrade --universal --generate-hashes --python-version 3.11 -c requirements.lock requirements-dev.in -o requirements-dev.lock

migration: $(SETUP) ## Write the next migration from the models: make migration NAME="what it does"
	@tools/migration.sh "$(NAME)"
