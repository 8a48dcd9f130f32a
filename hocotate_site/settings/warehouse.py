"""The warehouse: how long ship states are kept, and how the marts are built."""

from hocotate_site.settings.environment import BASE_DIR, STACK_DIR, env

WAREHOUSE_KEEP_MONTHS = env.int("WAREHOUSE_KEEP_MONTHS", 0)
"""Whole months of ll.ship_state kept beside the present one; 0 keeps all."""

WAREHOUSE_BUILD_SECONDS = env.int("WAREHOUSE_BUILD_SECONDS", 20)
"""The marts are built so long after a report was loaded: one build for all that come meanwhile."""

DBT_PYTHON = env.str("DBT_PYTHON", str(BASE_DIR / ".venv" / "dbt" / "bin" / "python"))
"""Interpreter of dbt's own environment; its packages contradict those of the site."""
MARTS_PROJECT = BASE_DIR / "warehouse"
MARTS_WORK = STACK_DIR / "data" / "marts"
"""dbt's compiled SQL, logs and generated documentation."""

# The role that dbt builds with: it reads params and ll and writes nowhere but into the schema of the build. Host,
# port and database are those of DATABASE_URL; without a role of its own it is the site's.
MARTS_DB_USER = env.str("MARTS_DB_USER", "")
MARTS_DB_PASSWORD = env.str("MARTS_DB_PASSWORD", "")
