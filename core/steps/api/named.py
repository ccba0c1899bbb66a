"""A thing that a body names, by its code or by its id."""

from typing import Any

from rest_framework import serializers

MOST = 2**63 - 1  # of a key of 64 bits


class Named(serializers.SlugRelatedField):
    """One of the rows, named by a field; a name that no database can hold is no such row, like any other."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the row; a zero byte never reaches the database, which would break off over it."""
        if "\0" in str(data):
            self.fail("does_not_exist", slug_name=self.slug_field, value="�")
        return super().to_internal_value(data)


class Key(serializers.IntegerField):
    """An id: a number that a database can hold, for SQLite breaks off over any other."""

    def __init__(self, **said: Any) -> None:
        """Bind it."""
        super().__init__(**{"min_value": 1, "max_value": MOST} | said)
