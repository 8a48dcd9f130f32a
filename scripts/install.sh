#!/usr/bin/env bash
# Makes .venv and installs what a requirements file pins, and the ship client; and .venv/dbt with dbt alone.
set -euo pipefail
cd "$(dirname "$0")/.."
requirements=$1
python=${PYTHON:-python3}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
  echo "Python 3.11 or newer is needed; '$python' is $("$python" --version 2>&1 || echo missing)." >&2
  echo "Install it, or name it: make run PYTHON=/path/to/python3.11" >&2
  exit 1
}
if [ ! -x .venv/bin/python ]; then
  echo "Making the Python environment .venv"
  "$python" -m venv .venv || {
    rm -rf .venv
    echo "Python's venv module does not work here. On Debian: apt-get install python3-venv" >&2
    exit 1
  }
fi
[ -x .venv/bin/uv ] || .venv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$(sed -n 's/^uv==//p' requirements-dev.txt)"
echo "Installing $requirements (the first time about 2 GB and a minute)"
.venv/bin/uv pip install --python .venv/bin/python -r "$requirements" -e ./ships_client --quiet
# dbt wants older releases of packages that the checks need newer, so it gets an environment to itself.
[ -x .venv/dbt/bin/python ] || .venv/bin/uv venv --quiet --python .venv/bin/python .venv/dbt
.venv/bin/uv pip install --python .venv/dbt/bin/python -r requirements-dbt.txt --quiet
