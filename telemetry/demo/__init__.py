"""A year of plausible missions and reports, so that the marts have something to show."""
