"""Who acts for a department, over random days: nothing is accepted outside an authority; an end is an end at once."""

import random
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Membership, User
from accounts.stages import Role
from core.documents.services import keep
from core.ledger.services import county_book
from prereview.models import Away, DepartmentRule, Mandate
from prereview.queries.standing import standing_of
from prereview.stages import Duty, Grade
from tests.walk import pdf

pytestmark = pytest.mark.django_db
FIRST = date(2018, 5, 1)
SEEDS = range(3)
ROUNDS = 40


def some_days(rng, most=20):
    begins = FIRST + timedelta(days=rng.randrange(most))
    return begins, begins + timedelta(days=rng.randrange(12))


def instant(rng, day):
    """Some instant of a day; often the first or the last there is."""
    begins = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("Asia/Shanghai"))
    last = timedelta(days=1) - timedelta(microseconds=1)
    return begins + rng.choice((timedelta(0), last, timedelta(hours=rng.randrange(24))))


class World:
    """A department whose roster binds, with a first, a second, and whatever chance lets them do."""

    def __init__(self, people, rng):
        self.rng = rng
        self.head = people.head("QXJ")
        self.first = people.department("QXJ")
        user = User.objects.create(username="second", name="周示例")
        self.second = Membership.objects.create(
            user=user, organisation=self.first.organisation, role=Role.CLERK, valid_from=date(2018, 1, 1)
        )  # fmt: skip
        DepartmentRule.objects.create(
            department=self.first.organisation, roster_binds=True, set_by=self.head,
            set_at=instant(rng, FIRST),
        )  # fmt: skip
        self.scan = keep(pdf(), book=county_book(), by=self.head, at=instant(rng, FIRST))
        self.kept = []  # what holds, told apart from the rows
        self.gone = []

    def grant(self):
        second = self.rng.random() < 0.5
        begins, ends = some_days(self.rng)
        duties = self.rng.sample(list(Duty.values), self.rng.randint(1, 3))
        row = Mandate.objects.create(
            department=self.first.organisation, person=self.second if second else self.first,
            grade=Grade.B if second else Grade.A, covers=self.first if second else None,
            valid_from=begins, valid_to=ends, scan=self.scan, granted_by=self.head,
            granted_at=instant(self.rng, FIRST), **{f"may_{duty}": True for duty in duties},
        )  # fmt: skip
        self.kept.append(
            {"row": row, "duties": duties, "begins": begins, "ends": ends, "second": second}
        )

    def end_one(self):
        if not self.kept:
            return
        one = self.kept.pop(self.rng.randrange(len(self.kept)))
        Mandate.objects.filter(pk=one["row"].pk).update(
            ended_at=instant(self.rng, one["begins"]), ended_by=self.head, ended_because="示例"
        )

    def leave(self):
        begins, ends = some_days(self.rng)
        Away.objects.create(
            person=self.first, from_on=begins, until_on=ends, reason="示例", entered_by=self.first,
            entered_at=instant(self.rng, FIRST),
        )  # fmt: skip
        self.gone.append((begins, ends))

    def allowed(self, duty, day, *, second):
        """The reference: an entry of one's own for the duty on that day; of a second, only while the first is away."""
        away = any(begins <= day <= ends for begins, ends in self.gone)
        return any(
            duty in one["duties"]
            and one["begins"] <= day <= one["ends"]
            and one["second"] == second
            for one in self.kept
        ) and (away or not second)


@pytest.mark.parametrize("number", SEEDS)
def test_nothing_is_accepted_outside_an_authority(people, number):
    seed = f"authority{number}"
    print("seed", seed)
    world = World(people, random.Random(seed))
    accepted = 0
    for _round in range(ROUNDS):
        world.rng.choice((world.grant, world.grant, world.end_one, world.leave))()
        day = FIRST + timedelta(days=world.rng.randrange(-2, 35))
        duty, second = world.rng.choice(list(Duty.values)), world.rng.random() < 0.5
        by = world.second if second else world.first
        found = standing_of(world.first.organisation, duty, by, instant(world.rng, day))
        expected = world.allowed(duty, day, second=second)
        assert (not found.refusal) == expected, (seed, day, duty, second)
        if expected:
            accepted += 1
            row = next(one for one in world.kept if one["row"].pk == found.mandate.pk)
            assert found.evidence["mandate"] == row["row"].pk  # kept with the act
    assert accepted
