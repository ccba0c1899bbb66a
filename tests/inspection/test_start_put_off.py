"""开工延期: the start is put off as often as the county's rulebook says, each time before the end as it then stands."""

import json
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from approvals.queries import rule_value
from approvals.services import extend_limit
from approvals.stages import Stage
from core import clock
from core.deadlines.models import Extension, RulebookEdition, RuleValue
from core.deadlines.queries import explain
from tests.api.programs import Program
from tests.conftest import instant
from tests.standing import standing
from tests.stories.telling import papers, refused
from tests.walk import walk

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)
walked, cleared = standing(
    lambda people: walk(people, instant("2018-03-05 09:00"), to=Stage.START_NOTIFIED)
)


def start_limit(w):
    return w.filing.limits.get(rule="P26")


def put_off(w, number=1, days=3, by=None, at=None, reason="设备到货推迟"):
    facts = {"days": days, "reason": reason, "paper_number": f"示例函{number}号"}
    by, at = by or w.people.convenor, at or w.now
    return extend_limit(start_limit(w), **facts, by=by, at=at)


def last_day(w):
    return timezone.localdate(start_limit(w).due_at - TICK)


def say(code, value):
    """Let the county say another number; what was read of an edition is kept by its digest."""
    RuleValue.objects.filter(code=code).update(value=value)
    for edition in RulebookEdition.objects.all():
        RulebookEdition.objects.filter(pk=edition.pk).update(
            digest=f"{value}{edition.pk}".ljust(64, "0")
        )


def test_who_may_not_and_what_is_wanted(cleared, people):
    w = cleared
    for stranger in (people.enterprise, people.window, people.supervisor, people.head("ZJJ")):
        with refused(error=PermissionDenied):
            put_off(w, by=stranger)
    for wrong in ({"days": 0}, {"days": 4}, {"reason": " "}, {"number": ""}):
        facts = {key: value for key, value in wrong.items() if key != "number"}
        with refused(error=ValidationError):
            if "number" in wrong:
                extend_limit(
                    start_limit(w),
                    days=2,
                    reason="设备",
                    paper_number=" ",
                    by=people.convenor,
                    at=w.now,
                )
            put_off(w, **facts)
    assert not Extension.objects.exists()


def test_twice_each_with_its_entry_its_paper_and_its_days_and_not_a_third_time(cleared, people):
    w = cleared
    first_end = last_day(w)
    one = put_off(w)
    assert (first_end, last_day(w)) == (date(2018, 6, 20), date(2018, 9, 20))
    with refused("这份凭据已经用于延长"):
        put_off(w)  # pressed twice: it does not use up the second
    w.now = start_limit(w).due_at  # past the first end, before the end as it stands now
    two = put_off(w, 2)
    with refused("已经延长过2次：最多延长2次"):
        put_off(w, 3)

    limit = start_limit(w)
    assert (one.turn, two.turn) == (1, 2)
    assert two.due_before > one.due_before
    assert timezone.localdate(limit.begun_at) == date(2018, 3, 20)
    assert last_day(w) == date(2018, 12, 20), "nine months in all, to the corresponding day"
    assert explain(limit)[-1].date == last_day(w)
    entries = w.filing.book.entries.filter(act="extend_limit")
    said = [json.loads(text) for text in entries.values_list("payload", flat=True)]
    assert [(x["turn"], x["times"], x["reason"]) for x in said] == [
        (1, 2, "设备到货推迟"), (2, 2, "设备到货推迟"),
    ]  # fmt: skip
    assert papers(w.filing.book, "DOC48") == [one.notice.number, two.notice.number]
    assert "第2次" in two.notice.content["effects"][0]


def test_the_second_after_the_end_of_the_first_is_too_late(cleared):
    w = cleared
    put_off(w, days=1)
    due = start_limit(w).due_at
    with refused("届满"):
        put_off(w, 2, at=due + TICK)
    assert put_off(w, 2, at=due).turn == 2


@pytest.mark.parametrize(("value", "allowed"), [("1", 1), ("3", 3)])
def test_how_often_is_the_countys_to_say(cleared, value, allowed):
    w = cleared
    say("P26b", value)
    for number in range(1, allowed + 1):
        put_off(w, number, days=1)
    with refused("已经延长过"):
        put_off(w, allowed + 1, days=1)


def test_a_rulebook_that_does_not_know_the_row_allows_one_whatever_came_into_force_since(
    cleared, people
):
    w = cleared
    since = RulebookEdition.objects.create(
        number=99, in_force_from=timezone.localdate(w.now) - timedelta(days=1), source="示例",
        digest="9" * 64,
    )  # fmt: skip
    for value in RuleValue.objects.filter(edition=w.filing.rulebook):
        value.pk, value.edition = None, since
        value.save()
    RuleValue.objects.filter(edition=w.filing.rulebook, code="P26b").delete()
    say("P26b", "2")
    assert w.filing.rulebook != since
    assert rule_value(w.filing, "P26b", w.now)[0] == since
    put_off(w)
    with refused("已经延长过一次"):
        put_off(w, 2)


def test_page_and_program_show_every_extension_and_say_why_no_more(cleared, people, client):
    w = cleared
    put_off(w, days=1)
    with clock.driven(w.now):
        client.force_login(people.convenor.user)
        form = client.get(
            reverse(
                "approvals:extend_limit",
                args=[w.filing.public_id, f"stagelimit-{start_limit(w).pk}"],
            )
        ).content.decode()
    put_off(w, 2, days=2)
    with clock.driven(w.now):
        page = client.get(reverse("approvals:limits", args=[w.filing.public_id])).content.decode()
        program = Program(client, people.convenor, days=300)
        told = program.get(f"limits/{start_limit(w).pk}/").json()["limit"]

    assert "最多延长2次，这是第2次" in form
    assert "最多3个月" in form
    assert "延长月数" in form
    assert "延长1个月" in page
    assert "延长2个月" in page
    assert "满6个月" in page
    assert "最多延长2次" in page
    assert [(x["turn"], x["days"]) for x in told["extensions"]] == [(1, 1), (2, 2)]
    assert told["extension"]["turn"] == 2
    assert told["length"] == 6
