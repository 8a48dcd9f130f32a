"""`python -m ships_client ship|fleet`: the commands, where their scripts are not on the path."""

import sys

from ships_client.cli.entry import fleet_command, ship_command

_COMMANDS = {"ship": ship_command, "fleet": fleet_command}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in _COMMANDS:
        sys.exit(f"usage: python -m ships_client {{{'|'.join(_COMMANDS)}}} ...")
    name = sys.argv.pop(1)
    sys.argv[0] = f"hocotate-{name}"
    _COMMANDS[name]()
