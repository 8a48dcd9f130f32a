"""The processes of the site, and the demo fleet."""

from __future__ import annotations

import time

import httpx
import redis
from celery import Celery

from stack.config import ROOT
from stack.environment import SHIP_SETTINGS
from stack.errors import StackError
from stack.services.base import Command, Context, Service, python
from stack.services.loops import loop_age, sample

BEAT_KEY = "hocotate:beat"
BEAT_LIMIT_S = 45


SMALL = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TRIM_THRESHOLD_": "65536"}
"""glibc keeps what a thread has freed. A long export makes pieces of a megabyte in several threads, and the process
grew by 0.4 bytes for each byte sent; pieces with a mapping of their own go back at once. Of the radar, whose Kafka
client has many threads, it is the same with frames."""


def manage(*arguments: str) -> list[str]:
    """Run a management command of the site."""
    return python(str(ROOT / "manage.py"), *arguments)


def _web(context: Context) -> Command:
    argv = python("-m", "hocotate_site.server", "-b", "127.0.0.1", "-p", context.settings["WEB_PORT"])
    program = [*argv, "--no-server-name", "--access-log", "/dev/null", "hocotate_site.asgi:application"]
    return Command(program, SMALL)


def _ask_web(context: Context) -> str:
    answer = httpx.get(f"{context.settings['SITE_URL']}/readyz", timeout=8, trust_env=False)
    if answer.status_code != 200:
        raise StackError(f"/readyz says {answer.status_code}: {answer.text[:300]}")
    return "answers, and reaches what it needs"


def _worker(context: Context) -> Command:
    return Command(
        python(
            "-m",
            "celery",
            "-A",
            "hocotate_site",
            "worker",
            "--without-gossip",
            "--without-mingle",
            # Two, so that a build of the marts or an audit holds up neither reports nor heartbeats.
            "--concurrency",
            "2",
            "--loglevel",
            context.settings.get("LOG_LEVEL", "INFO"),
        ),
        # Told to stop, it ends within CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT and gives back what it could not finish.
        {"REMAP_SIGTERM": "SIGQUIT"},
    )


def _ask_worker(context: Context) -> str:
    app = Celery(broker=context.settings["VALKEY_URL"])
    app.conf.broker_transport_options = {"socket_timeout": 4, "socket_connect_timeout": 3}
    app.conf.broker_connection_retry = False
    try:
        answers = app.control.ping(timeout=3.0, limit=1)
    finally:
        app.close()
    if not answers:
        raise StackError("No Celery worker answered a ping within 3 s.")
    return f"{next(iter(answers[0]))} answers"


def _beat(context: Context) -> Command:
    context.platform.data("beat").mkdir(parents=True, exist_ok=True)
    schedule = context.platform.data("beat") / "schedule"
    return Command(
        python(
            "-m",
            "celery",
            "-A",
            "hocotate_site",
            "beat",
            "--schedule",
            str(schedule),
            "--pidfile=",
            "--loglevel",
            context.settings.get("LOG_LEVEL", "INFO"),
        )
    )


def _ask_beat(context: Context) -> str:
    client = redis.Redis.from_url(context.settings["VALKEY_URL"], socket_timeout=3, socket_connect_timeout=3)
    try:
        last = client.get(BEAT_KEY)
    finally:
        client.close()
    if not isinstance(last, bytes):
        raise StackError("No heartbeat has gone from beat through the worker in the last minute.")
    age = time.time() - float(last)
    if age > BEAT_LIMIT_S:
        raise StackError(f"The last heartbeat is {age:.0f} s old.")
    return f"last heartbeat {age:.0f} s ago"


def _ask_tracker(context: Context) -> str:
    _, age = loop_age(context.settings["TRACKER_METRICS_PORT"], "tracker_loop_timestamp_seconds", 20)
    return f"loop turned {age:.0f} s ago"


def _ask_radar(context: Context) -> str:
    _, age = loop_age(context.settings["FLEET_METRICS_PORT"], "radar_loop_timestamp_seconds", 20)
    return f"loop turned {age:.0f} s ago"


def _fleet(context: Context) -> Command:
    platform = context.platform
    argv = [
        platform.venv_program("hocotate-fleet"),
        "--ships",
        str(platform.number("FLEET_SHIPS", 20, 1, 50_000)),
    ]
    argv += ["--speed", str(platform.number("FLEET_SPEED", 1, 1, 1000)), "--keep", "--spread", "2"]
    return Command([*argv, "--resume", "--state", str(platform.data("fleet"))])


def _ask_fleet(context: Context) -> str:
    text, _ = loop_age(context.settings["FLEET_METRICS_PORT"], "radar_loop_timestamp_seconds", 20)
    ships = int(sample(text, "fleet_missions") or 0)
    age = sample(text, "radar_newest_event_age_seconds")
    if age is None or age > 10:
        raise StackError(f"The newest telemetry is {'missing' if age is None else f'{age:.0f} s old'}.")
    return f"{ships} ships on the radar, newest message {age:.1f} s ago"


SITE = ("postgres", "valkey", "kafka", "seaweedfs")
WEB = Service("web", "Web", _web, _ask_web, needs=SITE, reads=None)
WORKER = Service("worker", "Worker", _worker, _ask_worker, needs=SITE, stop_seconds=30, reads=None)
BEAT = Service("beat", "Scheduler", _beat, _ask_beat, needs=("valkey", "worker"), reads=None)
TRACKER = Service(
    "tracker",
    "Tracker",
    lambda context: Command(manage("run_tracker")),
    _ask_tracker,
    needs=("postgres", "kafka"),
    reads=None,
)
RADAR = Service(
    "radar",
    "Radar",
    lambda context: Command(manage("run_radar"), SMALL),
    _ask_radar,
    needs=("postgres", "kafka", "valkey"),
    reads=None,
)
FLEET = Service(
    "fleet",
    "Demo fleet",
    _fleet,
    _ask_fleet,
    needs=("web", "kafka", "radar"),
    reads=SHIP_SETTINGS,
)
