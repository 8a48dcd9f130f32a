"""`python -m ships_client ship|fleet`: the commands, where their scripts are not on the path."""

import click

from ships_client.cli import fleet, ship

click.Group("ships_client", commands={"ship": ship, "fleet": fleet})(prog_name="ships_client")
