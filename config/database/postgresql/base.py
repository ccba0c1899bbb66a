"""PostgreSQL as Django knows it, with the compiler that keeps its selects."""

from django.db.backends.postgresql import base, operations


class DatabaseOperations(operations.DatabaseOperations):
    """Django's own, which looks for compilers beside this file."""

    compiler_module = "config.database.postgresql.compiler"


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own connection."""

    ops_class = DatabaseOperations
