"""节省的时间: days against the limits of the law; nothing taken off, nothing guessed; for those who lead alone."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals.models import Filing
from approvals.stages import Stage
from core import clock
from core.deadlines.queries import calendar_at
from desk.queries.days_saved import rows_of, started, summary
from tests.conftest import instant
from tests.standing import standing
from tests.walk import walk

pytestmark = pytest.mark.django_db


def _started(people):
    return walk(people, instant("2018-03-05 09:00"), to=Stage.START_NOTIFIED)


walked, w = standing(_started)


def get(client, w, person, address="/days-saved/"):
    client.force_login(person.user)
    with clock.driven(w.now):
        return client.get(address)


def test_only_those_who_lead_see_it(w, people, client):
    for stranger in (people.window, people.convenor, people.enterprise, people.department("QXJ")):
        assert get(client, w, stranger).status_code == 403
        assert get(client, w, stranger, "/days-saved/export/").status_code == 403
    for leader in (people.supervisor, people.administrator):
        page = get(client, w, leader).content.decode()
        assert w.filing.project_name in page
        assert "样本不足" in page


def test_a_program_reads_the_same(w, people, client):
    asked = "/api/v1/days-saved/?notified_from=2018-01-01&notified_to=2018-12-31"
    (row,) = get(client, w, people.supervisor, asked).json()["results"]
    (said,) = rows_of(started(2018), w.now)
    assert (row["id"], row["number"]) == (w.filing.public_id, w.filing.number)
    assert (row["took"], row["saved_serial"]) == (said["took"], said["saved_serial"])
    later = "/api/v1/days-saved/?notified_from=2019-01-01"
    assert get(client, w, people.administrator, later).json()["results"] == []
    assert get(client, w, people.convenor, asked).status_code == 403


def test_a_case_takes_all_its_working_days_and_both_limits_are_the_laws(w):
    filing = Filing.objects.get(pk=w.filing.pk)
    (row,) = rows_of(started(2018), w.now)
    began, ended = filing.accepted_at.date(), filing.start_notified_at.date()
    assert row["took"] == calendar_at(w.now).working_days_between(began, ended)
    assert row["joint"] == 45
    assert row["saved_joint"] == 45 - row["took"]
    assert row["saved_serial"] == row["serial"] - row["took"]
    assert row["items"] > row["unknown"]
    assert rows_of(started(2017), w.now) == []


def test_longer_than_the_limit_is_below_zero_and_few_have_no_median(w):
    late = w.filing.accepted_at + timedelta(days=200)
    Filing.objects.filter(pk=w.filing.pk).update(start_notified_at=late)
    rows = rows_of(started(2018), w.now)
    assert rows[0]["saved_joint"] < 0
    assert summary(rows, 5)["saved_joint"] is None
    assert summary(rows, None)["took"] is None
    assert summary(rows, 1)["saved_joint"] == rows[0]["saved_joint"]


def test_a_list_needs_a_fixed_number_of_queries(w, people, client):
    with CaptureQueriesContext(connection) as asked:
        rows_of(started(2018), w.now)
    assert len(asked) <= 6
    sheet = get(client, w, people.supervisor, "/days-saved/export/?form=csv&year=2018")
    text = b"".join(sheet.streaming_content).decode("utf-8-sig")
    assert w.filing.number in text
