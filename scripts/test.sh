#!/usr/bin/env bash
# `make test`: checks, the front end's tests, then all Python tests on platforms of their own.
# Arguments go to pytest: make test T="missions -k token"
set -euo pipefail
cd "$(dirname "$0")/.."
export STACK_DIR=${TEST_STACK_DIR:-.run/test} STACK_PORT_OFFSET=${TEST_STACK_PORT_OFFSET:-100}

# A crash in native code says where it was.
tests=(.venv/bin/python -X faulthandler scripts/run_pytest.py)

bash scripts/check.sh
echo "== front end"
.venv/bin/python -m stack.bootstrap.frontend check
if [ $# -gt 0 ]; then
  echo "== tests"
  exec "${tests[@]}" "$@"
fi

# Both halves wait more than they compute, so they run side by side; the platform's is told of when it is over.
echo "== tests, but those of the whole platform"
log=$STACK_DIR-platform.log
mkdir -p "$(dirname "$log")"
STACK_DIR=$STACK_DIR-platform STACK_PORT_OFFSET=$((STACK_PORT_OFFSET + 300)) "${tests[@]}" -m platform >"$log" 2>&1 &
whole=$!
trap 'kill "$whole" 2>/dev/null && wait "$whole" || true' EXIT
status=0
"${tests[@]}" -m "not platform" || status=$?
echo "== tests of the whole platform"
wait "$whole" || status=$?
trap - EXIT
cat "$log"
exit "$status"
