"""The demonstration: the year 2018 with the county's counts, and a desk that has work for everybody.

It is made once for the module, on a clock that stands, a transaction a day as on a county's machine. `make test` plays
one case of the year for each kind of end, and the open ones, on both databases; `make hunt` plays all, as does whoever
starts this file alone. That the files of the year hold what the county published is looked at each time.
"""

import csv
import shutil
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from accounts.models import Membership
from approvals.models import Filing, Letter, StageLimit
from approvals.stages import ENDS, Approval, Stage
from core import clock
from core.deadlines.queries import calendar_at
from core.ledger.models import Entry
from core.ledger.queries import verify_all
from core.notify.models import Message
from desk.queries.what_if import asked_by, what_if
from desk.queries.work import waiting_for
from desk.rules.pack import PackError
from desk.rules.what_if import Asked
from desk.services.replay import AlreadyPlayed, make_demonstration, play_year, read_plan
from desk.services.replay.actors.room import opening
from desk.services.replay.demo import AHEAD, clamped
from desk.services.replay.make import before
from inspection.models import Acceptance, Check, Measure
from inspection.models import Finding as Find
from inspection.stages import FindingState, MeasureKind, MeasureState, Result, Verdict
from prereview.models import MakeUp, Opinion, Session, Slot
from prereview.stages import Position, SessionStage, SlotState
from public_notice.models import Bulletin, Disclosure, Notice, Objection
from public_notice.queries.bulletins import bounds_of, months_without
from public_notice.stages import BulletinState, DisclosureStage, Finding, NoticeStage
from tests.conftest import SHIPPED, empty_the_tables, instant
from tests.share import SHARED

pytestmark = pytest.mark.slow
AS_OF = instant("2026-11-23 10:20")
YEAR = SHIPPED / "replay-2018"


# Of each kind one: deemed absent, broken and mended, refused, upheld, not mended, gone the ordinary way, failed.
UNUSUAL = {14, 16, 19, 25, 32, 39, 44}
# Meetings for which none of them is ready.
FOR_NOBODY = (
    "2018-03-30", "2018-05-04", "2018-05-18", "2018-06-05", "2018-07-12", "2018-08-10", "2018-08-28",
    "2018-09-28", "2018-10-22", "2018-11-28",
)  # fmt: skip
LATEST = 14  # days after a month: the longest holidays lie between
WHOLE = not SHARED
SAID_ELSEWHERE = {Position.DISAGREE, Position.NOT_OURS, Position.CONDITIONS, Position.NO_OPINION}


def some_of_the_year(folder):
    """The pack with the unusual cases of the year alone, which then is not the year that was published."""
    shutil.copytree(SHIPPED, folder)
    year = folder / "replay-2018"
    for name in ("projects.csv", "events.csv", "conduct.csv"):
        with (year / name).open(encoding="utf-8", newline="") as lines:
            head, *rows = csv.reader(lines)
        with (year / name).open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines).writerows([head, *(row for row in rows if int(row[0]) in UNUSUAL)])
    meetings = (year / "meetings.csv").read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in meetings if not line.startswith(FOR_NOBODY)]
    (year / "meetings.csv").write_text("".join(kept), "utf-8")
    plan = (year / "plan.yaml").read_text("utf-8")
    published, kept = "  applications: 46\n  meetings: 18\n", "  applications: 6\n"
    assert published in plan
    (year / "plan.yaml").write_text(plan.replace(published, kept), "utf-8")
    return folder


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, tmp_path_factory):
    place = tmp_path_factory.mktemp("demonstration")
    pack = SHIPPED if WHOLE else some_of_the_year(place / "county")
    said = []
    with (
        django_db_blocker.unblock(),
        override_settings(DEMO=True, COUNTY_PACK=pack, VAR_DIR=place, MEDIA_ROOT=place / "files"),
        clock.driven(AS_OF),
    ):
        yield (*make_demonstration(tell=said.append), said)
        empty_the_tables()


