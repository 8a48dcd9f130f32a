"""Database backend: PostgreSQL with metrics, and with tables in schemas of their own."""
