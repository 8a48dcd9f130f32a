#!/bin/bash
# Writes the broker's properties where only this container sees them, formats its storage once, and becomes the broker.
# Two listeners ask for SASL/SCRAM: INNER, for the platform's own parts, and OUTER, for ships. The controller speaks on
# loopback alone. Nobody has a right that bootstrap did not give; admin and the broker have all.
set -euo pipefail

run=${KAFKA_RUN:-/tmp/kafka}
mkdir -p "$run"
umask 077

scram=org.apache.kafka.common.security.scram.ScramLoginModule
plain=org.apache.kafka.common.security.plain.PlainLoginModule

# A test on a machine of many platforms moves these.
listen=${KAFKA_LISTEN:-0.0.0.0}
outer=${KAFKA_OUTER_PORT:-9092}
inner=${KAFKA_INNER_PORT:-9094}
controller=${KAFKA_CONTROLLER_PORT:-9093}

cat >"$run/server.properties" <<EOF
process.roles=broker,controller
node.id=1
listeners=INNER://$listen:$inner,OUTER://$listen:$outer,CONTROLLER://127.0.0.1:$controller
advertised.listeners=INNER://${KAFKA_INNER:?}:$inner,OUTER://${KAFKA_PUBLIC:?}
listener.security.protocol.map=INNER:SASL_PLAINTEXT,OUTER:${KAFKA_OUTER_PROTOCOL:?},CONTROLLER:SASL_PLAINTEXT
inter.broker.listener.name=INNER
controller.listener.names=CONTROLLER
controller.quorum.bootstrap.servers=127.0.0.1:$controller

sasl.enabled.mechanisms=SCRAM-SHA-512
sasl.mechanism.inter.broker.protocol=SCRAM-SHA-512
sasl.mechanism.controller.protocol=PLAIN
listener.name.inner.scram-sha-512.sasl.jaas.config=$scram required username="broker" password="${KAFKA_BROKER_PASSWORD:?}";
listener.name.outer.scram-sha-512.sasl.jaas.config=$scram required;
listener.name.controller.sasl.enabled.mechanisms=PLAIN
listener.name.controller.plain.sasl.jaas.config=$plain required username="controller" password="$KAFKA_BROKER_PASSWORD" user_controller="$KAFKA_BROKER_PASSWORD";

authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
allow.everyone.if.no.acl.found=false
super.users=User:admin;User:broker;User:controller

log.dirs=${KAFKA_DATA:-/var/lib/kafka/data}/log
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=8
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
broker.heartbeat.interval.ms=1000
broker.session.timeout.ms=3000
num.network.threads=3
num.io.threads=4
log.cleaner.dedupe.buffer.size=16777216
log.cleaner.threads=1
log.segment.bytes=134217728
EOF

if [ "$KAFKA_OUTER_PROTOCOL" = SASL_SSL ]; then
  # One PEM file with the private key (PKCS 8, without a password) and the certificates.
  cat >>"$run/server.properties" <<EOF
listener.name.outer.ssl.keystore.type=PEM
listener.name.outer.ssl.keystore.location=${KAFKA_TLS_FILE:?}
EOF
fi

bin=${KAFKA_BIN:-/opt/kafka/bin}
export LOG_DIR="$run/logs"
# Storage that is formatted already stays as it is, and so do the passwords in it. The line that is left out shows keys.
"$bin/kafka-storage.sh" format --standalone --ignore-formatted --cluster-id "${KAFKA_CLUSTER_ID:?}" \
  --config "$run/server.properties" \
  --add-scram "SCRAM-SHA-512=[name=admin,password=${KAFKA_ADMIN_PASSWORD:?}]" \
  --add-scram "SCRAM-SHA-512=[name=broker,password=$KAFKA_BROKER_PASSWORD]" | sed '/^Bootstrap metadata/d'
unset KAFKA_ADMIN_PASSWORD KAFKA_BROKER_PASSWORD
# The agent that tells Prometheus of the broker; without it the broker is the same, and silent.
[ -z "${KAFKA_AGENT:-}" ] || export KAFKA_OPTS="-javaagent:$KAFKA_AGENT"
exec "$bin/kafka-server-start.sh" "$run/server.properties"
