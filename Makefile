# The platform's commands; `make help` lists them. `python -m stack --help` is underneath.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
STACK := $(RUN) -m stack
BASE := $(VENV)/.base
DEV := $(VENV)/.dev

.PHONY: help run stop status doctor logs backup restore test check bench audit licences sbom clean lock

help: ## Show this
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

run: $(BASE) ## Set up, start, fly 20 ships, show live status; Ctrl-C stops all (DETACH=1 returns once ready)
	@$(STACK) run

stop: $(BASE) ## Stop everything; data stays
	@$(STACK) down

status: $(BASE) ## Ask every part how it is (FORMAT=json for machines); exit 0 only when all are healthy
	@$(STACK) status

doctor: $(BASE) ## Look over this machine and the platform on it, and say what is wrong (FORMAT=json for machines)
	@$(STACK) doctor

logs: $(BASE) ## Follow logs until Ctrl-C: make logs S=kafka, S="web worker" or S=all; G=text filters, RAW=1 leaves JSON
	@$(STACK) logs $(or $(S),supervisord) $(if $(G),--grep '$(G)') $(if $(RAW),--raw)

backup: $(BASE) ## Copy all that the stopped platform keeps, secrets too: make backup TO=folder
	@$(STACK) backup --to "$(or $(TO),$(error Say where to: make backup TO=folder))"

restore: $(BASE) ## Put a backup back: make restore FROM=folder (CHECK=1 only looks it over, REPLACE=1 puts what is there aside)
	@$(STACK) restore --from "$(or $(FROM),$(error Say where from: make restore FROM=folder))"

test: $(DEV) ## Lint, types, import rules, checks, and all tests on a platform of their own
	@bash scripts/test.sh $(T)

check: $(DEV) ## The quick part of make test: lint, types, import rules, checks
	@bash scripts/check.sh

bench: $(DEV) ## Measure on a platform of its own: make bench, or make bench ONLY=name
	@$(RUN) -m benchmarks $(if $(ONLY),--only $(ONLY))

audit: $(DEV) ## Known holes of the Python and npm packages that the product is made of
	@bash scripts/supply.sh audit

licences: $(DEV) ## Is each package's licence one that we may pass on with ours?
	@bash scripts/supply.sh licences

sbom: $(DEV) ## Bills of materials (CycloneDX) into .run/sbom
	@bash scripts/supply.sh sbom

clean: $(BASE) ## Stop, and delete data, logs and secrets (asks; YES=1 does not)
	@$(STACK) clean

lock: $(DEV) ## Write requirements*.txt from requirements*.in
	@$(VENV)/bin/uv pip compile -q requirements-dev.in -o requirements-dev.txt --no-annotate --no-header
	@$(VENV)/bin/uv pip compile -q requirements.in -o requirements.txt -c requirements-dev.txt --no-annotate --no-header
	@$(VENV)/bin/uv pip compile -q requirements-dbt.in -o requirements-dbt.txt --no-annotate --no-header
	@$(VENV)/bin/uv pip compile -q requirements-supply.in -o requirements-supply.txt --no-annotate --no-header

$(BASE): requirements.txt requirements-dbt.txt ships_client/pyproject.toml
	@PYTHON="$(PYTHON)" bash scripts/install.sh requirements.txt
	@touch $@

$(DEV): $(BASE) requirements-dev.txt
	@PYTHON="$(PYTHON)" bash scripts/install.sh requirements-dev.txt
	@touch $@
