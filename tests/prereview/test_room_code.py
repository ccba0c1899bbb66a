"""The code on the wall: it changes every half minute, holds for one session, and nobody comes in by another."""

import random
from collections import Counter
from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from core.deadlines import queries
from core.deadlines.models import RuleValue
from core.steps.reasons import NotNow
from prereview import services
from prereview.models import Session
from prereview.queries.room import quorum_of, secret_of
from prereview.rules.room import LENGTH, SIGNS, STEP, accepted, code_for, grouped, needed, step_of
from prereview.stages import CameBy, SessionStage
from tests.chance import drawn
from tests.conftest import instant
from tests.prereview.meeting import Meeting
from tests.standing import standing
from tests.stories.telling import evidence, refused

pytestmark = pytest.mark.django_db
SECRET, OTHER = b"a" * 32, b"b" * 32
HALF = timedelta(seconds=STEP)

walked, room = standing(lambda people: Meeting(people, instant("2018-03-05 09:00")).call().open())


@pytest.mark.parametrize(
    ("seconds", "stands"),
    [(-1, False), (0, True), (29, True), (30, True), (59, True), (60, False), (3600, False)],
)
def test_a_code_stands_for_its_half_minute_and_the_next(at, seconds, stands):
    begins = at("2018-03-12 09:00")
    code = code_for(SECRET, step_of(begins))

    assert accepted(SECRET, code, begins + timedelta(seconds=seconds)) == stands


@pytest.mark.parametrize("typed", ["{}", " {} ", "{lower}", "{grouped}"])
def test_it_may_be_typed_as_it_is_read(at, typed):
    code = code_for(SECRET, step_of(at("2018-03-12 09:00")))
    said = typed.format(code, lower=code.lower(), grouped=grouped(code))

    assert accepted(SECRET, said, at("2018-03-12 09:00"))


def test_of_ten_thousand_old_foreign_guessed_and_broken_codes_none_is_accepted(at):
    now, chance = at("2018-03-12 09:00"), random.Random(20180312)
    step = step_of(now)
    old = [code_for(SECRET, step - back) for back in range(2, 3002)]
    early = [code_for(SECRET, step + ahead) for ahead in range(1, 1001)]
    foreign = [code_for(OTHER, step - back) for back in range(2000)]
    guessed = ["".join(chance.choices(SIGNS, k=LENGTH)) for _ in range(3990)]
    broken = [
        "",
        " ",
        "0" * LENGTH,
        "码",
        "A" * 200,
        code_for(SECRET, step)[:-1],
        "\x00",
        "９" * 8,
        "-",
        "1",
    ]
    tried = [*old, *early, *foreign, *guessed, *broken]

    assert len(tried) == 10_000
    assert [code for code in tried if accepted(SECRET, code, now)] == []


@pytest.mark.parametrize(
    ("served", "percent", "wanted"),
    [(0, 50, 0), (1, 50, 1), (5, 50, 3), (5, 100, 5), (5, 0, 0), (5, 400, 5)],
)
def test_how_many_make_a_quorum(served, percent, wanted):
    assert needed(served, percent) == wanted


def test_each_session_has_a_secret_of_its_own_and_another_at_each_opening(at):
    one, other = Session(public_id="one"), Session(public_id="other")
    opened = Session(public_id="one", opened_at=at("2018-03-12 09:00"))

    assert len({secret_of(one), secret_of(other), secret_of(opened)}) == 3


def test_who_types_the_code_is_in_once_and_how_is_written(room, people):
    (code, clerk), *_others = room.departments().items()
    summons = room.summons(code)
    with refused("请输入会场大屏上的动态码"):
        room.do(services.check_in, summons, by=clerk)
    with refused("动态码不对", error=ValidationError):
        room.do(services.enter_by_code, room.session, code="AAAAAAAA", by=clerk)

    typed, when = room.code(), room.now
    first = room.do(services.enter_by_code, room.session, code=typed, by=clerk)
    again = room.do(services.enter_by_code, room.session, code=room.code(), by=clerk)

    assert (first.checked_in_at, again.checked_in_at) == (when, when)
    assert (again.came_by, again.checked_in_by) == (CameBy.CODE, clerk)
    assert room.session.book.entries.filter(act="check_in").count() == 1
    assert evidence(room.session.book, "check_in")["came_by"] == "code"
    with refused("动态码不对", error=ValidationError):  # a minute later it is an old one
        room.do(
            services.enter_by_code, room.session, code=typed, by=room.departments().popitem()[1]
        )


def test_the_convenor_may_write_somebody_in_by_hand_and_let_another_come_online(room, people):
    by_hand, online, *_rest = room.departments()
    room.do(services.check_in, room.summons(by_hand), by=people.convenor, representative="王示例")
    clerk = people.department(online)
    with refused(error=PermissionDenied):
        room.do(services.admit_online, room.summons(online), reason="在外地", by=clerk)
    with refused("请写明", error=ValidationError):
        room.do(services.admit_online, room.summons(online), reason=" ", by=people.convenor)
    room.do(services.admit_online, room.summons(online), reason="道路积雪", by=people.convenor)
    room.do(services.check_in, room.summons(online), by=clerk)

    came = dict(room.session.invitations.values_list("department__code", "came_by"))
    assert (came[by_hand], came[online]) == (CameBy.HAND, CameBy.ONLINE)