@pytest.fixture
def year(made, db):
    return made[0]


@pytest.fixture
def still_open(made, db):
    return made[1]


def of_the_year():
    return Filing.objects.filter(submitted_at__year__lt=2026)


def of_today():
    return Filing.objects.exclude(pk__in=of_the_year())


# — the year 2018 ————————————————————————————————————————————————————————————————————


def test_county_counts_are_kept(year):
    wanted = (46, 18, 4) if WHOLE else (6, 5, 0)

    assert (year.applications, year.meetings, year.pilots) == wanted
    assert of_the_year().filter(accepted_at__year=2018).count() == wanted[0]


def test_the_files_of_the_year_hold_what_the_county_published():
    plan = read_plan(YEAR, moment_of_a_day)
    with (YEAR / "projects.csv").open(encoding="utf-8", newline="") as lines:
        filed = list(csv.DictReader(lines))

    assert (plan.published["applications"], plan.published["meetings"]) == (46, 18)
    assert len((YEAR / "meetings.csv").read_text("utf-8").splitlines()) - 1 == 18
    assert len(filed) == 50  # with those that were not accepted


def test_counts_are_the_same_in_every_run(year):
    defaults = sum(year.defaults.values())
    sessions = (year.escalated, year.no_opinion, year.surveys, year.median_days)
    works = (year.completed, year.findings, year.rounds)

    assert (year.started, defaults) == ((38 + 4, 23) if WHOLE else (6, 3))
    assert sessions == ((5, 2, 43, 25.0) if WHOLE else (1, 0, 6, 28.5))
    assert works == ((41, 2, 1) if WHOLE else (5, 2, 1))
    assert (year.acts, year.entries) == ((3648, 7963) if WHOLE else (542, 1277))


def test_ledger_holds(year):
    _books, entries, faults = verify_all()

    assert faults == []
    assert year.faults == ()
    assert entries > year.entries


def test_every_case_of_the_year_came_to_its_end(year):
    stages = Counter(of_the_year().values_list("stage", flat=True))

    assert set(stages) <= {*ENDS, Stage.COMPLETED}
    assert stages[Stage.COMPLETED] == year.completed
    once = stages[Stage.LAPSED], stages[Stage.NOT_PASSED], stages[Stage.WITHDRAWN]
    assert once == ((1, 1, 1) if WHOLE else (0, 0, 0))
    assert (stages[Stage.RETURNED], stages[Stage.ORDINARY]) == ((2, 3) if WHOLE else (0, 1))
    assert stages[Stage.REFUSED] == 1


def test_nothing_of_the_year_still_runs(year):
    past = of_the_year()

    assert not StageLimit.objects.filter(filing__in=past, ended_at=None).exists()
    assert not Slot.objects.filter(filing__in=past, act_at__isnull=False).exists()
    assert not MakeUp.objects.filter(slot__filing__in=past, done_at=None).exists()
    assert not Message.objects.filter(created_at__year__lt=2020, sent_at=None).exists()


def test_departments_conduct_themselves_in_every_way(year):
    given = Counter(Opinion.objects.values_list("position", flat=True))

    assert set(given) == set(Position) - (set() if WHOLE else SAID_ELSEWHERE)


