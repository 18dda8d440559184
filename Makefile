# Two commands matter: `make book` builds the site, `make test` proves it. Both need only python3 and make;
# what they install goes into .venv. FRAMEWORKS=1 adds PyTorch, TensorFlow and ONNX; `make bench BENCH="W1 --record"`
# passes words on to the benchmarks. `make everywhere` runs the chapters in other circumstances (an hour; with
# PAGES="book/components/losses.md" some of them), `make oldest` the tests with the oldest versions.
# `make test` draws an order for the package's tests and prints its seed; SEED=1764215427 repeats that order. The
# seed also draws some of the notebooks that run outside of the book; with NOTEBOOKS=all they all do. The book's tests
# wait for browsers and kernels more than they compute, so they run in one process more.
# `make mutants` changes the package in 200 places, one at a time, and counts the changes that the tests notice
# (an hour; MUTANTS="nnbook/ops/softmax.py --sample 20" takes fewer).
# `make pdf` and `make epub` make the book for paper and for e-readers, from the outputs that `make book` left.

PYTHON ?= python3
BIN := .venv/bin
SITE := _build/html
PORT ?= 8000
SEED := $(or $(SEED),$(shell date +%s))
say = @printf '%-12s %s\n'

.DEFAULT_GOAL := book
.PHONY: book pdf epub test everywhere oldest newest mutants serve lint bench dist clean environment

environment:
	@$(PYTHON) tools/environment.py .venv $(if $(FRAMEWORKS),--frameworks)

book: environment
	$(say) book 'building (each chapter that runs is named)'
	@mkdir -p _build
	@$(BIN)/python -m tools.unchanged $(BIN)/jupyter-book build book --config _config.yml \
	    --toc "$(CURDIR)/_toc.yml" --path-output . -W -n --keep-going --quiet > _build/build.log
	$(say) book 'ready: $(SITE)/index.html'

pdf epub: environment
	$(say) $@ 'writing (the chapters that `make book` ran are not run again)'
	@mkdir -p _build
	@$(BIN)/python -m tools.paper $@ > _build/$@.log
	$(say) $@ 'ready: _build/paper/book.$@'

lint: environment
	$(say) lint 'ruff check, ruff format and mypy'
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/python tools/format_chapters.py --check
	@$(BIN)/python -m tools.asking
	@$(BIN)/python -m tools.address --check
	@$(BIN)/python -m mypy --no-error-summary

test: lint
	$(say) test 'the package, with coverage, in an order of its own: SEED=$(SEED)'
	@$(BIN)/python -m pytest tests --ignore=tests/book -p randomly --randomly-seed=$(SEED) -q -n 2 --durations=15 --cov --cov-report=term
	@$(MAKE) --no-print-directory book
	$(say) test 'chapters that changed since `make everywhere`, with another kernel and other seeds'
	@$(BIN)/python -m tools.everywhere --small
	$(say) test 'the book: build, downloads, links, browser'
	@SEED=$(SEED) $(BIN)/python -m pytest tests/book -q -n 3 --durations=25

everywhere: environment
	-@$(PYTHON) tools/oldest.py .venv-oldest
	@$(BIN)/python -m tools.everywhere $(PAGES)

oldest:
	@$(PYTHON) tools/oldest.py .venv-oldest
	$(say) oldest 'the tests of the package'
	@.venv-oldest/bin/python -m pytest tests --ignore=tests/book -q -n 2

newest: environment
	$(say) newest 'the pages on plain Sphinx, in its newest version'
	@$(PYTHON) tools/newest.py .venv-newest
	@NNBOOK_SPHINX=$(CURDIR)/.venv-newest/bin/python $(BIN)/python -m pytest tests/book/test_plain.py -q

mutants: environment
	$(say) mutants 'planting mutants in a copy of the package'
	@$(BIN)/python -m tools.mutants $(MUTANTS)

serve: book
	$(say) serve 'http://localhost:$(PORT)/ (stop with Ctrl-C)'
	@$(BIN)/python -m http.server --directory $(SITE) $(PORT)

bench: environment
	$(say) bench 'nnbook beside its peers (installed first; a few minutes)'
	@$(BIN)/python -m pip install --quiet -r benchmarks/requirements.txt
	@$(BIN)/python -m benchmarks $(BENCH)

dist: environment
	$(say) dist 'the package as wheel and sdist, checked (build and twine are installed first)'
	@rm -rf dist && mkdir -p _build
	@$(BIN)/python -m pip install --quiet build twine
	@$(BIN)/python -m build --outdir dist . > _build/dist.log
	@$(BIN)/python -m twine check --strict dist/*

clean:
	$(say) clean 'removing what was built (.venv stays)'
	@rm -rf _build dist .pytest_cache .ruff_cache .mypy_cache .hypothesis .coverage* htmlcov *.egg-info
