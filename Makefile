# Everything one can do here. Needs python3 (3.11 or newer), make and git; each target sets up the rest in .venv.
#   another interpreter:  make test PYTHON=python3.13
#   part of the suite:    make test ARGS="tests/sla_engine -x"

RUN := .venv/bin/python
ARGS :=
UV ?= uv
COMPILE = $(UV) pip compile --universal --generate-hashes --python-version 3.11 --no-config --quiet \
	--custom-compile-command "make lock" $(UPGRADE)

# A checkout that was moved, or another PYTHON than last time, makes the marks of an earlier set-up worthless.
STALE := $(shell [ "$$(cat .venv/.home 2>/dev/null)" = "$$(pwd)" ] || rm -f .venv/.ready*)
ifdef PYTHON
export PYTHON
STALE += $(shell v='import sys; print(sys.version_info[:2])'; \
	[ "$$("$(PYTHON)" -c "$$v" 2>&1)" = "$$(.venv/bin/python -c "$$v" 2>&1)" ] || rm -f .venv/.ready*)
endif

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo test check format bench soak lock clean

help: ## list these targets
	@echo "Handoff: from a qualified lead to a rep's answer, in Slack. Targets:"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo: .venv/.ready ## try it: the bot, a local Slack in your browser, sample leads; no account needed
	@$(RUN) -m bot demo $(ARGS)

test: .venv/.ready-dev ## run the whole suite on SQLite and on a PostgreSQL of its own
	@$(RUN) -m pytest $(ARGS)

check: .venv/.ready-dev ## format, lint, types, import contracts, known vulnerabilities
	@failed=0; \
	step() { echo "$$1:"; shift; $(RUN) "$$@" || failed=1; }; \
	step "Format" -m ruff format --check; \
	step "Lint" -m ruff check; \
	step "Types" -m mypy; \
	step "Import contracts" -c "from importlinter.cli import lint_imports_command as lint; lint()"; \
	step "Known vulnerabilities" .ci/audit requirements.lock; \
	exit $$failed

format: .venv/.ready-dev ## rewrite the code in the house format
	@$(RUN) -m ruff format
	@$(RUN) -m ruff check --fix --select I

setup: .venv/.ready ## install the product alone: after it, .venv/bin/handoff runs
	@:

bench: .venv/.ready-bench ## run the measurements in benchmarks/, the quick forms (the whole of each: ARGS=--full)
	@failed=0; for script in benchmarks/[a-z]*.py; do \
		echo "$$script:"; $(RUN) "$$script" $(or $(ARGS),--quick) || failed=1; done; exit $$failed

soak: .venv/.ready-dev ## play a month of a large company under faults; hours (ARGS="--days 2 --leads 100 --reps 20": minutes)
	@$(RUN) -m tests.soak $(ARGS)

lock: ## renew the lock files after a change of pyproject.toml (needs uv; all to the newest: UPGRADE=--upgrade)
	$(COMPILE) --group pyproject.toml:build pyproject.toml -o requirements.lock
	$(COMPILE) --group pyproject.toml:dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	$(COMPILE) --group pyproject.toml:bench -c requirements-dev.lock pyproject.toml -o benchmarks/requirements.lock

clean: ## remove .venv and the tools' caches
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage

.venv/.ready: requirements.lock pyproject.toml
	@.ci/setup requirements.lock "usually half a minute"
	@touch $@

.venv/.ready-dev: requirements-dev.lock pyproject.toml
	@.ci/setup requirements-dev.lock "usually a minute"
	@touch .venv/.ready $@

.venv/.ready-bench: benchmarks/requirements.lock pyproject.toml
	@.ci/setup benchmarks/requirements.lock "usually a minute"
	@touch .venv/.ready .venv/.ready-dev $@
