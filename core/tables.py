"""All tables of an app at once, as they are at the end of its steps.

In a squashed migration: `Tables([CreateModel(…), AddConstraint(…), …])`. Step by step Django puts together anew every
model that hangs on the one it has just made, some thousands of them; a new database then takes half a minute.
"""

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation


class Tables(Operation):
    """Its operations make models and add to them, and nothing else; each table is made with all that was added."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        """Keep the operations."""
        self.operations = operations

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Let the models be put together once, when all is known."""
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Make each table with its columns, constraints and indexes."""
        for model in self._models(app_label, to_state):
            if self.allow_migrate_model(schema_editor.connection.alias, model):
                schema_editor.create_model(model)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Drop them, the last first."""
        for model in reversed(self._models(app_label, from_state)):
            if self.allow_migrate_model(schema_editor.connection.alias, model):
                schema_editor.delete_model(model)

    def describe(self) -> str:
        """Return what `migrate --plan` says."""
        return f"Make {len(self._made())} tables"

    def _made(self) -> list[CreateModel]:
        return [one for one in self.operations if isinstance(one, CreateModel)]

    def _models(self, app_label: str, state: Any) -> list[Any]:
        return [state.apps.get_model(app_label, one.name) for one in self._made()]
