# The course's commands; `make` alone lists them. Everything runs in .venv, which make makes.

PYTHON ?= python3
SEEDS ?= 5
RUN := .venv/bin/python -m

# Pages run in notebooks/, where a path relative to this folder would mean something else.
define make-absolute
ifneq ($$(strip $$($1)),)
override $1 := $$(if $$(filter /%,$$(firstword $$($1))),$$($1),$$(CURDIR)/$$($1))
export $1
endif
endef
$(foreach name,MNIST_DIR COURSE_CACHE COURSE_RUNS KERAS_HOME,$(eval $(call make-absolute,$(name))))

.DEFAULT_GOAL := help
.PHONY: help environment course test check test-pages test-colab test-repeat test-backends lab notebooks results ladder picture publish clean

help:
	@echo "make course              run every page, print the ladder, write build/html/index.html"
	@echo "make test                check, then test-pages"
	@echo "make check               style, unit tests, the rules of pages; no training"
	@echo "make test-pages          execute every page and compare outputs (nbval)"
	@echo "make test-colab          unit tests and pages with Colab's versions on this Python;"
	@echo "                         PAGES=\"00 02\" names some"
	@echo "make test-repeat         run 00 and 02, or PAGES, twice: the same seed, the same digits read"
	@echo "make test-backends       execute every page on JAX and PyTorch, without TensorFlow; PAGES=\"00 02\""
	@echo "                         and BACKENDS=jax name some"
	@echo "make lab                 open JupyterLab on chapter 00"
	@echo "make notebooks           execute pages in place; PAGES=\"00 02\" names some,"
	@echo "                         DRAWN=yes lets drawn digits replace MNIST's outputs"
	@echo "make results             run pages under SEEDS=5 seeds; PAGES as above"
	@echo "make ladder              write the README's ladder from notebooks/results.json"
	@echo "make picture             draw the README's picture from the pages' figures"
	@echo "make publish REPO=…      stamp the public address https://github.com/OWNER/NAME; REPO=none"
	@echo "                         takes it out"
	@echo "make clean               delete build/ and .venv/"
	@echo "PYTHON=… names the Python to use, 3.11 to 3.13."

environment:
	@"$(PYTHON)" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null || { \
	  found=$$("$(PYTHON)" --version 2>&1) || found="not found"; \
	  echo "Python 3.11 to 3.13 is needed; $(PYTHON) is: $$found."; \
	  echo "On Debian or Ubuntu: apt install python3 python3-venv (as root, or with sudo)."; \
	  echo "Another Python: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11"; \
	  exit 1; }
	@"$(PYTHON)" -m tools.environment

course: environment
	@$(RUN) tools.course $(PAGES)

test: check
	@$(MAKE) --no-print-directory test-pages

check: environment
	$(RUN) ruff check
	$(RUN) pytest -n auto --dist loadfile

test-pages: environment
	$(RUN) pytest --nbval-lax --nbval-current-env --nbval-cell-timeout=900 \
	  $(wildcard notebooks/[0-9]*.ipynb notebooks/reference/*.ipynb)

# Colab's versions, tests/colab.txt, have an environment of their own, build/colab.
test-colab: environment
	@$(RUN) tools.colab $(PAGES)

test-repeat: environment
	@$(RUN) tools.repeat $(PAGES)

# Each backend has an environment of its own, in build/backends.
test-backends: environment
	@$(RUN) tools.backends $(PAGES) $(if $(BACKENDS),--backends $(BACKENDS))

# Root asks for root: in a container there is no other user.
lab: environment
	$(RUN) jupyterlab $(if $(filter 0,$(shell id -u)),--allow-root) $(firstword $(sort $(wildcard notebooks/00_*.ipynb)))

notebooks: environment
	@$(RUN) tools.notebooks $(if $(DRAWN),--allow-drawn) $(PAGES)
	@$(RUN) tools.marks

results: environment
	@$(RUN) tools.results --seeds $(SEEDS) $(if $(PAGES),--pages $(PAGES))
	@$(RUN) tools.marks

ladder: environment
	@$(RUN) tools.ladder

picture: environment
	@$(RUN) tools.picture

publish: environment
	@$(RUN) tools.publish "$(REPO)"

clean:
	rm -rf build .venv
