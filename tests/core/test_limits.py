"""A limit: when it ends, that it has no date where the calendar ends, and how it explains itself."""

from datetime import date, timedelta

import pytest

from approvals.models import StageLimit
from approvals.rules import limits
from approvals.services import open_draft
from core.deadlines.models import CalendarEdition, RulebookEdition
from core.deadlines.queries import (
    NoEdition,
    calendar_at,
    calendar_or_none,
    edition_at,
    end_of,
    explain,
    last_day_of,
    left_in_words,
    light,
    rulebook_at,
    start_of,
    value_of,
)
from core.deadlines.rules import RULES
from core.deadlines.services import act_next, end, reproject, start, sweep, working_morning
from core.deadlines.services.limits import ring
from core.ledger.models import Entry
from public_notice.rules import REPLY

pytestmark = pytest.mark.django_db

# Nine days of Spring Festival: 2018-02-15 to 21 off, the Sunday 11th and the Saturday 24th are worked.
GRACE = timedelta(seconds=120)


@pytest.fixture
def filing(people, at):
    """A draft: no limit runs of itself."""
    return open_draft(by=people.enterprise, at=at("2018-02-01 09:00"))


@pytest.fixture
def begin(filing):
    """`begin(rule, instant)` starts a limit of the filing."""

    def run(rule, instant, **more):
        return start(StageLimit(filing=filing, book=filing.book), rule, at=instant, **more)

    return run


@pytest.mark.parametrize(
    ("rule", "started", "last"),
    [
        (limits.STATUTORY_ACCEPTANCE, "2018-06-04 09:00", date(2018, 6, 11)),  # five days, a weekend
        (limits.STATUTORY_ACCEPTANCE, "2018-02-12 09:00", date(2018, 2, 24)),  # a make-up Saturday
        (limits.STATUTORY_ACCEPTANCE, "2018-02-14 23:59", date(2018, 2, 27)),
        (limits.STATUTORY_ACCEPTANCE, "2018-02-15 00:01", date(2018, 2, 28)),  # received on a day off
        (limits.STATUTORY_ACCEPTANCE, "2018-06-09 10:00", date(2018, 6, 19)),  # Saturday, 端午 on the 18th
        (limits.SIGN, "2018-06-09 10:00", date(2018, 6, 15)),  # no receipt: counts from the Saturday
        (limits.SIGN, "2018-06-08 10:00", date(2018, 6, 15)),
    ],
)  # fmt: skip
def test_the_last_day(begin, at, rule, started, last):
    limit = begin(rule, at(started))

    assert limit.due_at == end_of(last)
    assert last_day_of(limit.due_at) == last
    assert limit.act_at == limit.due_at + GRACE
    assert [row.date for row in explain(limit)][-1] == last


def test_a_receipt_on_a_day_off_counts_from_the_next_working_day(begin, at):
    on_saturday = begin(REPLY, at("2018-06-09 10:00"))
    on_monday = begin(REPLY, at("2018-06-11 16:00"))

    assert on_saturday.due_at == on_monday.due_at
    assert explain(on_saturday)[0].date == date(2018, 6, 11)


def test_a_limit_that_begins_where_another_ended_begins_on_that_day(begin, at):
    """24:00 of the 8th is the same instant as 00:00 of the 9th; the next limit follows on the 8th."""
    assert begin(limits.SIGN, at("2018-06-09 00:00")).due_at == at("2018-06-16 00:00")
    assert begin(REPLY, at("2018-06-09 00:00")).due_at == at("2018-06-16 00:00")


def test_the_number_comes_from_the_rulebook_in_force(begin, at):
    limit = begin(limits.ACCEPTANCE, at("2018-06-04 09:00"))
    value = value_of(rulebook_at(at("2018-06-04 09:00")), "P2")

    assert (limit.length, limit.unit) == (value.number, "working_day")
    assert value.basis


def test_a_length_can_be_given(begin, at):
    assert begin(limits.SIGN, at("2018-06-04 09:00"), length=2).due_at == at("2018-06-07 00:00")


def test_a_limit_ends_at_midnight_and_that_is_still_in_time(begin, at):
    limit = begin(limits.ACCEPTANCE, at("2018-06-04 09:00"))
    due = at("2018-06-06 00:00")

    assert limit.due_at == due
    assert not limit.late(due - timedelta(microseconds=1))
    assert not limit.late(due)
    assert limit.late(due + timedelta(microseconds=1))


def test_an_ended_limit_runs_and_rings_no_more(begin, at):
    limit = begin(limits.ACCEPTANCE, at("2018-06-04 09:00"))
    assert limit.running

    end(limit, at=at("2018-06-05 09:00"))

    limit = StageLimit.objects.get(pk=limit.pk)
    assert not limit.running
    assert limit.act_at is None
    assert limit.due_at == at("2018-06-06 00:00")


def test_the_book_rings_at_the_earliest(begin, filing, at):
    begin(limits.SIGN, at("2018-06-04 09:00"))
    begin(limits.ACCEPTANCE, at("2018-06-04 09:00"))
    begin(limits.SURVEY, at("2018-06-04 09:00"))

    filing.book.refresh_from_db()
    assert filing.book.next_due == at("2018-06-06 00:02")
    ring(filing.book_id, None)
    filing.book.refresh_from_db()
    assert filing.book.next_due == at("2018-06-06 00:02")


def test_a_look_can_be_asked_for(begin, filing, at):
    limit = begin(limits.SIGN, at("2018-06-04 09:00"))

    act_next(limit, at("2018-06-05 00:00"))

    filing.book.refresh_from_db()
    assert filing.book.next_due == limit.act_at == at("2018-06-05 00:00")


# — where the calendar ends ——————————————————————————————————————————————————————


