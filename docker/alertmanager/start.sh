#!/bin/sh
# Fills in what observability/alertmanager/alertmanager.yml leaves open, and becomes Alertmanager, which tells the site.
set -eu
umask 077
printf '%s' "${ALERTS_TOKEN:?}" >/tmp/token
# shellcheck disable=SC2016 # the template asks for names in dollar braces
sed -e "s#\${SITE}#${ALERTS_SITE:?}#g" -e 's#${TOKEN_FILE}#/tmp/token#g' \
  "${TEMPLATE:-/etc/hocotate/alertmanager.yml}" >/tmp/alertmanager.yml
unset ALERTS_TOKEN
exec alertmanager --config.file=/tmp/alertmanager.yml --storage.path=/alertmanager --data.retention=120h \
  --cluster.listen-address=
