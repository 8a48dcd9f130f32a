"""How a fleet shows itself: a live table on a terminal, plain lines elsewhere, JSON lines for programs."""

from ships_client.output.json_lines import JsonLines
from ships_client.output.plain import PlainLines
from ships_client.output.table import LiveTable

Output = JsonLines | PlainLines | LiveTable

__all__ = ["JsonLines", "LiveTable", "Output", "PlainLines"]
