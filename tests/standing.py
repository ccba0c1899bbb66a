"""A case that is walked once for a file of tests: each test finds it where it then stood.

A test file says `walked, building = standing(lambda people: walk(people, …, to=Stage.BUILDING))` and its tests ask for
`building`. What a test does to the case is rolled back after it; what was walked is rolled back after the file. Not for
files with real commits.
"""

import copy

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings

from tests.conftest import everybody


def standing(way):
    """Make the fixture `walked` of what `way(people)` walks, and one that hands each test a Walk of its own there."""

    @pytest.fixture(scope="module")
    def walked(django_db_setup, django_db_blocker):
        with django_db_blocker.unblock(), transaction.atomic():
            with override_settings(DEMO=False):
                cache.clear()
                done = way(everybody())
            yield done
            transaction.set_rollback(True)

    @pytest.fixture
    def stands(walked, db):
        return copy.deepcopy(walked)

    return walked, stands
