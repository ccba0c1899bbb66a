"""大厅屏幕: what hangs on the wall is public, is read from afar, and names nobody."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Membership
from core import clock
from prereview.models import Session
from public_notice.queries.hall import ROWS, _parted, panes
from tests.conftest import instant
from tests.house.source import ROOT

pytestmark = pytest.mark.django_db


def read(at):
    with clock.driven(at):
        answer = Client().get(reverse("public_notice:hall"))
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return answer.content.decode()


@pytest.mark.parametrize("rows", [0, 1, ROWS, ROWS + 1, 28, 3 * ROWS])
def test_matters_are_parted_so_that_none_is_lost_and_none_hangs_over(rows):
    parts = _parted(list(range(rows)))
    assert [one for part in parts for one in part] == list(range(rows))
    assert all(len(part) <= ROWS for part in parts)


def test_today_is_shown_and_no_project_that_is_not_public_and_no_person(noticed, people):
    w = noticed
    session = Session.objects.order_by("pk").last()
    day = session.opens_at
    page = read(day)
    assert f"{day.astimezone(instant('2018-01-01').tzinfo):%H:%M}" in page
    assert session.place in page
    for person in Membership.objects.select_related("user"):
        assert person.user.name not in page
    assert w.filing.query_code not in page
    # what is noticed is public, and on the wall by its project's name
    assert w.filing.project_name in read(w.now)
    assert "今天没有联合勘察" in read(instant("2018-06-02 09:00"))
    cards = panes(w.now)
    assert [one["kind"] for one in cards] == ["meetings", "items", "items", "items", "results"]
    assert sum(len(one["rows"]) for one in cards if one["kind"] == "items") == 28


def test_what_no_source_calls_free_is_not_called_free(noticed):
    rows = [row for one in panes(noticed.now) if one["kind"] == "items" for row in one["rows"]]
    assert {row["charge"]: row["fee"] for row in rows}["unknown"] == "待公布"
    assert "promised" not in str(rows)


def test_the_wall_turns_without_scripts_and_nothing_on_it_is_too_small():
    style = (ROOT / "static/css/hall.css").read_text()
    wall = style.split("@media (max-width")[0]
    sizes = [
        int(one) for one in re.findall(r"(\d+)px(?:/|;)", " ".join(re.findall(r"font[^;]*;", wall)))
    ]
    assert sizes
    assert min(sizes) >= 40
    assert "prefers-reduced-motion" in style
    for count in range(2, 9):
        assert f"@keyframes turn-{count} " in style


def test_the_wall_needs_the_same_queries_for_many_notices(noticed):
    with CaptureQueriesContext(connection) as asked:
        panes(noticed.now)
    assert len(asked) <= 8