def test_one_person_stands_for_one_department(room, people):
    first, second, *_rest = room.departments().items()
    room.come(first[0])
    both = second[1]
    both.user = first[1].user
    both.save()
    with refused("一人只能代表一个部门"):
        room.do(services.enter_by_code, room.session, code=room.code(), by=both)


def test_strangers_staff_and_a_room_that_is_shut(room, people):
    for stranger in (people.enterprise, people.window, people.supervisor):
        with refused(error=PermissionDenied):
            room.do(services.enter_by_code, room.session, code=room.code(), by=stranger)
    code = room.code()
    room.close()
    room.do(services.close_session, room.session, by=people.convenor)
    assert room.code() == ""
    clerk = room.departments().popitem()[1]
    with refused("已经结束", error=NotNow):
        room.do(services.enter_by_code, room.session, code=code, by=clerk)


def test_a_recorder_is_a_second_person_of_the_office(people):
    meeting = Meeting(people, instant("2018-03-05 09:00")).call()
    meeting.w.until(meeting.session.opens_at)
    for who in (people.convenor, people.supervisor, people.enterprise, people.department("ZJJ")):
        with refused("记录人须是", error=ValidationError):
            meeting.do(services.open_session, meeting.session, by=people.convenor, recorder=who)
    opened = meeting.do(
        services.open_session, meeting.session, by=people.convenor, recorder=people.window
    )
    assert (opened.stage, opened.recorder) == (SessionStage.OPEN, people.window)


def test_where_the_county_wants_two_persons_no_meeting_opens_with_one(people):
    meeting = Meeting(people, instant("2018-03-05 09:00")).call()
    meeting.w.until(meeting.session.opens_at)
    RuleValue.objects.filter(code="P71").update(value="required")
    queries._rulebook.cache_clear()
    try:
        with refused("须指定一名记录人", error=ValidationError):
            meeting.open(recorder=False)
        assert meeting.open().fresh.recorder == people.window
    finally:
        queries._rulebook.cache_clear()


def test_the_quorum_counts_who_is_served_and_in_the_room(room, people):
    codes = list(room.departments())
    room.come(*codes[:2])
    room.do(services.leave, room.summons(codes[0]), by=people.convenor)
    found = quorum_of(list(room.session.invitations.all()), room.now)

    assert (found.present, found.served) == (1, len(codes))
    assert found.needed == needed(len(codes), 50)
    assert not found.met


def _wrong_ways(room, people, chance):
    """Return somebody at the door with a code that must not let them in."""
    came, away, gone, *_rest = room.departments().values()
    step = step_of(room.now)
    back = lambda least: code_for(secret_of(room.fresh), step - chance.randrange(least, 5000))  # noqa: E731
    kinds = {
        "replayed by who came": lambda: (back(2), came),
        "replayed by who left": lambda: (room.code(), gone),
        "expired": lambda: (back(2), away),
        "not yet": lambda: (code_for(secret_of(room.fresh), step + chance.randrange(1, 5000)), away),
        "of another room": lambda: (code_for(secret_of(Session(public_id="other")), step), away),
        "of the day before": lambda: (code_for(chance.randbytes(32), step), away),
        "shared with a colleague of who came": lambda: (room.code(), people.head(came.organisation.code)),
        "shared with staff and strangers": lambda: (
            room.code(), chance.choice((people.enterprise, people.window, people.supervisor, people.convenor)),
        ),
        "guessed": lambda: ("".join(chance.choices(SIGNS, k=LENGTH)), away),
        "cut or spoilt": lambda: (room.code()[: chance.randrange(LENGTH)] + "é", away),
    }  # fmt: skip
    name = chance.choice(list(kinds))
    return name, *kinds[name]()


@pytest.mark.parametrize("tries", [150, pytest.param(10_000, marks=pytest.mark.hunt)])
def test_at_the_door_nothing_replayed_shared_or_expired_lets_anybody_in(room, people, tries):
    seed = drawn("door")
    print("seed", seed)
    chance = random.Random(seed)
    came, _away, gone, *_rest = room.departments()
    room.come(came, gone)
    room.do(services.leave, room.summons(gone), by=people.department(gone))
    roll = list(
        room.session.invitations.order_by("pk").values("checked_in_at", "checked_in_by", "left_at")
    )
    acts = room.session.book.entries.count()

    met = Counter()
    for _one in range(tries):
        name, code, who = _wrong_ways(room, people, chance)
        met[name] += 1
        with suppress(PermissionDenied, ValidationError, NotNow):
            services.enter_by_code(room.session, code=code, by=who, at=room.now)

    assert len(met) == 10, met
    assert room.session.book.entries.count() == acts
    assert roll == list(
        room.session.invitations.order_by("pk").values("checked_in_at", "checked_in_by", "left_at")
    )
