"""`python -m stack.containers`."""

from stack.containers.cli import run

run()
