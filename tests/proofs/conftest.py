"""A database of its own for each file: where its programs find it."""

import pytest

from tests.proofs.own import own_database


@pytest.fixture(scope="module")
def place(django_db_setup, django_db_blocker, tmp_path_factory):
    """The environment of a program; made before a test opens a transaction, in which nothing can be copied."""
    with django_db_blocker.unblock(), own_database(tmp_path_factory.mktemp("own")) as environment:
        yield environment
