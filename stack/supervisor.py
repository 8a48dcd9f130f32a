"""supervisord: keeps every process up, rotates logs; driven over its unix socket."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Iterable
from configparser import RawConfigParser
from typing import Any

import psutil
from supervisor.xmlrpc import SupervisorTransport

from stack.config import ROOT, Platform
from stack.errors import StackError
from stack.services import SERVICES
from stack.services.base import Service

LOG_BYTES = "10MB"
LOG_BACKUPS = "3"
RETRIES = "1000000"
"""A part whose needs are away for long is tried for ever; supervisord waits a second longer after each try."""
DOWN_STATES = ("STOPPED", "EXITED", "FATAL", "UNKNOWN")


def write_config(platform: Platform) -> None:
    """Write supervisord.conf; it holds no secret, `stack exec` reads those for each program."""
    config = RawConfigParser()
    config["unix_http_server"] = {"file": str(platform.socket), "chmod": "0700"}
    config["supervisord"] = {
        "logfile": str(platform.log("supervisord")),
        "logfile_maxbytes": LOG_BYTES,
        "logfile_backups": LOG_BACKUPS,
        "pidfile": str(platform.home / "supervisord.pid"),
        "nodaemon": "false",
        "silent": "true",
        "umask": "077",
        "user": "root" if os.geteuid() == 0 else "",
    }
    if not config["supervisord"]["user"]:
        del config["supervisord"]["user"]
    config["rpcinterface:supervisor"] = {
        "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"
    }
    for number, service in enumerate(SERVICES.values()):
        config[f"program:{service.name}"] = _program(platform, service, number)
    path = platform.home / "supervisord.conf"
    with open(path, "w") as file:
        config.write(file)


def _program(platform: Platform, service: Service, number: int) -> dict[str, str]:
    return {
        "command": f"{sys.executable} -m stack exec {service.name}",
        "directory": str(ROOT),
        "environment": f'STACK_DIR="{platform.home}",STACK_PORT_OFFSET="{platform.offset}"',
        "priority": str(number + 1),
        "autostart": "false",
        "autorestart": "true",
        "startsecs": "3",
        "startretries": RETRIES,
        "stopwaitsecs": str(service.stop_seconds),
        "stopsignal": "INT" if service.name == "postgres" else "TERM",  # INT: PostgreSQL ends sessions at once
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": str(platform.log(service.name)),
        "stdout_logfile_maxbytes": LOG_BYTES,
        "stdout_logfile_backups": LOG_BACKUPS,
    }


class Supervisor:
    """The supervisord of one platform."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    def _call(self, method: str, *arguments: Any) -> Any:
        """Call supervisord over a connection of its own: a failed one can't be used again."""
        transport = SupervisorTransport(None, None, f"unix://{self.platform.socket}")
        try:
            proxy = xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport)
            return getattr(proxy.supervisor, method)(*arguments)
        finally:
            transport.close()

    def pid(self) -> int | None:
        """The pid of the running supervisord, None when it does not run."""
        try:
            return int(self._call("getPID"))
        except (OSError, xmlrpc.client.Error):
            return None

    def start_daemon(self) -> None:
        """Start supervisord with the written configuration and wait until it answers."""
        argv = [
            sys.executable,
            "-m",
            "supervisor.supervisord",
            "-c",
            str(self.platform.home / "supervisord.conf"),
        ]
        env = {**os.environ, "TZ": "UTC"}
        done = subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
        deadline = time.monotonic() + 15
        while self.pid() is None:
            if done.returncode or time.monotonic() > deadline:
                raise StackError(
                    f"supervisord did not start: {(done.stderr or done.stdout).strip()[-400:]}",
                    f"See {self.platform.log('supervisord')}.",
                )
            time.sleep(0.1)

    def states(self) -> dict[str, dict[str, Any]]:
        """What supervisord knows of each program, by name."""
        return {info["name"]: info for info in self._call("getAllProcessInfo")}

    def start(self, name: str) -> None:
        """Begin to start a program; it is no error when it runs."""
        if self.states()[name]["statename"] in DOWN_STATES:
            self._call("startProcess", name, False)

    def stop(self, names: Iterable[str]) -> None:
        """Stop programs, side by side, and wait until they are down (the longest stop time plus 5 s)."""
        # One that an older version started knows fewer programs.
        known = self.states()
        names = [name for name in names if name in known and known[name]["statename"] not in DOWN_STATES]
        for name in names:
            self._call("stopProcess", name, False)
        limit = max((SERVICES[name].stop_seconds for name in names), default=0) + 5
        deadline = time.monotonic() + limit
        while any(self.states()[name]["statename"] not in DOWN_STATES for name in names):
            if time.monotonic() > deadline:
                break
            time.sleep(0.1)

    def shutdown(self) -> None:
        """Stop what still runs, and supervisord itself."""
        pid = self.pid()
        if pid is None:
            return
        process = psutil.Process(pid)
        self._call("shutdown")
        process.wait(timeout=60)

    def own_pids(self) -> set[int]:
        """supervisord's pid and those of all processes under it."""
        pid = self.pid()
        if pid is None:
            return set()
        tree = psutil.Process(pid)
        return {pid, *(child.pid for child in tree.children(recursive=True))}
