#!/bin/sh
# Valkey as natively: what is queued outlives a kill, and a full broker refuses instead of forgetting.
set -eu
umask 077
run=${VALKEY_RUN:-/tmp/valkey}
mkdir -p "$run"
cat >"$run/valkey.conf" <<EOF
bind ${VALKEY_LISTEN:-0.0.0.0}
port 6379
requirepass ${VALKEY_PASSWORD:?}
dir /data
appendonly yes
appendfsync everysec
maxmemory 256mb
maxmemory-policy noeviction
save ""
slowlog-max-len 0
daemonize no
user watcher on >${VALKEY_WATCHER_PASSWORD:?} resetkeys resetchannels -@all +info +latency|latest +latency|histogram +slowlog|len +slowlog|get
EOF
exec valkey-server "$run/valkey.conf"
