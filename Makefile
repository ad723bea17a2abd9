# The commands of README.md. Everything is set up in .venv, pinned by requirements.lock.
export KAOHE_HOME ?= $(CURDIR)/home
VENV := .venv
KAOHE := $(VENV)/bin/kaohe
SETUP := $(VENV)/.installed
RIVALS := $(VENV)/.benchmarks
# Two workers; one takes all tests of a file, which may share a home or a server.
SPREAD := -n 2 --dist loadfile --no-loadscope-reorder
# What tests write is synced file by file, for which memory need not wait; where there is enough of it.
MEMORY := $(shell test -w /dev/shm && test "$$(df --output=avail /dev/shm | tail -1)" -gt 4000000 && echo --basetemp=/dev/shm/kaohe-tests)

.PHONY: evaluate test test-packages coverage lint install ui lock benchmark migration

evaluate: $(SETUP)
	@$(KAOHE) init $(KAOHE_HOME) --all-examples
	@$(KAOHE) evaluate --all; status=$$?; [ $$status -le 1 ] || exit $$status

test: $(SETUP) test-packages
	$(VENV)/bin/python -m pytest $(SPREAD) $(MEMORY)

# Debian's own: LibreOffice, which converts what is printed, and others.
test-packages:
	@deploy/install-test-packages.sh

# The core's branches; what must be reached stands in pyproject.toml. Slower than `test` by half.
coverage: $(SETUP) test-packages
	$(VENV)/bin/python -m pytest $(SPREAD) $(MEMORY) --cov --cov-report=term-missing:skip-covered

lint: $(SETUP)
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy

install: $(SETUP)

ui: $(SETUP)
	@$(KAOHE) ui

benchmark: $(RIVALS)
	$(VENV)/bin/python benchmarks/overhead.py
	$(VENV)/bin/python -m benchmarks.scoring
	$(VENV)/bin/python benchmarks/intake.py
	$(VENV)/bin/python benchmarks/receipts.py
	$(VENV)/bin/python benchmarks/reports.py
	$(VENV)/bin/python benchmarks/store.py
	$(VENV)/bin/python benchmarks/ledger.py
	$(VENV)/bin/python -m benchmarks.gaps
	$(VENV)/bin/python benchmarks/correction.py

# The next step of the store's schema, after a change of resources/tables.py: make migration NAME="what changed"
migration: $(SETUP)
	$(VENV)/bin/python -m resources.migrations.make "$(NAME)"
	$(VENV)/bin/ruff format --quiet resources/migrations/versions

lock:
	uv pip compile pyproject.toml --all-extras --universal --generate-hashes --no-emit-index-url --no-strip-extras -o requirements.lock
	uv pip compile --group benchmarks --constraint requirements.lock --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-strip-extras -o benchmarks/requirements.lock

# Only benchmarks need these: no other installation carries them.
$(RIVALS): $(SETUP) benchmarks/requirements.lock
	@if command -v uv >/dev/null; then \
	VIRTUAL_ENV=$(VENV) uv pip install --quiet --require-hashes --requirement benchmarks/requirements.lock; \
	else $(VENV)/bin/pip install --quiet --require-hashes --requirement benchmarks/requirements.lock; fi
	@touch $@

$(SETUP): requirements.lock pyproject.toml deploy/install.sh
	@deploy/install.sh $(VENV)
	@touch $@
