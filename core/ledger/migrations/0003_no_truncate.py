"""Entries are not emptied out either: PostgreSQL's TRUNCATE passes by the triggers on rows. SQLite has no such statement."""

from django.db import migrations


def forbid(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            """CREATE FUNCTION ledger_no_truncate() RETURNS trigger LANGUAGE plpgsql AS
               $$ BEGIN RAISE EXCEPTION 'ledger entries are append-only'; END $$"""
        )
        schema_editor.execute(
            """CREATE TRIGGER ledger_entry_no_truncate BEFORE TRUNCATE ON ledger_entry
               FOR EACH STATEMENT EXECUTE FUNCTION ledger_no_truncate()"""
        )


def allow(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER ledger_entry_no_truncate ON ledger_entry")
        schema_editor.execute("DROP FUNCTION ledger_no_truncate()")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_append_only")]
    operations = [migrations.RunPython(forbid, allow)]
