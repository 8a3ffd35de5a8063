# `make` lists what there is. Needs GNU make and Python 3.12 or newer; everything else is set up in .venv.
#
#   make demo ARGS=--once             arguments go to the command
#   make demo PYTHON=/path/to/python  which Python a new .venv is made with

.DEFAULT_GOAL := help
.PHONY: help demo test test-lowest test-pure soak fuzz lint fmt docs bench mutations screenshots lock sbom test-torch test-playground set-up-base set-up-dev set-up-torch set-up-playground set-up-pure set-up-lowest set-up-synapse
unexport PYTHONDONTWRITEBYTECODE # where it is set, each of hundreds of processes would compile all of us again
BIN := .venv/bin
EXTRAS := $(addprefix --extra ,lab matrix milvus nsfw ocr video words)
# One good test of each way in which a dependency is used; what says nothing of their versions is left to `make test`.
LOWEST := tests/contract tests/test_fetch.py tests/core/test_extras.py $(addprefix tests/e2e/test_,first_card.py references.py tokens.py) \
	tests/embed/models tests/embed/pairs/test_codes.py $(addprefix tests/embed/decode/test_,fax.py picture.py video.py) \
	$(addprefix tests/store/sql/test_,cases.py db.py experience.py forget.py hashes.py inbox.py open_cases.py outbox.py policies.py references.py) \
	$(addprefix tests/web/test_,api.py channel.py floods.py health.py openapi.py probes.py signin.py uploads.py) \
	$(addprefix tests/bot/test_,logs.py serve.py settings.py) tests/bot/cli/test_app.py tests/bot/fronts/matrix \
	$(addprefix tests/bot/fronts/discord/test_,acts.py cards.py messages.py) \
	$(addprefix tests/bot/fronts/telegram/test_,doctor.py front.py received.py recent.py render.py) \
	$(addprefix tests/lab/test_,charts.py report.py)
PURE := tests/core $(addprefix tests/handlers/,test_worker_pool.py test_hash_lists.py test_search_hashes.py test_confirmations.py)
COMPILE := uv pip compile --quiet --universal --python-version 3.12 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header

help: ## List the targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' Makefile

demo: set-up-base ## Try Resight with a made-up catalogue at http://127.0.0.1:8321; ARGS=--once prints a table and ends.
	@$(BIN)/resight demo $(ARGS)

test: set-up-dev set-up-synapse lint ## Check everything: lint, types and all tests; any warning is an error.
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

test-pure: set-up-pure ## Check what loads no picture, in a small environment of its own; PYTHON=python3.13 says of which Python.
	@.venv-pure/bin/python -m pytest -q --confcutdir=tests/core $(PURE) $(ARGS)

