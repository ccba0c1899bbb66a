"""Tables whose rows are written once: the database itself refuses to change, delete or empty them.

In a migration: `AppendOnly([…])`. One function per table on PostgreSQL, so that a table is let go alone.
"""

from typing import Any

from django.db.migrations.operations.base import Operation

SQLITE = ("UPDATE", "DELETE")


def forbid(_apps: Any, schema_editor: Any, tables: list[str]) -> None:
    """Put the triggers on."""
    for table in tables:
        said = f"{table}: rows are append-only"
        if schema_editor.connection.vendor != "postgresql":
            for verb in SQLITE:
                schema_editor.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
                    f" BEGIN SELECT RAISE(ABORT, '{said}'); END"
                )
            continue
        schema_editor.execute(
            f"CREATE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE EXCEPTION '{said}'; END $$"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {table}_stays()"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_stays()"
        )


def allow(_apps: Any, schema_editor: Any, tables: list[str]) -> None:
    """Take them off."""
    for table in tables:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {table}_stays() CASCADE")
            continue
        for verb in SQLITE:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb.lower()}")


class AppendOnly(Operation):
    """A step of a migration that puts the triggers on; it looks at no model, so none is put together for it."""

    def __init__(self, tables: list[str]) -> None:
        """Keep the names of the tables."""
        self.tables = tables

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Models stay as they are."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Put them on."""
        forbid(None, schema_editor, self.tables)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Take them off."""
        allow(None, schema_editor, self.tables)

    def describe(self) -> str:
        """Say it for a person."""
        return f"Rows of {', '.join(self.tables)} are append-only"
