"""公开义务: what acts owe arises by itself, is checked off by its publication, and is shown when overdue."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.models import ChecklistItem
from approvals.stages import Approval, ItemClass
from core import clock
from core.notify.models import Message
from inspection.models import Check, Draw
from public_notice import services
from public_notice.models import Publication
from public_notice.queries.openness import arisen
from public_notice.services import arising
from public_notice.services.arising import what_arose
from public_notice.services.openness import note_what_arose
from public_notice.stages import Timeliness
from tests.stories.telling import refused, sound

pytestmark = pytest.mark.django_db


@pytest.fixture
def approved(noticed):
    """An approval that was given on the day of the walk, and the walk; what is noted of it runs from that day."""
    items = noticed.filing.items.exclude(item_class=ItemClass.SERVICE)
    item = items.filter(applies=True).first() or items.first()
    given = {"approval": Approval.ISSUED, "approval_number": "示例〔2018〕1号"}
    ChecklistItem.objects.filter(pk=item.pk).update(approval_on=noticed.now.date(), **given)
    return item, noticed


def noted(now):
    with clock.driven(now):
        return note_what_arose(now)


def test_an_approval_is_owed_by_its_department_within_seven_working_days_and_once(
    approved, people, client
):
    item, w = approved
    later = w.now + timedelta(days=1)
    assert noted(later)
    assert noted(later) == 0  # a second round notes nothing twice
    row = Publication.objects.get(reference=f"approval:{item.pk}")
    assert (row.department, row.length, row.arose_on) == (item.department, 7, w.now.date())
    assert row.ended_at is None
    stranger = people.department("SLJ" if item.department.code != "SLJ" else "ZJJ")
    clerk = people.department(item.department.code)

    def publish(by, at):
        with clock.driven(at):
            return services.publish_information(row, address="示例网站", by=by, at=at)

    with refused(error=PermissionDenied):
        publish(stranger, later)
    overdue = row.due_at + timedelta(days=1)
    with clock.driven(overdue):
        [shown] = [one for one in arisen(overdue) if one.publication == row]
        assert shown.standing == Timeliness.OVERDUE
        client.force_login(clerk.user)
        page = client.get(reverse("public_notice:openness_check")).content.decode()
    assert reverse("public_notice:publish_information", args=[row.pk]) in page
    publish(clerk, overdue)
    with clock.driven(overdue):
        [shown] = [one for one in arisen(overdue) if one.publication == row]
    assert shown.standing == Timeliness.LATE
    assert sound()


def test_a_random_check_owes_its_result_and_a_planned_one_none(noticed, people):
    by = people.department("ZJJ")
    for mode in ("random", "planned"):
        Check.objects.create(
            filing=noticed.filing, department=by.organisation, mode=mode, planned_on=noticed.now.date(),
            planned_by=by, planned_at=noticed.now, held_at=noticed.now, held_by=by,
        )  # fmt: skip
    noted(noticed.now)
    [row] = Publication.objects.filter(reference__startswith="check:")
    assert (row.department, row.length, row.by_hand) == (by.organisation, 20, True)


def test_what_stands_on_this_site_is_published_from_then_and_not_by_hand(noticed, people):
    Draw.objects.create(
        quarter="2018Q2", seed="0" * 64, share=10, drawn_by=people.convenor, drawn_at=noticed.now
    )
    now = noticed.now + timedelta(days=2)
    noted(now)
    draw = Publication.objects.get(reference__startswith="draw:")
    assert (draw.ended_at, draw.address) == (noticed.now, "/draws/2018Q2/1/")
    months = Publication.objects.filter(reference__startswith="statistics:")
    may = months.get(reference="statistics:2018-05")
    assert (may.arose_on, may.address) == (date(2018, 5, 31), "/statistics/2018-05/")
    assert may.ended_at is not None
    assert not may.late(may.ended_at)
    assert not months.filter(reference="statistics:2018-06").exists()  # it is not over
    with refused("由系统记录"), clock.driven(now):
        Publication.objects.filter(pk=may.pk).update(ended_at=None)
        services.publish_information(may, address="x", by=people.administrator, at=now)


def test_of_a_backlog_a_round_reads_no_more_than_it_notes(noticed, people, monkeypatch):
    monkeypatch.setattr(arising, "TOGETHER", 2)
    monkeypatch.setattr(arising, "IN_A_ROUND", 2)
    drawn = {"seed": "0" * 64, "share": 10, "drawn_by": people.convenor, "drawn_at": noticed.now}

    def asked(years):
        Draw.objects.bulk_create(Draw(quarter=f"20{year:02}Q1", **drawn) for year in years)
        with CaptureQueriesContext(connection) as seen:
            noted(noticed.now)
        return sum('FROM "inspection_draw"' in one["sql"] for one in seen)

    some = asked(range(1, 5))
    draws = Publication.objects.filter(reference__startswith="draw:")
    assert draws.count() == 2
    assert asked(range(5, 15)) == some  # fourteen are owed, and no more of them were read
    assert draws.count() == 4


def test_without_anything_new_a_round_takes_few_statements(noticed, django_assert_max_num_queries):
    noted(noticed.now)
    with clock.driven(noticed.now), django_assert_max_num_queries(14):
        assert list(what_arose(noticed.now)) == []


REFUSES = {
    "sqlite": "CREATE TRIGGER refuses BEFORE INSERT ON public_notice_publication "
    "WHEN NEW.reference = '{0}' BEGIN SELECT RAISE(ABORT, 'refused'); END",
    "postgresql": "ALTER TABLE public_notice_publication ADD CHECK (reference <> '{0}')",
}


def test_a_row_that_cannot_be_noted_is_reported_once_a_day_and_holds_nothing_back(
    approved, people, monkeypatch
):
    item, w = approved
    monkeypatch.setattr(arising, "TOGETHER", 1)  # the refused one is all of the first that are read
    with connection.cursor() as cursor:
        cursor.execute(REFUSES[connection.vendor].format(f"approval:{item.pk}"))
    other = w.filing.items.exclude(item_class=ItemClass.SERVICE).exclude(pk=item.pk).first()
    ChecklistItem.objects.filter(pk=other.pk).update(
        approval=Approval.ISSUED, approval_number="示例〔2018〕2号", approval_on=w.now.date()
    )
    Draw.objects.create(
        quarter="2018Q2", seed="0" * 64, share=10, drawn_by=people.convenor, drawn_at=w.now
    )
    later = w.now + timedelta(days=1)
    assert noted(later)
    assert noted(later) == 0
    references = set(Publication.objects.values_list("reference", flat=True))
    assert f"approval:{other.pk}" in references
    assert any(one.startswith("draw:") for one in references)
    assert f"approval:{item.pk}" not in references
    (told,) = Message.objects.filter(to=people.administrator, key__contains="arising:")
    assert "有1件公开义务登记不了" in told.subject
    assert sound()