def test_acts_that_only_happen_where_something_goes_wrong(year):
    acts = set(Entry.objects.values_list("act", flat=True))

    assert acts >= {
        "ask_correction", "refuse", "slot_held", "serve_slot_again", "second_channel", "serve_again", "leave",
        "late_opinion", "close_correction_case", "uphold", "recommit", "make_up_overdue", "escalate",
        "report_start", "report_progress", "report_completion", "hold_check", "report_rectified", "recheck",
        "propose_measure", "give_views", "decide_measure", "lift_stop", "request_exit", "exit_to_ordinary",
        "apply_acceptance", "call_visit", "give_verdict", "ask_amendment", "report_amendment",
        "hand_in_amendment", "complete", "dispatch", "acknowledge_dispatch", "dispatch_unsigned",
        "serve_dispatch",
    }  # fmt: skip
    assert not WHOLE or acts >= {
        "suspend", "resume", "send_back", "remind_to_sign", "lapse", "deem_accepted", "send_to_ordinary",
        "withdraw", "skip_survey", "strike_item", "reject_scan", "decline_items", "dismiss_default",
        "confirm_default", "lodge_excuse", "decide_excuse", "claim_not_ours", "decide_not_ours", "review_again",
        "fail_prereview", "expire_contested", "finish_change",
    }  # fmt: skip


def test_no_red_line_was_deemed_and_no_gate_opened_on_silence(year):
    assert not Opinion.objects.filter(red_line=True, position__startswith="deemed").exists()
    started = Filing.objects.filter(
        stage=Stage.COMPLETED
    )  # who leaves owes anew what the promise replaced
    for filing in started.prefetch_related("items"):
        for item in filing.items.all():
            if item.applies is not False:
                assert item.approval in (Approval.ISSUED, Approval.REPLACED)
                assert item.approval == Approval.REPLACED or item.approval_number.startswith("示例")


def test_what_was_replayed_is_marked(year):
    assert not Filing.objects.filter(demonstration=False).exists()
    assert all("示例" in name for name in Filing.objects.values_list("enterprise__name", flat=True))


# — the cases that are open ———————————————————————————————————————————————————————————


def test_open_cases_stand_where_they_should(still_open):
    stages = Counter(of_today().values_list("stage", flat=True))

    assert stages == {
        Stage.DRAFT: 1, Stage.SUBMITTED: 2, Stage.LISTED: 1, Stage.RECEIVED: 1, Stage.CORRECTING: 1,
        Stage.ACCEPTED: 2, Stage.SURVEYING: 1, Stage.PREREVIEWING: 5, Stage.COMMITTING: 2,
        Stage.COMMITTED: 1, Stage.NOTICED: 1, Stage.CLEARED: 1, Stage.START_NOTIFIED: 1, Stage.BUILDING: 3,
        Stage.ACCEPTING: 1, Stage.AMENDING: 1, Stage.COMPLETED: 1,
    }  # fmt: skip


def test_slots_wait_in_every_state(still_open):
    open_slots = Slot.objects.filter(filing__in=of_today(), agenda__closed_at__isnull=False)

    assert set(open_slots.values_list("state", flat=True)) == set(SlotState)


def test_sessions_notices_letters_and_gaps_wait(still_open):
    today = of_today()

    assert Session.objects.get(stage=SessionStage.CALLED).opens_at > AS_OF
    assert Notice.objects.get(stage=NoticeStage.RUNNING).due_at > AS_OF
    assert Objection.objects.get(finding=Finding.OPEN).due_at > AS_OF
    assert (
        Letter.objects.filter(filing__in=today, signed_at__isnull=False, verified_at=None).count()
        == 1
    )
    assert today.filter(gaps__ended_at=None, gaps__isnull=False).count() == 1
    cleared = today.get(stage=Stage.CLEARED)
    assert 0 < len(cleared.gate_missing()) < cleared.items.count()


def test_a_meeting_is_being_held_when_one_looks(still_open):
    room = Session.objects.get(stage=SessionStage.OPEN)
    first, second = room.agenda.order_by("order")
    to_come = room.invitations.filter(checked_in_at=None).values_list("department__code", flat=True)

    assert room.opens_at == opening(AS_OF, calendar_at(AS_OF)) < AS_OF
    assert (first.opened_at is None, first.closed_at, second.opened_at) == (False, None, None)
    assert list(to_come) == ["STJ"]
    said = set(first.slots.values_list("state", flat=True))
    assert said == {SlotState.SETTLED, SlotState.AWAITED}
    assert not Entry.objects.filter(event_at__gt=AS_OF, book=room.book).exists()


