"""What the driver of PostgreSQL is asked for instead of Django's reading of an instant reads the same."""

from datetime import UTC, datetime

import pytest
from django.db.backends.postgresql.psycopg_any import BaseTzLoader
from psycopg import DataError

from config.database.postgresql.base import Instants


class Djangos(BaseTzLoader):
    timezone = UTC


@pytest.mark.parametrize(
    "said",
    [
        "2018-06-01 01:00:00+00", "2018-06-01 01:00:00.5+00", "2018-06-01 01:00:00.000001+00",
        "2018-06-01 09:00:00+08", "2018-06-01 06:30:00+05:30", "0001-01-01 00:00:00+00",
        "9999-12-31 23:59:59.999999+00",
    ],
)  # fmt: skip
def test_an_instant_is_what_django_makes_of_it(said):
    ours, django = (kind(0, None).load(said.encode()) for kind in (Instants, Djangos))
    assert ours == django
    assert ours.tzinfo is django.tzinfo is UTC
    assert isinstance(ours, datetime)


@pytest.mark.parametrize(
    "said", ["infinity", "0044-03-15 00:00:00+00 BC", "12018-06-01 00:00:00+00"]
)
def test_what_no_calendar_holds_is_refused_as_django_refuses_it(said):
    def refusal(kind):
        with pytest.raises(DataError) as refused:
            kind(0, None).load(said.encode())
        return str(refused.value)

    assert refusal(Instants) == refusal(Djangos)
