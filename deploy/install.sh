#!/bin/sh
# Makes the virtual environment $1 with what requirements.lock pins, by uv where it is there, else by pip.
set -eu
venv=$1
if command -v uv >/dev/null 2>&1; then
    [ -x "$venv/bin/python" ] || uv venv --quiet "$venv"
    VIRTUAL_ENV=$venv uv pip sync --quiet --compile-bytecode --require-hashes requirements.lock
    VIRTUAL_ENV=$venv uv pip install --quiet --no-deps --no-build-isolation --editable .
else
    python=${PYTHON:-python3}
    [ -x "$venv/bin/pip" ] || "$python" -m venv "$venv" || {
        echo "Python's venv is not here: on Debian 'apt install python3-venv', then again." >&2
        exit 1
    }
    "$venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
    "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
fi
# Compiled once here, so that no start has to, even where Python may not write beside the sources.
"$venv/bin/python" -m compileall -q orchestration assets checks resources evaluation intake reports guard
