#!/usr/bin/env bash
# Against containers that are up: ships fly from outside, what nobody may do is refused, and nothing is lost.
# Needs docker/.env. COMPOSE names the command of Compose where it is not `docker compose`.
set -euo pipefail
cd "$(dirname "$0")/.."

read -r -a compose <<<"${COMPOSE:-docker compose}"
compose+=(-f docker/compose.yml)
setting() { sed -n "s/^$1=//p" docker/.env; }
image=hocotate/ships:$(setting HOCOTATE_VERSION)
failed=0
say() { printf '%s\n' "== $*"; }
wrong() {
  printf '%s\n' "WRONG: $*" >&2
  failed=1
}

docker image inspect "$image" >/dev/null 2>&1 || "${compose[@]}" --profile fleet build fleet

say "A ship is given its own pair and token"
# Values of its own alphabet; nothing but assignments is taken over.
told=$("${compose[@]}" run --rm -T --no-deps bootstrap python -m stack.containers ship SS_PELICAN |
  sed -n 's/^export \([A-Z_]*=[A-Za-z0-9_.:/-]*\)$/\1/p')
envs=()
while read -r line; do envs+=(-e "$line"); done <<<"$told"
[ "${#envs[@]}" -eq 12 ] || { wrong "the ship was told ${#envs[@]} words instead of six settings"; exit 1; }

# ship OPTION... -- COMMAND...: run in the ships' image, outside of the containers' networks.
ship() {
  local options=()
  while [ "$1" != -- ]; do
    options+=("$1")
    shift
  done
  shift
  docker run --rm --network host --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges \
    -e CI=1 "${envs[@]}" "${options[@]}" "$image" "$@"
}

say "It flies to PNF-404 and back, and hands in its reports"
ship -- hocotate-ship --ship SS_PELICAN --captain Olimar --target PNF-404 --reportfreq 2 --speed 200 --failure-rate 0 ||
  wrong "the flight ended with $?"

say "A fleet of twenty flies"
ship -- hocotate-fleet --ships 20 --speed 200 --spread 0.1 --failure-rate 0 || wrong "the fleet ended with $?"

say "A wrong password is told in one sentence"
status=0
said=$(ship -e KAFKA_PASSWORD=wrong -- hocotate-ship --ship SS_PELICAN --captain Olimar --target PNF-404 2>&1) || status=$?
[ "$status" -eq 4 ] || wrong "a wrong password ended with $status instead of 4"
grep -q "refused user 'SS_PELICAN'" <<<"$said" || wrong "a wrong password was told as: $said"

say "A ship can neither read telemetry nor write elsewhere, and the door takes signed uploads alone"
ship -i -e "DOOR=$(setting S3_PUBLIC_URL)" -- python - <docker/refused.py || wrong "something that nobody may do was done"

"${compose[@]}" exec -T worker python manage.py build_marts || wrong "the marts could not be built"

say "Metabase's role reads the marts and nothing else"
password=$(setting MARTS_READER_DB_PASSWORD)
asks() {
  "${compose[@]}" exec -T -e "PGPASSWORD=$password" postgres \
    psql -h 127.0.0.1 -U marts_reader -d hocotate -Atqc "$1" 2>&1
}
asks "SELECT count(*) FROM bl.mission_summary" >/dev/null || wrong "marts_reader can't read bl"
asks "SELECT count(*) FROM params.missions" >/dev/null && wrong "marts_reader reads params"
asks "SELECT pg_advisory_lock(1)" >/dev/null && wrong "marts_reader takes locks"

say "Nothing is lost or counted twice"
"${compose[@]}" exec -T web python manage.py audit --wait 300 || wrong "the audit found something"

exit "$failed"
