# make run    builds the page and the binary, analyses the sample if needed, serves http://127.0.0.1:8080
# make test   everything CI runs: format, lints, docs, unit, property, end-to-end, browser, GDAL
.PHONY: run test web binary checks web-tests rust-tests tools pictures bench clean
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

LOG := target/test-log
PYTHON := .venv/bin/python
WEB_SOURCES := $(shell find web -path web/node_modules -prune -o -path web/dist -prune -o -path web/e2e -prune -o -type f -print)

run: web
	cargo build --release --package cli
	./target/release/maillage serve

web: web/dist/index.html

web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	touch $@

web/dist/index.html: $(WEB_SOURCES) | web/node_modules/.package-lock.json
	cd web && npm run build
	touch $@

test: tools web
	mkdir -p target && : > $(LOG)
	$(MAKE) --no-print-directory checks
	$(MAKE) --no-print-directory web-tests
	$(MAKE) --no-print-directory rust-tests
	@awk -f tests/count.awk $(LOG)

checks:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --quiet -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --document-private-items --quiet

web-tests:
	cd web && npm test 2>&1 | tee -a ../$(LOG)

# The end-to-end tests run the binary: it is built first, in the same profile.
rust-tests:
	cargo build --package cli
	MAILLAGE_PYTHON="$(CURDIR)/$(PYTHON)" cargo test --workspace --no-fail-fast 2>&1 | tee -a $(LOG)

tools: $(PYTHON) tests/node_modules/.package-lock.json
	tests/tools.sh

# Vector tiles that others published to try readers on; nothing of it is run.
tests/node_modules/.package-lock.json: tests/package-lock.json
	cd tests && npm ci --no-audit --no-fund
	touch $@

$(PYTHON): tests/python/requirements.txt
	python3 -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

# The pictures of docs/qgis.md and docs/guide.md, as the tests of QGIS and of the page make them.
pictures: tools web
	cargo build --package cli
	cargo test --package maillage-tests --test qgis
	cargo test --package maillage-tests --test page the_guide
	cp web/e2e/shots/guide-*.png docs/pictures/
	cp target/qgis/project-window.png docs/pictures/qgis-projet.png
	cp target/qgis/project-layout.png docs/pictures/qgis-carte-a4.png

bench:
	cargo bench --package maillage-benches

clean:
	cargo clean
	rm -rf web/dist web/node_modules tests/node_modules .venv atlas
