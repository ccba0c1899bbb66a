"""The county's own days and a signature: a closure has its paper and only lengthens, the supervisor may shorten."""

import json
from datetime import date

import pytest
from django.utils.timezone import localdate

from approvals.stages import Stage
from core.deadlines.ahead import changes
from core.deadlines.queries import calendar_at, edition_at, explain, last_day_of
from core.deadlines.services import end, reproject, sweep
from core.ledger.services import county_book
from core.notify.models import Message
from desk.queries.calendars import preview
from desk.rules.pack import read_pack
from desk.services.calendars import decision_of, load_decision, propose_closure
from desk.services.county import load_pack
from tests.calendars import Person, begin, forget_after, now
from tests.conftest import SHIPPED
from tests.walk import pdf, walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(people, at):
    """`run(instant, length)` starts a limit of a draft of its own."""
    return lambda instant, length: begin(people, at(instant), length)


# — the county's own days ———————————————————————————————————————————————————————————————


def snow(**said):
    """A decision of 17 December 2018, a Monday, to close on that day and the next."""
    days = {"first": "2018-12-17", "last": "2018-12-18", "decided_on": "2018-12-17"}
    return {**days, "reason": "示例：暴雪", "number": "", **said}


def decided(**said):
    named = snow(**said)
    days = {name: date.fromisoformat(named[name]) for name in ("first", "last", "decided_on")}
    return decision_of(**{**named, **days})


SNOW = "2018-12-17 08:00"


def test_a_closure_is_looked_at_and_loaded_with_its_paper(run, people, at):
    forget_after("2018-12-31")
    ends_today, ends_later = run("2018-12-12 10:00", 3), run("2018-12-14 10:00", 3)
    ended = run("2018-12-12 10:00", 2)
    page = Person(people.administrator, at(SNOW))

    looked, carried = page.look("/calendar/close/", **snow())
    assert looked.context["preview"].moved == 2
    carried.pop("paper")
    without = page.post("/calendar/close/", confirm="yes", **carried)
    assert without.status_code == 422
    assert without.context["preview"].moved == 2  # what was looked at stands there still
    done = page.post("/calendar/close/", confirm="yes", paper=pdf(), **carried)
    assert done.status_code == 302

    edition = edition_at(at(SNOW))
    assert (edition.kind, edition.reason) == ("closure", "示例：暴雪")
    said = json.loads(county_book().entries.get(act="close_counters").payload)
    assert said["days"] == ["2018-12-17", "2018-12-18"]
    assert said["file"] == edition.attachment.sha256
    sweep(at("2018-12-17 08:01"))
    assert last_day_of(now(ends_today).due_at) == date(2018, 12, 19)
    assert last_day_of(now(ends_later).due_at) == date(2018, 12, 21)
    assert now(ended).due_at == ended.due_at
    rows = {row.date: row for row in explain(now(ends_later))}
    assert (rows[date(2018, 12, 17)].mark, rows[date(2018, 12, 17)].name) == ("closure", "示例：暴雪")  # fmt: skip
    told = Message.objects.filter(key__startswith=f"moved:approvals.stagelimit:{ends_later.pk}:")
    assert "示例：暴雪" in told[0].body
    assert "示例：暴雪" in page.get(f"/calendar/edition/{edition.digest}/").content.decode()


NO = {
    "backwards": ({"last": "2018-12-16"}, "last"),
    "too long": ({"last": "2019-01-17"}, "last"),
    "in hindsight": ({"first": "2018-12-14", "decided_on": "2018-12-17"}, "first"),
    "decided tomorrow": ({"decided_on": "2018-12-18", "first": "2018-12-18"}, "decided_on"),
    "on a weekend": ({"first": "2018-12-22", "last": "2018-12-23"}, "first"),
    "in a year without a calendar": ({"first": "2020-01-06", "last": "2020-01-07"}, "first"),
    "without a reason": ({"reason": "  "}, "reason"),
    "no date": ({"first": "2018-13-01"}, "first"),
}


@pytest.mark.parametrize(("said", "field"), NO.values(), ids=NO)
def test_a_closure_that_cannot_be_is_refused_by_its_field(people, at, said, field):
    forget_after("2018-12-31")
    refused = Person(people.administrator, at(SNOW)).post("/calendar/close/", **snow(**said))

    assert refused.status_code == 422
    assert field in refused.context["form"].errors


