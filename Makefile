# make run    set everything up and serve the county with its demonstration (PORT=8000)
# make test   set everything up and pass the tests
.PHONY: run test setup check bench hunt doors messages words openapi pictures lock clean
.DEFAULT_GOAL := run
SHELL := /bin/bash

run:
	@bash deploy/run.sh

test:
	@bash deploy/test.sh

# What `make run` needs, without serving.
setup:
	@bash deploy/setup.sh

# The quick part of the tests: format, lint, import contracts, types, templates, migrations, settings.
check:
	@bash deploy/setup.sh --test
	@bash deploy/check.sh

# Long random searches, each prints its seed; before them, whole, the lists and the year 2018 of which `make test` takes a part.
hunt:
	@bash deploy/setup.sh --test
	@.venv/bin/pip install -q --retries 5 --require-hashes -r requirements/s3.txt -r requirements/hunt.txt || \
	    echo "the S3 client and server could not be installed: what needs them is skipped" >&2
	@bash deploy/lighthouse.sh
	@.venv/bin/pytest tests/desk/test_replay.py tests/doors tests/house/test_english_pages.py tests/api tests/proofs/test_hosts.py
	@.venv/bin/pytest -m hunt

# Speed, as ratios within one run (docs/benchmarks.md); a goal that is missed is said and ends it with 1.
bench:
	@bash deploy/setup.sh --test
	@bash deploy/bench.sh

# Ask every door of the site anew and write tests/house/doors.csv; the difference is for a person to read.
# NEW=1 asks only the doors that have no row yet.
doors:
	@bash deploy/setup.sh --test
	@CHENGNUO_DOORS=$(if $(NEW),new,write) .venv/bin/pytest -q -m hunt tests/house/test_doors.py -k answers_as
	@git --no-pager diff --stat -- tests/house/doors.csv

# Compile the translations; `make run` does it by itself where they are stale.
messages:
	@bash deploy/setup.sh

# Collect the words of code and pages into locale/.
words:
	@bash deploy/setup.sh
	@.venv/bin/python manage.py makemessages --all --no-location --ignore=.venv --ignore=var

# Write docs/openapi.yaml anew from the code.
openapi:
	@bash deploy/setup.sh
	@.venv/bin/python manage.py spectacular --fail-on-warn --validate --file docs/openapi.yaml

# Take the pictures of README and docs/tour.md anew, from a demonstration made for it.
pictures:
	@bash deploy/setup.sh --test
	@.venv/bin/python deploy/pictures.py

# Choose and pin new versions; the files hold hashes and no addresses.
lock:
	@bash deploy/setup.sh --test
	@for name in uv run dev bench s3 hunt; do .venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	    --no-header --no-annotate --no-emit-index-url requirements/$$name.in -o requirements/$$name.txt || exit 1; done

# Caches and compiled files; the database, the files and the environment stay.
clean:
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage var/static
	@find . -path ./.venv -prune -o -path ./var -prune -o -name __pycache__ -type d -exec rm -rf {} +
	@rm -f locale/*/LC_MESSAGES/*.mo