def test_a_limit_into_an_unpublished_year_has_no_date(begin, at):
    limit = begin(limits.SIGN_AFTER_REMINDER, at("2018-12-03 10:00"), length=21)

    assert limit.provisional
    assert (limit.due_at, limit.act_at) == (None, None)
    assert explain(limit) == []
    assert light(limit, at("2018-12-03 10:00")) == "grey"
    assert "待定" in left_in_words(limit, at("2018-12-03 10:00"))
    assert not limit.late(at("2030-01-01 00:00"))


def test_a_provisional_limit_is_never_swept(begin, filing, at):
    limit = begin(limits.SIGN_AFTER_REMINDER, at("2018-12-03 10:00"), length=21)

    assert sweep(at("2018-12-03 23:00")) == 0

    limit.refresh_from_db()
    assert limit.ended_at is None
    filing.book.refresh_from_db()
    assert filing.book.next_due is None


def test_it_gets_its_date_when_the_year_is_published(begin, filing, at):
    """The notice on 2019 is of 2018-12-04: by it 12-29 is worked, 12-31 is off."""
    limit = begin(limits.SIGN_AFTER_REMINDER, at("2018-12-03 10:00"), length=21)

    assert reproject(at("2018-12-04 08:00")) == 1
    assert reproject(at("2018-12-04 08:05")) == 0

    limit.refresh_from_db()
    assert not limit.provisional
    assert last_day_of(limit.due_at) == date(2019, 1, 2)
    assert limit.calendar == edition_at(at("2018-12-04 08:00"))
    filing.book.refresh_from_db()
    assert filing.book.next_due == limit.act_at
    entry = Entry.objects.filter(book=filing.book).latest("sequence")
    assert (entry.act, entry.actor.role) == ("date_limit", "system")


def test_it_stays_without_a_date_until_the_right_year(begin, at):
    limit = begin(limits.SIGN, at("2018-12-03 10:00"), length=400)

    assert reproject(at("2018-12-04 08:00")) == 0
    limit.refresh_from_db()
    assert limit.provisional
    assert reproject(at("2019-12-01 08:00")) == 1


def test_what_has_ended_gets_no_date(begin, at):
    limit = begin(limits.SIGN_AFTER_REMINDER, at("2018-12-03 10:00"), length=21)
    end(limit, at=at("2018-12-03 12:00"))

    assert reproject(at("2018-12-05 08:00")) == 0


def test_the_end_of_the_last_published_year(begin, at):
    """2027 is not published: what ends in 2026 has a date, what runs on has none."""
    last = CalendarEdition.objects.order_by("-number").first()

    assert begin(limits.ACCEPTANCE, at("2026-12-28 10:00")).due_at == at("2026-12-30 00:00")
    assert begin(limits.STATUTORY_ACCEPTANCE, at("2026-12-28 10:00")).provisional
    assert last.last_day == date(2026, 12, 31)


def test_before_everything_there_is_no_edition(at):
    early = at("2016-06-01 00:00")

    with pytest.raises(NoEdition):
        edition_at(early)
    with pytest.raises(NoEdition):
        rulebook_at(early)
    assert calendar_or_none(early) is None


def test_a_county_without_a_rulebook_starts_nothing(begin, at):
    RulebookEdition.objects.all().update(in_force_from=date(2030, 1, 1))

    with pytest.raises(NoEdition):
        begin(limits.SIGN, at("2018-06-04 09:00"))


# — words —————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("now", "colour", "words"),
    [
        ("2018-06-04 09:00", "green", "还剩5个工作日"),
        ("2018-06-07 23:59", "green", "还剩2个工作日"),
        ("2018-06-08 00:00", "yellow", "还剩1个工作日"),
        ("2018-06-10 12:00", "yellow", "还剩1个工作日"),
        ("2018-06-11 23:59", "yellow", "今天24:00截止"),
        ("2018-06-12 00:00", "yellow", ""),
        ("2018-06-12 00:01", "red", "已超过1个工作日"),
        ("2018-06-20 09:00", "red", "已超过6个工作日"),
    ],
)
def test_what_is_left(begin, at, now, colour, words):
    limit = begin(limits.STATUTORY_ACCEPTANCE, at("2018-06-04 09:00"))

    assert light(limit, at(now)) == colour
    assert light(limit, at(now), calendar_at(at(now))) == colour
    assert words in left_in_words(limit, at(now))


def test_a_limit_that_does_not_run_has_no_light(filing, at):
    assert light(StageLimit(filing=filing, rule="P1"), at("2018-06-04 09:00")) == "grey"
    assert left_in_words(StageLimit(filing=filing, rule="P1"), at("2018-06-04 09:00")) == ""
    assert explain(StageLimit(filing=filing, rule="P1")) == []


def test_days_begin_and_end_at_the_countys_midnight(at):
    assert start_of(date(2018, 6, 15)) == at("2018-06-15 00:00")
    assert end_of(date(2018, 6, 15)) == at("2018-06-16 00:00")
    assert last_day_of(at("2018-06-16 00:00")) == date(2018, 6, 15)
    assert last_day_of(at("2018-06-15 23:59")) == date(2018, 6, 15)


def test_working_mornings(at):
    calendar = calendar_at(at("2018-02-14 09:00"))

    assert working_morning(calendar, date(2018, 2, 14), 1) == at("2018-02-22 00:00")
    assert working_morning(calendar, date(2018, 2, 14), 3) == at("2018-02-24 00:00")
    assert working_morning(calendar, date(2018, 12, 28), 3) is None


def test_rules_say_their_name(begin, at):
    assert begin(limits.SIGN, at("2018-06-04 09:00")).declared is RULES["P6"]
