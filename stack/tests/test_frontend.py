"""Node and npm for the front end's build."""

import subprocess

from stack.bootstrap import frontend


def test_the_wheels_npm_starts_where_the_machine_has_no_node() -> None:
    _, program = frontend.wheel_node_and_npm()
    done = subprocess.run([*program, "--version"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split(".")[0]) >= 10
