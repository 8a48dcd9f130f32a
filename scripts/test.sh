#!/usr/bin/env bash
# `make test`: checks, the front end's tests, then all Python tests on a platform of their own.
# Arguments go to pytest: make test T="missions -k token"
set -euo pipefail
cd "$(dirname "$0")/.."
export STACK_DIR=${TEST_STACK_DIR:-.run/test} STACK_PORT_OFFSET=${TEST_STACK_PORT_OFFSET:-100}

bash scripts/check.sh
echo "== front end"
.venv/bin/python -m stack.bootstrap.frontend check
echo "== tests"
# A crash in native code says where it was.
exec .venv/bin/python -X faulthandler scripts/run_pytest.py "$@"
