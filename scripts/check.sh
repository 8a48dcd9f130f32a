#!/usr/bin/env bash
# Everything that needs no server: lint, format, types, import rules, Django's own checks, migrations.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin

step() { echo "== $1"; shift; "$@"; }
step "lint" $bin/ruff check .
step "format" $bin/ruff format --check .
step "types" $bin/mypy stack hocotate_logs hocotate_site missions telemetry radar spark ships_client/src benchmarks observability metabase docker
step "import rules" $bin/lint-imports
step "deploy checks" $bin/python manage.py check --deploy --fail-level WARNING
step "migrations are complete" $bin/python manage.py makemigrations --check --dry-run
step "containers" bash docker/check.sh