@pytest.mark.parametrize(
    ("as_of", "wanted"),
    [
        ("2026-11-23 10:20", "2026-11-23 09:30"),
        ("2026-11-23 09:30", "2026-11-23 09:00"),
        ("2026-11-23 09:29", "2026-11-20 16:00"),  # too early on a Monday
        ("2026-11-23 00:10", "2026-11-20 16:00"),
        ("2026-11-22 12:00", "2026-11-20 16:00"),
        ("2026-11-23 21:05", "2026-11-23 16:00"),
    ],
)
def test_the_meeting_opens_within_the_hours_of_work(county, as_of, wanted):
    assert opening(instant(as_of), calendar_at(instant(as_of))) == instant(wanted)


def test_the_public_has_asked_and_one_answer_is_due(still_open):
    asked = {one.stage: one for one in Disclosure.objects.all()}

    assert set(asked) == {
        DisclosureStage.ANSWERED, DisclosureStage.RUNNING, DisclosureStage.SUBMITTED,
    }  # fmt: skip
    assert asked[DisclosureStage.RUNNING].due_at > AS_OF
    assert all("示例" in one.wanted and "示例" in one.name for one in asked.values())


def test_a_case_is_in_the_draw_of_the_quarter(still_open):
    drawn = Check.objects.filter(draw__isnull=False, held_at=None)

    assert {check.filing.stage for check in drawn} == {Stage.BUILDING}


def test_every_month_with_a_default_has_its_bulletin(made, db):
    """Drafted on the first working day, reviewed by another person on the next: nothing old lies on a desk."""
    published = Bulletin.objects.filter(state=BulletinState.PUBLISHED)

    assert months_without(AS_OF) == []
    assert 0 < published.count() == Bulletin.objects.count()
    for one in published:
        assert one.drafter_id != one.reviewer_id
        assert (one.reviewed_at - bounds_of(one.period)[1]).days < LATEST


def test_works_wait_for_everybody(still_open):
    today = {"filing__in": of_today()}

    assert set(Find.objects.filter(**today).values_list("state", flat=True)) >= {
        FindingState.OPEN, FindingState.REPORTED, FindingState.FAILED,
    }  # fmt: skip
    assert Measure.objects.get(**today, state=MeasureState.HEARD).kind == MeasureKind.STOP
    rounds = Acceptance.objects.filter(**today)
    assert rounds.get(result="").verdicts.filter(verdict=Verdict.AWAITED).exists()
    assert rounds.filter(result=Result.FAIL).count() == 1


@pytest.mark.parametrize("role", ["enterprise", "window", "convenor", "supervisor", "clerk"])
def test_every_desk_has_work(still_open, role):
    people = Membership.objects.filter(role=role).select_related("user", "organisation")

    assert any(waiting_for(person, AS_OF) for person in people)


def test_first_enterprise_of_the_login_page_has_work(still_open):
    person = Membership.objects.get(user__username="enterprise-01")

    assert waiting_for(person, AS_OF)


def test_departments_bear_the_names_of_their_day(year, still_open):
    old = Opinion.objects.filter(paper__issued_at__year=2018, slot__department__code="XFD").first()

    assert old.paper.content["department"] == "公安消防大队"


# — made once ————————————————————————————————————————————————————————————————————————


def test_progress_is_told(made, db):
    assert any("2018-06" in line for line in made[2])
    assert f"受理申报 {46 if WHOLE else 6} 件" in "".join(made[0].lines())


def test_made_again_nothing_happens(year):
    before_it = Entry.objects.count()
    said = []

    assert make_demonstration(tell=said.append) == (None, None)
    assert (said, Entry.objects.count()) == ([], before_it)


def test_nothing_is_played_over_filings(year):
    with pytest.raises(AlreadyPlayed):
        play_year(YEAR, tell=print)