def close(people, at, **said):
    who = {"by": people.administrator, "at": at(SNOW)}
    return load_decision(decided(**said), kind="closure", paper=pdf(), **who)


def test_a_closure_stands_on_under_a_later_notice_and_the_pack_is_still_known(people, at):
    """The notice for 2019 comes in while the county is closed; nothing of either is lost, in whichever order."""
    forget_after("2018-11-30")
    close(people, at, first="2018-12-31", last="2018-12-31")  # the notice makes it a holiday
    shut = close(people, at)
    loaded = load_pack(read_pack(SHIPPED), by=people.administrator, at=at("2018-12-18 09:00"))

    calendar = calendar_at(at("2018-12-18 10:00"))
    assert loaded.written
    assert not calendar.is_working(date(2018, 12, 17))
    assert calendar.day(date(2018, 12, 17)).kind == "closure"
    assert calendar.day(date(2018, 12, 31)).kind == "holiday"
    assert calendar.last == date(2019, 12, 31)
    assert edition_at(at("2018-12-18 10:00")).number > shut.number
    assert load_pack(read_pack(SHIPPED), by=people.administrator, at=at("2026-01-05 09:00")).written == 0  # fmt: skip


def test_a_day_taken_back_is_worked_again_and_no_limit_is_shortened(run, people, at):
    forget_after("2018-12-31")
    limit = run("2018-12-14 10:00", 3)
    close(people, at)
    sweep(at("2018-12-17 08:01"))
    lengthened = now(limit).due_at
    page = Person(people.administrator, at("2018-12-17 15:00"))
    typed = snow(first="2018-12-18", last="", reason="示例：道路已通")

    for first, word in (("2018-12-14", "已经停办过"), ("2018-12-19", "没有停办")):
        refused = page.post("/calendar/reopen/", **{**typed, "first": first})
        assert word in refused.content.decode()
    looked, carried = page.look("/calendar/reopen/", **typed)
    assert looked.context["preview"].kept == 1
    carried.pop("paper")
    typed = {name: value or "" for name, value in carried.items()}
    done = page.post("/calendar/reopen/", confirm="yes", paper=pdf(), **typed)
    assert done.status_code == 302
    sweep(at("2018-12-17 15:01"))

    assert calendar_at(at("2018-12-17 16:00")).is_working(date(2018, 12, 18))
    assert now(limit).due_at == lengthened


def test_only_the_administrator_closes(people, at):
    forget_after("2018-12-31")
    for role in ("supervisor", "convenor", "window", "enterprise"):
        refused = Person(getattr(people, role), at(SNOW)).post("/calendar/close/", **snow())
        assert refused.status_code == 403, role


def test_a_session_on_a_closed_day_is_named_and_its_convenor_told(people, at):
    """Nobody is to be absent from a meeting in a snowed-in county."""
    forget_after("2018-12-31")
    way = walk(people, at("2018-03-05 09:00"), to=Stage.PREREVIEWING)
    way.call_meeting()
    day = localdate(way.meeting.opens_at).isoformat()
    said = {"first": day, "last": day, "decided_on": localdate(way.now).isoformat()}
    page = Person(people.administrator, way.now)

    looked, carried = page.look("/calendar/close/", **snow(**said))
    carried.pop("paper")
    page.post("/calendar/close/", confirm="yes", paper=pdf(), **carried)

    assert looked.context["preview"].sessions == [way.meeting]
    told = Message.objects.get(key__startswith=f"off:session:{way.meeting.pk}:")
    assert (told.to, told.link) == (people.convenor, f"/sessions/{way.meeting.public_id}/")


# — what is looked at is what the sweep does —————————————————————————————————————————————


@pytest.mark.parametrize("last", ["2018-12-17", "2018-12-21", "2019-01-11"])
def test_what_is_foretold_is_what_comes(run, people, at, last):
    forget_after("2018-12-31")
    running = [run("2018-12-14 10:00", length) for length in range(1, 40, 3)]
    proposal = propose_closure(decided(last=last), at=at(SNOW))
    foretold = {x.limit.pk: x.came.due for x in changes(proposal.edition, proposal.calendar, at(SNOW))}  # fmt: skip
    close(people, at, last=last)

    reproject(at(SNOW))

    came = {x.pk: now(x).due_at for x in running if now(x).due_at != x.due_at}
    assert came == foretold
    assert came


