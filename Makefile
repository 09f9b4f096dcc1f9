# Everything needs Python 3.11 or newer and make; the rest is made here.
PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
READY := .venv/.ready
PORT ?= 8000
DATA ?= var/demo

.PHONY: run setup test check format test-slow kill fuzz bench clean

run: setup  ## Serve the demo on an embedded PostgreSQL.
	$(BIN)/onefold serve --demo --data $(DATA) --port $(PORT)

setup: $(READY)  ## Make .venv with everything in it.

# Compiled here, because a process that may not write bytecode would do it each time.
$(READY): pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "onefold needs Python 3.11 or newer; name it with PYTHON=..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test "$$($(BIN)/uv --version 2>/dev/null | cut -d' ' -f2)" = "$(UV_VERSION)" \
	  || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	$(BIN)/uv sync --frozen --quiet --compile-bytecode
	$(BIN)/python -m compileall -q src
	@touch $(READY)

test: setup  ## Run all tests but the slow ones.
	$(BIN)/python -m pytest -q -m "not slow"

check: setup  ## Lint, types, import rules; CI runs the same.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: setup  ## Put the code into its form.
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format --quiet .

test-slow: setup  ## Everything, the long suites too.
	$(BIN)/python -m pytest -q

kill: setup  ## SIGKILL of server and PostgreSQL under load, for minutes.
	$(BIN)/python -m pytest -q tests/kill

fuzz: setup  ## Random bodies against every operation, for minutes.
	$(BIN)/python -m pytest -q tests/dialects -m slow

bench: setup  ## Figures and their ratios to a floor measured in the same run.
	$(BIN)/onefold bench all

clean:  ## Remove what make has made; your data under var/ stays.
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
