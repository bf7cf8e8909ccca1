# make test     every check, on every supported Python that is on the PATH
# make demo     the main job on an example daemon, on this terminal
# make leaks    real leaks of real packages, written into docs/leaks.md
# make bench    the benchmarks, written into docs/performance.md
# make docs     the reference page and the transcripts of the docs, made again
# make sanitize the compiled core under AddressSanitizer
# make clean    everything that the others made

# pyenv's shims stand on the PATH also for versions that are not selected: select all of them.
ifneq ($(shell command -v pyenv 2>/dev/null),)
export PYENV_VERSION := $(shell pyenv versions --bare 2>/dev/null | grep -E '^3\.[0-9.]+$$' | paste -sd:)
endif
runs = $(shell PYENV_VERSION='$(PYENV_VERSION)'; export PYENV_VERSION; command -v $(1) >/dev/null 2>&1 && $(1) -c 'import venv, ensurepip' 2>/dev/null && echo $(1))
PYTHONS ?= $(foreach python,python3.11 python3.12 python3.13,$(call runs,$(python)))
FIRST := $(firstword $(PYTHONS))
VENVS := $(PYTHONS:%=.venv/%)
PIP := -m pip --quiet --disable-pip-version-check
SOURCES := pyproject.toml $(wildcard pdbleak/*.py pdbleak/*/*.py pdbleak/*/*/*.py pdbleak/_native/*.p?? pdbleak/_native/*.h)

# Each part has a process, and so a heap, of its own: the tests count what is in it. The servers are waited for
# most of the time, so several are tested at once.
PARTS := guards unit analyses commands render docs plugin remote e2e
PYTEST = $(CURDIR)/.venv/$*/bin/python -P -m pytest -q -p no:cacheprovider -c ../pyproject.toml --rootdir ..

.PHONY: test lint demo leaks bench docs sanitize clean $(PYTHONS:%=test-%)
.SECONDARY:

# The wheels are built one after the other, in one folder; then the Pythons are tested side by side, since the
# tests wait for words of programs as often as they compute. What one has printed is shown when it is done.
test: lint $(PYTHONS:%=.venv/%/.installed)
	@test -n "$(PYTHONS)" || { echo 'no python3.11, python3.12 or python3.13 with venv on the PATH'; exit 1; }
	@$(MAKE) --no-print-directory --jobs=3 --output-sync=target $(PYTHONS:%=test-%)

.venv/%/.tools: pyproject.toml
	$* -m venv .venv/$*
	.venv/$*/bin/python $(PIP) install --upgrade 'pip>=25.1'
	.venv/$*/bin/python $(PIP) install --group test --group examples --group servers
	touch $@

# The tests run against an installed wheel, not against the source tree.
.venv/%/.installed: .venv/%/.tools $(SOURCES)
	.venv/$*/bin/python $(PIP) uninstall --yes pdbleak
	.venv/$*/bin/python $(PIP) install .
	touch $@

$(PYTHONS:%=test-%): test-%: .venv/%/.installed
	cd tests && for part in $(PARTS); do $(PYTEST) $$part || exit 1; done
	cd tests && $(PYTEST) -n 2 leaks
	cd tests && $(PYTEST) -n 4 --dist loadgroup servers

.venv/lint/.tools: pyproject.toml
	$(FIRST) -m venv .venv/lint
	.venv/lint/bin/python $(PIP) install --upgrade 'pip>=25.1'
	.venv/lint/bin/python $(PIP) install --group lint
	touch $@

lint: .venv/lint/.tools
	.venv/lint/bin/ruff check .
	.venv/lint/bin/ruff format --check .
	.venv/lint/bin/mypy

# The broker needs nothing but Python: somebody who wants to see it waits for no suite's tools.
.venv/demo/.installed: $(SOURCES)
	$(FIRST) -m venv .venv/demo
	.venv/demo/bin/python $(PIP) install .
	touch $@

demo: .venv/demo/.installed
	.venv/demo/bin/python examples/demo.py

leaks: .venv/$(FIRST)/.installed
	.venv/$(FIRST)/bin/python $(PIP) install --group leaks
	rm -rf build/leaks
	-cd tests && PDBLEAK_LEAKS=all PDBLEAK_TOOLS=objgraph,leak-hunter,memalot PDBLEAK_ROWS=../build/leaks \
		../.venv/$(FIRST)/bin/python -P -m pytest -q \
		-p no:cacheprovider -c ../pyproject.toml --rootdir .. -n 2 leaks
	cd tests/leaks && ../../.venv/$(FIRST)/bin/python table.py ../../build/leaks

bench: .venv/$(FIRST)/.installed
	.venv/$(FIRST)/bin/python -m benchmarks

sanitize: .venv/$(FIRST)/.installed
	.venv/$(FIRST)/bin/python tests/native/sanitize.py build/sanitized

docs: .venv/$(FIRST)/.installed
	.venv/$(FIRST)/bin/python -P tests/docs/refresh.py

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find pdbleak -name '*.c' -delete -o -name '*.so' -delete
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
