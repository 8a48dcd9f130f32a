"""Where settings come from, and what happens without them; each case in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
OWN = ("PATH", "HOME", "LANG")


def manage(stack_dir: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py with no settings but these."""
    environment = {name: os.environ[name] for name in OWN if name in os.environ}
    environment |= {"STACK_DIR": str(stack_dir), **settings}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize(
    "command", [["help"], ["check", "--deploy", "--fail-level", "WARNING"], ["makemigrations", "--check"]]
)
def test_a_checkout_without_a_platform_can_be_checked(tmp_path: Path, command: list[str]) -> None:
    done = manage(tmp_path, *command)

    assert done.returncode == 0, done.stdout + done.stderr


def test_without_a_platform_a_query_says_what_to_run(tmp_path: Path) -> None:
    done = manage(tmp_path, "migrate")

    assert done.returncode == 1
    assert "DATABASE_URL" in done.stderr
    assert "make run" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_web_process_refuses_made_up_secrets(tmp_path: Path) -> None:
    done = manage(tmp_path, "shell", "-c", "import hocotate_site.asgi")

    assert done.returncode == 1
    assert "DJANGO_SECRET_KEY" in done.stderr
    assert "make run" in done.stderr


@pytest.mark.parametrize("process", [["worker", "--pool", "solo"], ["beat"]])
def test_jobs_refuse_made_up_secrets(tmp_path: Path, process: list[str]) -> None:
    environment = {name: os.environ[name] for name in OWN if name in os.environ}
    environment |= {"STACK_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "celery", "-A", "hocotate_site", *process]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)

    assert done.returncode != 0
    assert "DJANGO_SECRET_KEY" in done.stdout + done.stderr


def test_the_environment_wins_over_the_file_of_the_platform(tmp_path: Path) -> None:
    (tmp_path / "platform.env").write_text("KAFKA_BOOTSTRAP=file:1\nSITE_URL=http://file:2\n")
    show = "from django.conf import settings as s; print(s.KAFKA_BOOTSTRAP, s.SITE_URL)"

    done = manage(tmp_path, "shell", "--no-imports", "-c", show, KAFKA_BOOTSTRAP="environment:3")

    assert done.stdout.split() == ["environment:3", "http://file:2"], done.stderr


def test_a_database_url_of_another_kind_is_refused_in_a_sentence(tmp_path: Path) -> None:
    done = manage(tmp_path, "check", DATABASE_URL="mysql://somewhere/x")

    assert done.returncode == 1
    assert "postgresql://user:password@host:port/database" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_log_format_that_there_is_not_is_refused_in_a_sentence(tmp_path: Path) -> None:
    done = manage(tmp_path, "check", LOG_FORMAT="xml")

    assert (done.returncode, done.stderr.strip()) == (1, "LOG_FORMAT is 'xml'; it is one of text, json.")


def test_a_command_logs_under_its_own_name_in_the_format_that_is_set(tmp_path: Path) -> None:
    say = "import logging; logging.getLogger('a').info('said')"

    done = manage(tmp_path, "shell", "--no-imports", "-c", say, LOG_FORMAT="json")

    (line,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert (line["part"], line["message"]) == ("shell", "said")


def test_https_turns_on_all_that_it_needs(tmp_path: Path) -> None:
    done = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", SITE_URL="https://freight.example")

    assert done.returncode == 0, done.stderr
    show = (
        "from django.conf import settings as s; "
        "print(s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0)"
    )
    shown = manage(tmp_path, "shell", "--no-imports", "-c", show, SITE_URL="https://freight.example")
    assert shown.stdout.split() == ["True"] * 4, shown.stderr
