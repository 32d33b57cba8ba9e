# Everything a newcomer needs: `make demo` and `make test`. `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
TEXTS := exporter/web/locale
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(READY): pyproject.toml requirements-dev.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --progress-bar off --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	touch $@

setup: $(READY) ## make the virtual environment with the locked dependencies

demo: $(READY) ## serve a simulated contact centre on loopback
	@echo "Status page  http://$${RINGOSTAT_EXPORTER_WEB_LISTEN_ADDRESS:-127.0.0.1:10105}/"
	@echo "Metrics      http://$${RINGOSTAT_EXPORTER_WEB_LISTEN_ADDRESS:-127.0.0.1:10105}/metrics"
	@echo "Stop with Ctrl-C."
	@$(BIN)/ringostat-exporter --demo

stack: $(READY) ## simulated API, exporter, Prometheus and Alertmanager on loopback
	@deploy/stack/run.sh

screenshots: $(READY) ## draw docs/images/*.png, the dashboards where there is npm
	deploy/screenshots.sh
	deploy/timesheet-picture.sh

pictures: $(READY) ## write docs/images/shifts-*.svg from the simulated contact centre
	$(BIN)/python -m deploy.pictures

lint: $(READY) ## format check, lint, types, import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

test: $(READY) ## set up and pass all tests; COVERAGE=1 measures them as well
	$(MAKE) --no-print-directory lint
	$(if $(COVERAGE),$(MAKE) --no-print-directory coverage,$(BIN)/python -m pytest -n auto --dist worksteal)

unit: $(READY) ## the quick tests, which need nothing but Python (under 30 s)
	UNIT=1 $(BIN)/python -m pytest -n auto --dist worksteal -m "not real and not long"

bench: $(READY) ## measure beside nginx, Pushgateway and prometheus_client's server (11 minutes)
	$(BIN)/python -m benchmarks

soak: $(READY) ## the long tests: a simulated day, 500 histories against the oracle, 100,000 polls (about 25 minutes)
	SOAK=1 $(BIN)/python -m pytest -n auto -rP tests/soak tests/oracle tests/ringostat/test_cut.py tests/test_app.py tests/test_reload_lag.py tests/end_to_end/test_serving.py

coverage: $(READY) ## the tests with branch coverage, subprocesses included; fails below the floor
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n auto --dist worksteal
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

check: ## what CI runs: the tests, measured
	$(MAKE) --no-print-directory test COVERAGE=1

dashboards: $(READY) ## write grafana/dashboards from grafana/build.py
	$(BIN)/python grafana/build.py

manifests: $(READY) ## write the PrometheusRule of deploy/kubernetes from prometheus/rules
	$(BIN)/python deploy/kubernetes/build.py

stand: $(READY) ## write deploy/stack/config.yaml with the shifts of the simulated contact centre
	$(BIN)/python deploy/stack/write_config.py

runbook: $(READY) ## write exporter/web/runbook.html from docs/runbook.md
	$(BIN)/python deploy/runbook/write_page.py

translations: $(READY) ## collect the texts to translate, and compile what is translated
	$(BIN)/pybabel --quiet extract --mapping=babel.cfg --no-location --sort-output --omit-header --output=$(TEXTS)/ringostat.pot .
	$(BIN)/pybabel --quiet update --domain=ringostat --input-file=$(TEXTS)/ringostat.pot --output-dir=$(TEXTS) --no-fuzzy-matching --ignore-obsolete
	$(BIN)/pybabel --quiet compile --domain=ringostat --directory=$(TEXTS)

lock: $(READY) ## renew requirements*.txt from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header pyproject.toml --group dev -o requirements-dev.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --group build -o requirements-build.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --group release -o requirements-release.txt

clean: ## remove what the targets made
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.*

.PHONY: help setup demo stack screenshots pictures lint test unit bench soak coverage check dashboards manifests stand runbook translations lock clean
