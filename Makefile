# Two commands are all one needs: `make run` and `make test`. Both may be repeated; `make` alone lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

PYTHON ?= python3
UV ?= uv
WORKERS ?= auto
TESTS ?=
# Test databases live in memory where there is room: a disk that syncs for each of thousands is slow.
export TMPDIR ?= $(shell [ -w /dev/shm ] && [ "$$(df --output=avail -k /dev/shm | tail -1)" -gt 4000000 ] && echo /dev/shm || echo /tmp)

# Whoever starts Python reads what another one has compiled, rather than compile it all again: a run of the tests
# starts some sixty, and their workers rewrite every assertion first.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
PY := $(VENV)/bin/python
BIN := $(VENV)/bin

# Debian's packages that are missing here, each asked for only where it is needed.
missing-venv = $(shell $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv)
# Of Chromium the shell without windows is enough, and takes half the time; the whole one will do where it is.
missing-chromium = $(shell command -v chromium-headless-shell chromium >/dev/null || echo chromium-headless-shell)
missing-postgresql = $(shell compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || echo postgresql)

# $(call debian,packages): root installs them, anybody else is told their names in one line.
define debian
	@packages="$(strip $(1))"; \
	if [ -z "$$packages" ]; then exit 0; fi; \
	if [ "$$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then \
		echo "Not installed: $$packages. As root: apt-get install $$packages" >&2; exit 1; \
	fi; \
	echo "Installing Debian's $$packages"; \
	export DEBIAN_FRONTEND=noninteractive; \
	apt-get update -qq || true; \
	apt-get install -qq --yes --no-install-recommends $$packages >/dev/null
endef

# $(call install,lock,stamp): the stamp is a copy of the lock that the environment was last made from.
define install
	@if ! cmp -s $(1) $(2); then \
		echo "Installing what $(1) pins"; \
		$(PY) -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r $(1); \
	fi; \
	cp $(1) $(2)
	@printf '#!%s\nimport sys\n\nsys.path.insert(0, "%s")\nfrom app.cli import cli\n\ncli(prog_name="baige")\n' \
		"$(CURDIR)/$(PY)" "$(CURDIR)" >$(BIN)/baige; chmod +x $(BIN)/baige
endef

.PHONY: help
help: ## this list
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/make \1 \t\2/p' $(MAKEFILE_LIST) | expand -t 20

# ---------------------------------------------------------------- the environment

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Python 3.11 or newer is needed; '$(PYTHON)' is not. Another one: make PYTHON=/path/to/python3" >&2; exit 1; }
	$(call debian,$(missing-venv))
	@$(PYTHON) -m venv --clear $(VENV)

$(VENV)/run.lock: requirements.txt $(PY)
	$(call install,requirements.txt,$@)

$(VENV)/test.lock: requirements-dev.txt $(PY)
	$(call install,requirements-dev.txt,$@)
	@cp requirements.txt $(VENV)/run.lock

# ---------------------------------------------------------------- to use

.PHONY: run
run: export BAIGE_DEMO ?= true
run: $(VENV)/run.lock ## the site with its demo programme, on http://127.0.0.1:8000
	@$(PY) -m app migrate
	@$(PY) -m app demo --first-run
	@exec $(PY) -m app serve

.PHONY: demo
demo: $(VENV)/run.lock ## load the demo programme into an empty database
	@$(PY) -m app migrate
	@$(PY) -m app demo

.PHONY: htmx
htmx: ## a local copy of htmx in var/, for machines that cannot reach its address
	@$(PYTHON) -m app.vendor

# ---------------------------------------------------------------- to check

.PHONY: test
test: packages $(VENV)/test.lock htmx check ## all checks and all tests, on SQLite and on PostgreSQL
	@$(PY) -m pytest -n $(WORKERS) $(TESTS)

.PHONY: packages
packages:
	$(call debian,$(missing-chromium) $(missing-postgresql))

.PHONY: check
check: $(VENV)/test.lock ## style, types and who may import whom
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/djlint app/templates --lint --quiet
	@$(BIN)/mypy --no-error-summary
	@said=$$($(BIN)/lint-imports --no-logo --no-cache) || { echo "$$said"; exit 1; }

.PHONY: format
format: $(VENV)/test.lock ## put the source into the one style
	@$(BIN)/ruff check --fix --quiet
	@$(BIN)/ruff format --quiet

.PHONY: coverage
coverage: packages $(VENV)/test.lock htmx ## which lines of the application no test runs
	@$(PY) -m pytest -n $(WORKERS) --cov --cov-report=term $(TESTS)

.PHONY: bench
bench: $(VENV)/test.lock ## measure the pages, and write the table into the benchmark's README
	@$(PY) -m tests.bench.pages

# ---------------------------------------------------------------- to maintain

.PHONY: translations
translations: $(VENV)/test.lock ## collect the sentences of the source and bring the catalogues up to date
	@$(PY) -m app.messages.extract

.PHONY: lock
lock: ## pin anew what requirements*.in ask for (needs uv)
	@command -v $(UV) >/dev/null || { echo "uv is needed to pin requirements: python3 -m pip install uv" >&2; exit 1; }
	@pin="$(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-header --no-annotate --no-strip-extras"; \
	$$pin requirements.in -o requirements.txt; \
	$$pin requirements-dev.in --constraint requirements.txt -o requirements-dev.txt

.PHONY: clean
clean: ## remove all that was made, but no data
	@rm -rf $(VENV) var/vendor .coverage htmlcov .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find app migrations tests -name __pycache__ -type d -prune -exec rm -rf {} +
