#!/bin/sh
# Fills in what observability/prometheus/prometheus.yml leaves open, with the parts' names here, and becomes Prometheus.
set -eu
umask 077
# shellcheck disable=SC2016 # the template asks for names in dollar braces
sed -e "s#\${SITE}#${SITE_URL:?}#g" -e 's#${RULES}#/etc/hocotate/rules#g' \
  -e 's#${WEB}#web:8000#g' -e 's#${RADAR}#radar:8002#g' -e 's#${LAKE}#lake:8003#g' -e 's#${TRACKER}#tracker:8004#g' \
  -e 's#${WORKER}#worker:8005#g' -e 's#${KAFKA}#kafka:9406#g' -e 's#${STORE}#door:9328#g' \
  -e 's#${POSTGRES_EXPORTER}#postgres-exporter:9187#g' -e 's#${VALKEY_EXPORTER}#valkey-exporter:9121#g' \
  -e 's#${PUSHGATEWAY}#pushgateway:9091#g' -e 's#${ALERTMANAGER}#alertmanager:9093#g' \
  -e 's#${PROMETHEUS}#127.0.0.1:9090#g' "${TEMPLATE:-/etc/hocotate/prometheus.yml}" >/tmp/prometheus.yml
exec prometheus --config.file=/tmp/prometheus.yml --storage.tsdb.path=/prometheus \
  --storage.tsdb.retention.time=15d --storage.tsdb.retention.size=4GB
