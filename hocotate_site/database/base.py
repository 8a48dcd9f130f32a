"""The backend's wrapper, under the module name that Django looks for."""

from typing import Any

from django.db.backends.base.introspection import TableInfo
from django.db.backends.postgresql import introspection, schema
from django_prometheus.db.backends.postgresql import base

_QUALIFIED = """
SELECT n.nspname || '"."' || c.relname
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT pg_catalog.pg_table_is_visible(c.oid)
  AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
"""


class DatabaseIntrospection(introspection.DatabaseIntrospection):
    """Sees the tables of all schemas.

    Django looks only along the search path. Without the rest, `flush` empties none of params and ll, and
    tests that commit see each other's rows.
    """

    def get_table_list(self, cursor: Any) -> Any:
        """Tables of the search path, then those of other schemas, named as models name them."""
        visible = super().get_table_list(cursor)
        cursor.execute(_QUALIFIED)
        return [*visible, *(TableInfo(name, "t") for (name,) in cursor.fetchall())]


class SchemaEditor(schema.DatabaseSchemaEditor):
    """Drops indexes of all schemas.

    Django names an index without its schema, and only where there is one: so on the way back from a migration those of
    params and ll would stay, and the way forward would find them.
    """

    def _delete_index_sql(self, model: Any, name: str, sql: Any = None, concurrently: bool = False) -> Any:
        within, dot, _ = model._meta.db_table.rpartition('"."')
        qualified = f"{within}{dot}{name}"
        return super()._delete_index_sql(model, qualified, sql, concurrently)  # type: ignore[misc]  # not in the stubs


class DatabaseWrapper(base.DatabaseWrapper):  # type: ignore[misc]  # django-prometheus has no types
    """PostgreSQL with django-prometheus' metrics."""

    introspection_class = DatabaseIntrospection
    SchemaEditorClass = SchemaEditor