def test_a_preview_costs_the_same_for_many(run, at, django_assert_max_num_queries):
    forget_after("2018-12-31")
    for length in range(2, 30):
        run("2018-12-14 10:00", length)
    proposal = propose_closure(decided(), at=at(SNOW))
    calendar_at(at(SNOW))

    with django_assert_max_num_queries(26):
        assert preview(proposal.edition, proposal.calendar, at(SNOW)).moved == 28


# — a signature ————————————————————————————————————————————————————————————————————————


@pytest.fixture
def kept(run, people, at):
    """May Day 2019: 28 April became a day of work, the 29th working day would be 30 April instead of 2 May."""
    limit = run("2019-03-20 10:00", 29)
    reproject(at("2019-03-22 08:00"))
    return limit


def sign(people, at, limit, instant="2019-04-01 09:00", role="supervisor", reason="示例：双方同意"):
    person = Person(getattr(people, role), at(instant))
    return person.post(f"/calendar/kept/stagelimit-{limit.pk}/", reason=reason)


def test_the_supervisor_signs_and_both_sides_are_told(kept, people, at):
    page = Person(people.supervisor, at("2019-04-01 09:00"))
    assert f"stagelimit-{kept.pk}" in page.get("/calendar/kept/").content.decode()
    assert "2019年4月30日" in page.get(f"/calendar/kept/stagelimit-{kept.pk}/").content.decode()

    assert sign(people, at, kept).status_code == 302

    found = now(kept)
    assert last_day_of(found.due_at) == date(2019, 4, 30)
    assert found.act_at > found.due_at
    assert [row.date for row in explain(found)][-1] == date(2019, 4, 30)
    entry = kept.book.entries.latest("sequence")
    said = json.loads(entry.payload)
    assert (entry.act, entry.actor) == ("shorten_limit", people.supervisor)
    assert said["reason"] == "示例：双方同意"
    assert said["instead_of"] > said["due_at"]
    told = Message.objects.filter(key__startswith=f"moved:approvals.stagelimit:{kept.pk}:")
    assert {message.to.role for message in told} >= {"enterprise", "window"}
    assert "提前至2019年4月30日" in told[0].subject
    assert "示例：双方同意" in told[0].body
    assert "现行日历并不使这个期限提前" in sign(people, at, kept).content.decode()
    assert reproject(at("2019-04-01 10:00")) == 0


@pytest.mark.parametrize("role", ["administrator", "convenor", "window", "enterprise"])
def test_nobody_else_signs(kept, people, at, role):
    assert sign(people, at, kept, role=role).status_code == 403
    assert now(kept).due_at == kept.due_at


REFUSED = {
    "without a reason": ("2019-04-01 09:00", " ", 422, "请写明理由"),
    "on its new last day": ("2019-04-30 09:00", "示例", 409, "不足一个整工作日"),
    "into the past": ("2019-05-01 09:00", "示例", 409, "不足一个整工作日"),
    "after its end": ("2019-05-03 09:00", "示例", 409, "已经结束"),
}


@pytest.mark.parametrize(("instant", "reason", "status", "word"), REFUSED.values(), ids=REFUSED)
def test_a_signature_that_comes_too_late_or_says_nothing(
    kept, people, at, instant, reason, status, word
):
    refused = sign(people, at, kept, instant, reason=reason)

    assert refused.status_code == status
    assert word in refused.content.decode() or status == 422
    assert now(kept).due_at == kept.due_at


def test_a_limit_that_has_ended_or_does_not_exist_is_not_signed(kept, people, at):
    end(kept, at=at("2019-03-25 10:00"))

    assert sign(people, at, kept).status_code == 409
    for key in ("stagelimit-0", "stagelimit-x", "nothing-1", "stagelimit", f"slot-{kept.pk}"):
        page = Person(people.supervisor, at("2019-04-01 09:00"))
        assert page.get(f"/calendar/kept/{key}/").status_code == 404, key
