# The commands of README.md. Everything is set up in .venv, pinned by requirements.lock.
export KAOHE_HOME ?= $(CURDIR)/home
VENV := .venv
KAOHE := $(VENV)/bin/kaohe
SETUP := $(VENV)/.installed
RIVALS := $(VENV)/.benchmarks
SITE := $(VENV)/.docs
# Two workers; one takes all tests of a file, which may share a home or a server.
SPREAD := -n 2 --dist loadfile --no-loadscope-reorder
# What tests write is synced file by file, for which memory need not wait: a folder there where there is room.
IN_MEMORY = room=$$(df --output=avail /dev/shm 2>/dev/null | tail -1); \
	[ "$${room:-0}" -gt 4000000 ] && folder=/dev/shm || folder=$${TMPDIR:-/tmp}; \
	folder=$$(mktemp -d "$$folder/kaohe-tests.XXXXXX"); trap 'rm -rf "$$folder"' EXIT;

.PHONY: evaluate test test-packages coverage lint docs install ui lock benchmark migration

evaluate: $(SETUP)
	@$(KAOHE) init $(KAOHE_HOME) --all-examples
	@$(KAOHE) evaluate --all; status=$$?; [ $$status -le 1 ] || exit $$status

# STORE=postgresql: the tests that depend on the store, on PostgreSQL.
test: $(SETUP) test-packages
	@$(IN_MEMORY) $(VENV)/bin/python -m pytest $(SPREAD) $(if $(STORE),--store $(STORE)) --basetemp="$$folder"

# Debian's own: LibreOffice, which converts what is printed, and others.
test-packages:
	@deploy/install-test-packages.sh

# The core's branches; what must be reached stands in pyproject.toml. Slower than `test` by half.
coverage: $(SETUP) test-packages
	@$(IN_MEMORY) $(VENV)/bin/python -m pytest $(SPREAD) --basetemp="$$folder" --cov --cov-report=term-missing:skip-covered

lint: $(SETUP)
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	@if [ -x $(VENV)/bin/hadolint ]; then $(VENV)/bin/hadolint deploy/Dockerfile; fi

# The documentation as a site in site/, then its tests: it opens without a server, searches Chinese, asks no foreign host.
docs: $(SITE) test-packages
	@NO_MKDOCS_2_WARNING=1 $(VENV)/bin/mkdocs build --strict
	@$(VENV)/bin/python -m pytest docs/site

install: $(SETUP)

# A home that was never set up gets the example of the first hour.
ui: $(SETUP)
	@[ -e $(KAOHE_HOME)/dagster/dagster.yaml ] || $(KAOHE) init $(KAOHE_HOME)
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
	for place in benchmarks:benchmarks docs:docs kubernetes:deploy/kubernetes; do \
	uv pip compile --group $${place%%:*} --constraint requirements.lock --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-strip-extras -o $${place#*:}/requirements.lock; done

# Only benchmarks and the site need these: no other installation carries them.
$(RIVALS): benchmarks/requirements.lock
$(SITE): docs/requirements.lock
$(RIVALS) $(SITE): $(SETUP)
	@lock=$(filter %.lock,$^); if command -v uv >/dev/null; then \
	VIRTUAL_ENV=$(VENV) uv pip install --quiet --require-hashes --requirement $$lock; \
	else $(VENV)/bin/pip install --quiet --require-hashes --requirement $$lock; fi
	@touch $@

$(SETUP): requirements.lock pyproject.toml deploy/install.sh
	@deploy/install.sh $(VENV)
	@touch $@
