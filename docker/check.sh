#!/usr/bin/env bash
# What can be checked of the containers without an engine: the compose files with each profile, the Dockerfiles, the
# scripts, and the rules of docker/tests. Takes a few seconds.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=${BIN:-.venv/bin}

env=$(mktemp)
trap 'rm -f "$env"' EXIT
python=$bin/python
"$python" docker/setup.py "$env" >/dev/null

compose() { "$bin/docker-compose" --env-file "$env" "$@" config -q; }
for profiles in "" fleet observability bi tools fleet,observability,bi,tools; do
  echo "compose: ${profiles:-the platform alone}"
  COMPOSE_PROFILES=$profiles compose -f docker/compose.yml
  COMPOSE_PROFILES=$profiles compose -f docker/compose.yml -f docker/compose.tls.yml
done
echo "Dockerfiles"
"$bin/hadolint" docker/*/Dockerfile
echo "scripts"
"$bin/shellcheck" docker/*.sh docker/*/*.sh scripts/*.sh .ci/run
echo "rules"
"$python" -m pytest -q -c /dev/null --rootdir docker --noconftest -p no:cacheprovider -p no:django -p no:asyncio docker/tests
