# The course's commands; `make` alone lists them. Everything runs in .venv, which make makes.

# What commands are given reaches them as it stands, in environment variables: never as code, of
# make ($(value …)) or of the shell (recipes say "$$NAME"; set -f keeps a * in PAGES a *).
GIVEN := PYTHON PAGES SEEDS BACKENDS DRAWN REPO VERSIONS MNIST_DIR COURSE_CACHE COURSE_RUNS KERAS_HOME
$(foreach name,$(GIVEN),$(if $(value $(name)),$(eval override $(name) := $$(value $(name)))$(eval export $(name))))

# Pages run in notebooks/, where a path relative to this folder would mean something else.
absolute = $(if $(filter /%,$(firstword $($1))),$($1),$(CURDIR)/$($1))
$(foreach name,MNIST_DIR COURSE_CACHE COURSE_RUNS KERAS_HOME,$(if $($(name)),$(eval override $(name) := $$(call absolute,$(name)))))

# VERSIONS=measured: the versions that made results.json, in build/measured.
RUN := set -f; $(if $(filter measured,$(VERSIONS)),build/measured,.venv)/bin/python -m

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help environment course test check test-pages canary test-colab test-backends test-repeat
.PHONY: bench lab chapter results notebooks ladder picture publish clean

help:
	@echo "For readers"
	@echo "  make course         run every page, print the ladder, write build/html/index.html"
	@echo "  make test           test everything: check, then test-pages"
	@echo "  make lab            open JupyterLab on chapter 00"
	@echo "  make clean          delete build/ and .venv/"
	@echo "For maintainers (CONTRIBUTING.md says when)"
	@echo "  make check          style, unit tests, the rules of pages; no training"
	@echo "  make test-pages     execute pages and compare their outputs"
	@echo "  make chapter        one chapter: its results, pages, marks, ladder and picture"
	@echo "  make results        run pages under several seeds; SEEDS=5 overrules the pages' number"
	@echo "  make notebooks      execute pages in place; DRAWN=yes lets drawn digits replace MNIST"
	@echo "  make ladder         write the README's ladder from notebooks/results.json"
	@echo "  make picture        draw the README's picture and the sheet, summary.png, from the results"
	@echo "  make canary         look for test digits that leak into training"
	@echo "  make bench          time networks side by side: seconds to 99 %"
	@echo "  make test-repeat    run pages twice: the same seed, the same digits read"
	@echo "  make test-colab     test with Colab's versions"
	@echo "  make test-backends  test pages on JAX and PyTorch; BACKENDS=jax names one"
	@echo "  make publish        stamp the public address, REPO=https://github.com/OWNER/NAME or none"
	@echo 'PAGES="00 02" names pages, PYTHON=... the Python to use, 3.11 to 3.13, and VERSIONS=measured'
	@echo "the versions of libraries that made results.json."

environment:
	@python=$${PYTHON:-python3}; \
	"$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null || { \
	  found=$$("$$python" --version 2>&1) || found="not found"; \
	  echo "Python 3.11 to 3.13 is needed; $$python is: $$found."; \
	  echo "On Debian or Ubuntu: apt install python3 python3-venv (as root, or with sudo)."; \
	  echo "Another Python: the same command with PYTHON=/path/to/python3.11"; \
	  exit 1; }; \
	"$$python" -m tools.environment $${VERSIONS:+"$$VERSIONS"}

course: environment
	@$(RUN) tools.course $$PAGES

test: check test-pages

check: environment
	$(RUN) ruff check
	@$(RUN) tools.test units

test-pages: environment
	@$(RUN) tools.test pages $$PAGES
	@$(RUN) tools.visible $$PAGES

canary: environment
	@$(RUN) tools.canary $$PAGES

# Colab's versions, tests/colab.txt, have an environment of their own, build/colab.
test-colab: environment
	@$(RUN) tools.colab $$PAGES

test-repeat: environment
	@$(RUN) tools.repeat $$PAGES

# Each backend has an environment of its own, in build/.
test-backends: environment
	@$(RUN) tools.backends $$PAGES $${BACKENDS:+--backends $$BACKENDS}

bench: environment
	@$(RUN) measure.bench

# Root asks for root: in a container there is no other user.
lab: environment
	@root=$$([ "$$(id -u)" -ne 0 ] || echo --allow-root); set -- notebooks/00_*.ipynb; \
	$(RUN) jupyterlab $$root "$$1"

chapter: environment
	@$(RUN) tools.chapter $$PAGES

notebooks: environment
	@$(RUN) tools.notebooks $${DRAWN:+--allow-drawn} $$PAGES
	@$(RUN) tools.marks

results: environment
	@$(RUN) tools.results $${SEEDS:+--seeds "$$SEEDS"} $${PAGES:+--pages $$PAGES}
	@$(RUN) tools.marks

ladder: environment
	@$(RUN) tools.ladder

picture: environment
	@$(RUN) tools.picture

publish: environment
	@$(RUN) tools.publish "$$REPO"

# A .venv that make did not make is the reader's own.
clean:
	rm -rf build
	@if [ ! -L .venv ] && [ -f .venv/course-made-from ]; then echo "rm -rf .venv"; rm -rf .venv; \
	elif [ -e .venv ]; then echo ".venv was not made by make, and stays."; fi
