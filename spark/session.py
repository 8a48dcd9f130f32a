"""Starts Spark with the catalog `fleet`, small enough to live beside the rest of the platform."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from subprocess import Popen
from typing import Any, Final

from pyspark.sql import SparkSession

from spark.settings import LakeSettings

ROOT: Final = Path(__file__).resolve().parent.parent
CATALOG: Final = "fleet"
POOLS: Final = Path(__file__).with_name("pools.xml")
STREAM_POOL: Final = "streams"
UPKEEP_POOL: Final = "upkeep"
LOG4J: Final = Path(__file__).with_name("log4j2.properties")
ARROW_BATCH_ROWS: Final = 4_000
"""About 3 MB of messages a batch between the JVM and Python."""

JVM_OPTIONS: Final = (
    "-XX:+UseSerialGC",
    "-XX:+ExitOnOutOfMemoryError",
    "-XX:MaxMetaspaceSize=384m",
    "-XX:MinMetaspaceFreeRatio=5",
    "-XX:MaxMetaspaceFreeRatio=15",
    "-XX:ReservedCodeCacheSize=96m",
    "-XX:MaxDirectMemorySize=128m",
    "-Xss512k",
    # glibc keeps what Arrow, zstd and the object store's client have freed. An older Java does not know the option.
    "-XX:+IgnoreUnrecognizedVMOptions",
    "-XX:TrimNativeHeapInterval=2000",
)


def start_session(settings: LakeSettings) -> SparkSession:
    """A session of its own JVM; the JVM ends when this process does."""
    if settings.local:
        # Without it the web UI would listen on every address.
        os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    os.environ["PYSPARK_PYTHON"] = sys.executable
    # glibc's default of 8 arenas a core keeps memory that a JVM with 200 threads has long freed.
    os.environ["MALLOC_ARENA_MAX"] = "2"
    builder = SparkSession.builder.appName("lake").master(settings.master)
    for name, value in _configuration(settings).items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    # Not earlier: what a session is built with stands on the JVM's command line, for all users to read.
    for name, value in _catalog(settings).items():
        session.conf.set(name, value)
    return session


def own_session(session: SparkSession, settings: LakeSettings) -> SparkSession:
    """A further session in the same JVM for the calling thread, with settings of its own.

    It sees each table as it is at that moment, not as it was when it read it first.
    """
    own = session.newSession()
    # Iceberg asks the JVM's thread which session, and so which catalog, is meant.
    jvm(session).org.apache.spark.sql.classic.SparkSession.setActiveSession(own._jsparkSession)
    for name, value in {**_catalog(settings), f"spark.sql.catalog.{CATALOG}.cache-enabled": "false"}.items():
        own.conf.set(name, value)
    return own


def jvm_process(session: SparkSession) -> Popen[bytes]:
    """The JVM of a session that `start_session` made."""
    process: Popen[bytes] = gateway(session).proc
    return process


def jvm(session: SparkSession) -> Any:
    """The door to the classes of the JVM."""
    return gateway(session).jvm


def gateway(session: SparkSession) -> Any:
    """Py4J's way into the JVM."""
    return session.sparkContext._gateway  # PySpark shows it nowhere else


def _configuration(settings: LakeSettings) -> dict[str, str]:
    jars = sorted(str(path) for path in settings.jars.glob("*.jar"))
    return {
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
        "spark.redaction.regex": "(?i)secret|password|token|access[.]?key|jaas",
        # On the class path from the start: nothing is copied, and JDBC finds its driver.
        "spark.driver.extraClassPath": os.pathsep.join(jars),
        **({"spark.driver.host": "127.0.0.1"} if settings.local else {"spark.jars": ",".join(jars)}),
        "spark.driver.memory": f"{settings.heap_mb}m",
        "spark.driver.extraJavaOptions": " ".join(
            (*JVM_OPTIONS, f"-Djava.io.tmpdir={settings.local_dir}", f"-Dlog4j2.configurationFile={LOG4J}")
        ),
        "spark.python.daemon.module": "spark.workers",
        "spark.executorEnv.PYTHONPATH": str(ROOT),
        "spark.local.dir": settings.local_dir,
        "spark.sql.warehouse.dir": f"{settings.local_dir}/warehouse",
        "spark.scheduler.mode": "FAIR",
        "spark.scheduler.allocation.file": f"file:{POOLS}",
        "spark.ui.port": str(settings.ui_port),
        "spark.ui.showConsoleProgress": "false",
        "spark.ui.retainedJobs": "50",
        "spark.ui.retainedStages": "50",
        "spark.ui.retainedTasks": "500",
        "spark.sql.ui.retainedExecutions": "20",
        "spark.sql.streaming.ui.retainedQueries": "4",
        "spark.sql.streaming.ui.retainedProgressUpdates": "50",
        "spark.sql.streaming.numRecentProgressUpdates": "5",
        "spark.sql.streaming.minBatchesToRetain": "20",
        "spark.sql.streaming.stopTimeout": "5s",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.execution.arrow.maxRecordsPerBatch": str(ARROW_BATCH_ROWS),
        "spark.sql.execution.arrow.maxBytesPerBatch": str(16 * 2**20),
        # Bounds how long a JVM whose driver was killed may take to die.
        "spark.shutdown.timeout": "5s",
    }


def _catalog(settings: LakeSettings) -> dict[str, str]:
    options = {
        "": "org.apache.iceberg.spark.SparkCatalog",
        ".type": "jdbc",
        ".uri": settings.catalog_uri,
        ".jdbc.user": settings.catalog_user,
        ".jdbc.password": settings.catalog_password,
        ".jdbc.schema-version": "V1",
        ".jdbc.connectTimeout": "10",
        ".jdbc.socketTimeout": "60",
        # SQL states of a broken connection and of a server that stops or starts: ask again instead of failing.
        ".retryable_status_codes": "08000,08001,08003,08004,08006,57P01,57P02,57P03",
        ".warehouse": settings.warehouse,
        ".io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
        ".s3.endpoint": settings.s3_endpoint,
        ".s3.path-style-access": "true",
        ".s3.access-key-id": settings.s3_access_key,
        ".s3.secret-access-key": settings.s3_secret_key,
        ".client.region": settings.s3_region,
    }
    return {f"spark.sql.catalog.{CATALOG}{name}": value for name, value in options.items()}
