"""A thing that a body names by its code."""

from typing import Any

from rest_framework import serializers


class Named(serializers.SlugRelatedField):
    """One of the rows, named by a field; a name that no database can hold is no such row, like any other."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the row; a zero byte never reaches the database, which would break off over it."""
        if "\0" in str(data):
            self.fail("does_not_exist", slug_name=self.slug_field, value="�")
        return super().to_internal_value(data)