def test_replay_needs_a_word_where_there_is_no_demonstration(db, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="--yes"):
        call_command("replay", str(YEAR))


def test_demonstration_is_refused_where_people_work(db, settings):
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("make_demo")


# — the as-of day —————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize("text", ["2026-11-23 10:20", "2018-06-16 23:59", "2026-01-01 00:00"])
def test_as_of_is_now_while_the_calendar_reaches(county, text):
    assert clamped(instant(text)) == instant(text)


@pytest.mark.parametrize("text", ["2026-12-20 08:00", "2028-03-01 12:30"])
def test_as_of_is_clamped_to_the_calendar(county, text):
    as_of = clamped(instant(text))
    calendar = calendar_at(as_of)

    assert as_of < instant(text)
    assert (as_of.hour, as_of.minute) == (instant(text).hour, instant(text).minute)
    assert calendar.add_working(as_of.date(), AHEAD) <= calendar.last


@pytest.mark.parametrize(
    ("as_of", "text", "wanted"),
    [
        ("2026-11-23 10:20", "-1 09:00", "2026-11-20 09:00"),
        (
            "2026-11-22 10:20",
            "-1 09:00",
            "2026-11-19 09:00",
        ),  # a Sunday: counted from the Friday before
        ("2026-11-23 10:20", "2 09:00", "2026-11-25 09:00"),
        ("2026-10-09 10:20", "-1 09:00", "2026-10-08 09:00"),
    ],
)
def test_moments_are_counted_in_working_days(county, as_of, text, wanted):
    assert before(instant(as_of))(text) == instant(wanted)


# — the files —————————————————————————————————————————————————————————————————————————


def copied(tmp_path, name, old, new):
    for file in YEAR.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    text = (tmp_path / name).read_text("utf-8")
    assert old in text
    (tmp_path / name).write_text(text.replace(old, new, 1), "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("projects.csv", "2018-01-08 14:10", "2018-01-08", "projects.csv:2:submitted"),
        ("projects.csv", "form;soil;energy", "form;soyl;energy", "projects.csv:7:traits"),
        ("events.csv", "gap_never", "gap_forever", "what"),
        ("conduct.csv", "4,meeting,QXJ", "99,meeting,QXJ", "case"),
        ("meetings.csv", "2018-01-26", "2018-01-46", "meetings.csv:2:opens"),
    ],
)
def test_a_bad_cell_is_named(tmp_path, name, old, new, fault):
    folder = copied(tmp_path, name, old, new)
    with pytest.raises(PackError) as caught:
        read_plan(folder, moment_of_a_day)

    assert any(fault in str(f) for f in caught.value.faults)


def moment_of_a_day(text):
    if len(text) < len("2018-01-08 09:20"):
        raise ValueError(text)
    return instant(text)


# — the rule time machine ————————————————————————————————————————————————————————————


def test_under_their_own_rules_all_cases_come_out_as_the_books_have_them(made, db):
    found = what_if(Asked(), AS_OF)

    assert (found.cases, found.slots) == (
        Filing.objects.exclude(stage=Stage.DRAFT).count(),
        Slot.objects.count(),
    )
    assert (found.mismatches, found.changes) == ((), ())


def test_five_days_for_an_opinion_as_the_docs_tell_it(made, db):
    found = what_if(asked_by(["P5b=5"], AS_OF), AS_OF)
    figures = {f.name: (f.before, f.after) for f in found.figures}
    complete, _notice, start = found.moves

    assert figures[Position.DEEMED_TIMEOUT] == ((10, 7) if WHOLE else (2, 1))
    assert figures[Position.DEEMED_ABSENCE] == ((13, 13) if WHOLE else (1, 1))
    later = (complete.later, complete.median, start.later)
    assert later == ((8, 2, 0) if WHOLE else (0, 0, 0))
