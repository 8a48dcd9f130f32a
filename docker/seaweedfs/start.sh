#!/bin/sh
# The object store on loopback alone: of its many ports only the S3 one asks who calls, and the door beside it, which
# shares this network, is the one way in. Identities as natively: the site has the reports, the lake writer the lake,
# queries only read it.
set -eu
umask 077
run=${STORE_RUN:-/tmp/store}
mkdir -p "$run"

# identity NAME ACCESS_KEY SECRET_KEY ACTIONS
identity() {
  printf '{"name": "%s", "credentials": [{"accessKey": "%s", "secretKey": "%s"}], "actions": [%s]}' "$@"
}

{
  echo '{"identities": ['
  identity admin "${S3_ADMIN_ACCESS_KEY:?}" "${S3_ADMIN_SECRET_KEY:?}" '"Admin"'
  echo ,
  identity site "${S3_SITE_ACCESS_KEY:?}" "${S3_SITE_SECRET_KEY:?}" \
    '"Read:missions", "Write:missions", "List:missions", "Read:logs", "Write:logs", "List:logs"'
  echo ,
  identity lake "${S3_LAKE_ACCESS_KEY:?}" "${S3_LAKE_SECRET_KEY:?}" \
    '"Read:telemetry-lake", "Write:telemetry-lake", "List:telemetry-lake"'
  echo ,
  identity reader "${S3_READER_ACCESS_KEY:?}" "${S3_READER_SECRET_KEY:?}" '"Read:telemetry-lake", "List:telemetry-lake"'
  echo ']}'
} >"$run/s3.json"

mkdir -p /data/store
exec weed -logtostderr=true mini -dir=/data/store -ip=127.0.0.1 -ip.bind=127.0.0.1 \
  -s3.config="$run/s3.json" -s3.port=9001 -s3.port.grpc=19001 -s3.port.iceberg=0 -s3.port.lance=0 -s3.iam=false \
  -master.port=9333 -master.port.grpc=19333 -master.telemetry=false \
  -volume.port=9340 -volume.port.grpc=19340 -filer.port=8888 -filer.port.grpc=18888 \
  -admin.ui=false -admin.port=23646 -admin.port.grpc=33646 -webdav=false \
  -metricsIp=127.0.0.1 -metricsPort=9327