test-lowest: set-up-lowest ## Check a built wheel with the lowest versions that pyproject.toml allows, in an environment of its own.
	@rm -rf .venv-lowest/wheel
	@.venv-lowest/bin/python -m hatchling build -t wheel -d .venv-lowest/wheel >/dev/null
	@.venv-lowest/bin/python -m zipfile -e .venv-lowest/wheel/*.whl .venv-lowest/wheel
	@cp -r tests bench docs pyproject.toml .venv-lowest/wheel
	@cd .venv-lowest/wheel && PYTHONPATH="$$PWD/resight:$$PWD" ../bin/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(LOWEST) $(ARGS)

soak: set-up-dev ## Measure reliability in large numbers (hours); ARGS="kills --count 1000" does a part of it.
	@$(BIN)/python -m tests.soak $(ARGS)

fuzz: set-up-dev ## Ask the HTTP API whatever its description allows, and what it does not (15 minutes); ARGS="--max-examples 50 --seed 2".
	@$(BIN)/python -m tests.fuzz $(ARGS)

test-torch: set-up-torch ## Check the models that need torch, in an environment of their own (5.5 GB).
	@.venv-torch/bin/python -m pytest tests/with_torch $(ARGS)

test-playground: set-up-playground ## Drive the Gradio and Streamlit pages in a browser, in an environment of their own (1.2 GB).
	@.venv-playground/bin/python -m pytest tests/playground $(ARGS)

lint: set-up-dev ## Check style (ruff) and types (mypy --strict).
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

fmt: set-up-dev ## Format the code and mend what ruff can mend.
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

docs: set-up-dev ## Write docs/commands.md, docs/settings.md, docs/families.md, the commands in docs/chat.md and .env.example again from the code.
	@$(BIN)/python -m tests.documents

bench: set-up-dev ## Measure recall, false alarms and cost, and print the tables.
	@$(BIN)/python -m bench $(ARGS)

mutations: set-up-dev ## Change one thing in the code at a time and see whether the tests notice (needs cosmic-ray); ARGS="--seed 2", "--collect FOLDER...".
	@$(BIN)/python -m bench.bench_mutations $(ARGS)

screenshots: set-up-dev ## Take the pictures in docs/images again (needs chromium).
	@$(BIN)/python -m bench.screenshots $(ARGS)
	@$(BIN)/python -m bench.cards $(ARGS)

lock: ## Compile the hashed requirements again (needs uv); ARGS=--upgrade takes newer versions.
	@command -v uv >/dev/null || { echo 'make lock needs uv on the PATH: pip install uv' >&2; exit 1; }
	@$(COMPILE) $(ARGS) pyproject.toml --group dev -o requirements/dev.txt
	@$(COMPILE) $(ARGS) pyproject.toml --group build -c requirements/dev.txt -o requirements/base.txt
	@$(COMPILE) $(ARGS) --group pure -c requirements/dev.txt -o requirements/pure.txt
	@$(COMPILE) --resolution lowest-direct --only-binary :all: --no-binary atomicwrites $(ARGS) pyproject.toml --group lowest $(EXTRAS) -o requirements/lowest.txt
	@$(COMPILE) $(ARGS) pyproject.toml --extra clip --group torch -c requirements/dev.txt -o requirements/torch.txt
	@$(COMPILE) $(ARGS) pyproject.toml --group playground -o requirements/playground.txt
	@$(COMPILE) --only-binary :all: $(ARGS) --group synapse -o requirements/synapse.txt

sbom: ## Write sbom.cdx.json, a CycloneDX list of all that a bot installs, with hashes (needs uv).
	@command -v uvx >/dev/null || { echo 'make sbom needs uv on the PATH: pip install uv' >&2; exit 1; }
	@uvx --quiet --from cyclonedx-bom==7.5.0 cyclonedx-py requirements requirements/base.txt --pyproject pyproject.toml \
		--output-reproducible --of JSON -o sbom.cdx.json

set-up-base set-up-dev set-up-torch set-up-playground set-up-pure set-up-lowest set-up-synapse: set-up-%:
	@sh -eu -c "$$SET_UP" set-up $* $(firstword $(MAKECMDGOALS))

# One shell script, so that it reads like one. $1 = base, dev, torch, playground, pure, lowest or synapse, $2 = what was asked of make.
#
#   a Python >= 3.12 -> .venv (.venv-torch, because torch is 5 GB; .venv-playground; .venv-pure; .venv-lowest; .venv-synapse) -> the lock, wheels only -> Resight itself, editable
define SET_UP
lock=requirements/$$1.txt
venv=.venv
case $$1 in torch | playground | pure | lowest | synapse) venv=.venv-$$1 ;; esac
stamp=$$venv/.set-up-$$1
want=$$(cksum "$$lock" pyproject.toml)
uv=$$(command -v uv || true)

stop() {
	echo "$$*" >&2
	exit 1
}

version_of() {
	"$$1" -c 'import platform; print(platform.python_version())' 2>/dev/null
}

is_new() {
	"$$1" -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null
}

other="Install it, or run: make $${2:-demo} PYTHON=/path/to/python3.12"

find_python() {
	if [ -n "$${PYTHON:-}" ]; then
		version=$$(version_of "$$PYTHON") || stop "'$$PYTHON' does not run. Is it a Python 3.12 or newer?"
		is_new "$$PYTHON" || stop "Resight needs Python 3.12 or newer; this is Python $$version. $$other"
		python=$$PYTHON
		return
	fi
	seen=
	for python in python3 python3.14 python3.13 python3.12 python; do
		version=$$(version_of "$$python") || continue
		is_new "$$python" && return
		seen=$${seen:-$$version}
	done
	[ -n "$$seen" ] || stop "Resight needs Python 3.12 or newer, and there is no Python here. $$other"
	stop "Resight needs Python 3.12 or newer; this is Python $$seen. $$other"
}

install() {
	if [ -n "$$uv" ]; then
		"$$uv" pip install --quiet --python "$$venv/bin/python" "$$@" && return
		echo 'uv could not install that; trying pip.' >&2
		uv=
	fi
	if ! "$$venv/bin/python" -m pip --version >/dev/null 2>&1; then
		"$$venv/bin/python" -m ensurepip >/dev/null 2>&1 || stop "There is no pip in $$venv. On Debian: apt-get install python3-venv"
	fi
	"$$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input "$$@"
}

if [ -n "$${PYTHON:-}" ]; then find_python; fi
if [ "$$(cat "$$stamp" 2>/dev/null)" = "$$want" ] && is_new "$$venv/bin/python"; then exit 0; fi

if ! is_new "$$venv/bin/python"; then
	find_python
	echo "Making $$venv with Python $$version."
	rm -rf "$$venv"
	python=$$("$$python" -c 'import sys; print(sys.executable)')
	if [ -n "$$uv" ]; then
		"$$uv" venv --quiet --python "$$python" "$$venv"
	else
		"$$python" -m venv "$$venv" >/dev/null || stop "Python's venv does not work here. On Debian: apt-get install python3-venv"
	fi
fi

echo "Installing what $$lock lists; this is done once."
# A lock is complete, so nothing is left to resolve; the pip of Python 3.12.1 looks for a newer httpx[http2] than is locked.
# atomicwrites, which matrix-nio needs, is one Python file that nobody makes a wheel of.
install --no-deps --only-binary :all: --require-hashes -r "$$lock" --no-binary atomicwrites
case $$1 in
lowest | synapse) ;; # `make test-lowest` unpacks a wheel; Synapse is a server beside the tests
*) install --no-build-isolation --no-deps -e . ;;
esac
echo "$$want" >"$$stamp"
if [ "$$1" = dev ]; then cksum requirements/base.txt pyproject.toml >.venv/.set-up-base; fi
endef
export SET_UP
