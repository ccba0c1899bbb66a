"""双随机: nobody is favoured, nothing published can be changed unseen, and nothing is drawn anew without a trace."""

import hashlib
from collections import Counter

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Membership, User
from accounts.stages import Role
from approvals.models import CreditBar
from approvals.stages import Stage
from core.ledger.services import county_book
from core.steps.reasons import NotNow
from inspection.models import Check, Draw
from inspection.queries.draws import published
from inspection.rules.draw import ALGORITHM, digest_of, draw_groups, faults_of, ranked
from inspection.services import draw_again, draw_random_checks
from inspection.services.pledges import announce_in_time
from inspection.stages import Group
from tests.conftest import instant
from tests.inspection.browse import Browser
from tests.inspection.drawing import drawn, drawn_again
from tests.standing import standing
from tests.walk import OFFICERS, walk

DRAWS = 10_000
# The value that a chi-square of 19 degrees of freedom passes once in a thousand times.
CHI_19 = 43.82
CHI_3 = 16.27
NAMES = st.lists(st.text("0123456789abc", min_size=1, max_size=6), max_size=20, unique=True)


def seeds():
    """10,000 seeds that everybody can make again."""
    return (hashlib.sha256(f"20180605:{n}".encode()).hexdigest() for n in range(DRAWS))


def chi_square(counts, expected):
    return sum((count - expected) ** 2 / expected for count in counts)


def test_every_project_of_a_group_is_drawn_as_often():
    names = [f"左承申〔2018〕{n}号" for n in range(20)]
    drawn = Counter()
    for seed in seeds():
        drawn.update(draw_groups({Group.USUAL: names}, {Group.USUAL: 10}, seed)[0]["drawn"])

    expected = DRAWS * 2 / 20
    assert set(drawn) == set(names)
    # Two of twenty without putting back: the variance is smaller by 18/19 than that of independent draws.
    assert chi_square(drawn.values(), expected) * 19 / 18 < CHI_19


def test_every_inspector_is_drawn_as_often():
    people = ["a1", "b2", "c3", "d4"]
    first = Counter(ranked(people, f"{seed}:1:ZJJ")[0] for seed in seeds())

    assert chi_square([first[name] for name in people], DRAWS / 4) < CHI_3


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(NAMES, NAMES, st.text("0123456789abcdef", min_size=64, max_size=64))
def test_what_is_published_is_enough_to_repeat_a_draw_and_no_change_stays_unseen(
    usual, marked, seed
):
    groups = draw_groups(
        {Group.USUAL: usual, Group.MARKED: [f"m{name}" for name in marked]},
        {Group.USUAL: 10, Group.MARKED: 100}, seed,
    )  # fmt: skip
    published = {
        "algorithm": ALGORITHM, "seed": seed, "groups": groups, "digest": digest_of(groups), "pairs": [],
    }  # fmt: skip

    assert faults_of(published) == []
    assert all(g["drawn"] for g in groups)
    if marked:
        assert sorted(groups[-1]["drawn"]) == groups[-1]["candidates"]
    if len(usual) > 1:
        taken = groups[0]["drawn"]
        other = next(name for name in groups[0]["candidates"] if name not in taken)
        changed = {**groups[0], "drawn": [other, *taken[1:]]}
        assert faults_of({**published, "groups": [changed, *groups[1:]]}) == ["group usual"]
        shorter = {**groups[0], "candidates": groups[0]["candidates"][1:]}
        assert "digest" in faults_of({**published, "groups": [shorter, *groups[1:]]})


def test_a_department_or_an_officer_put_in_by_hand_is_seen():
    seed, own = "0" * 64, f"{'0' * 64}:1"
    order = ranked(["ZJJ", "QXJ"], own)
    people = ranked(["a", "b", "c"], f"{own}:{order[0]}")
    pair = {"filing": "1", "departments": ["QXJ", "ZJJ"], "department": order[0],
            "people": ["a", "b", "c"], "officers": people[:2]}  # fmt: skip
    published = {
        "algorithm": ALGORITHM,
        "seed": seed,
        "groups": [],
        "digest": digest_of([]),
        "pairs": [pair],
    }

    assert faults_of(published) == []
    for wrong in ({"department": order[1]}, {"officers": [people[2], people[0]]}):
        assert faults_of({**published, "pairs": [{**pair, **wrong}]}) == ["project 1"]
    assert faults_of({**published, "algorithm": "by hand"}) == ["algorithm"]


walked, building = standing(
    lambda people: walk(people, instant("2018-03-05 09:00"), to=Stage.BUILDING)
)


@pytest.mark.django_db
def test_a_draw_names_nobody_and_follows_from_what_it_keeps(building, people):
    made = drawn(building, by=people.convenor)

    assert faults_of(published(made)) == []
    assert (made.turn, made.algorithm, made.groups[0]["share"]) == (1, ALGORITHM, 10)
    assert "示例" not in str(made.pairs)


@pytest.mark.django_db
def test_an_enterprise_with_a_standing_mark_is_looked_at_in_full(building, people):
    CreditBar.objects.create(
        enterprise=building.filing.enterprise, filing=building.filing, ground="示例", organ="示例",
        organ_number="示例1号", paper=building.filing.book.papers.first(), since=building.now,
    )  # fmt: skip
    made = drawn(building, by=people.convenor)

    (group,) = made.groups
    assert (group["group"], group["share"]) == (Group.MARKED, 100)


@pytest.mark.django_db
def test_drawn_anew_only_by_the_convenor_with_a_reason_and_both_stay(building, people):
    first = drawn(building, by=people.administrator)
    for stranger in (people.administrator, people.window, people.supervisor, people.enterprise):
        with pytest.raises(PermissionDenied):
            building.do(draw_again, first, reason="漏列项目", by=stranger)
    with pytest.raises(ValidationError):
        building.do(draw_again, first, reason=" ", by=people.convenor)

    second = drawn_again(building, first, by=people.convenor)

    assert (second.turn, second.replaces, second.reason) == (2, first, "漏列项目")
    assert second.seed != first.seed
    assert not first.checks.filter(called_off_at=None).exists()
    assert second.checks.filter(called_off_at=None).count() == 1
    assert county_book().entries.filter(act="draw_random_checks").count() == 2
    with pytest.raises(NotNow, match="最近的一次"):
        building.do(draw_again, first, reason="再来", by=people.convenor)
    assert building.do(draw_random_checks, by=people.convenor) == second


@pytest.mark.django_db
def test_not_drawn_anew_once_a_check_was_held(building, people):
    made = drawn(building, by=people.administrator)
    building.hold_check(Check.objects.get(), officers=OFFICERS)

    with pytest.raises(NotNow, match="已经按这次抽取"):
        building.do(draw_again, made, reason="不合意", by=people.convenor)
    assert Draw.objects.count() == 1


@pytest.mark.django_db
def test_nobody_draws_until_it_suits(building, people):
    first = drawn(building, by=people.convenor)
    announce_in_time(building.now)
    user = User.objects.create(username="second-convenor", name="冯示例")
    other = Membership.objects.create(
        user=user, organisation=people.window.organisation, role=Role.CONVENOR,
        valid_from=instant("2018-01-01").date(),
    )  # fmt: skip
    same = Membership.objects.create(
        user=people.convenor.user, organisation=people.supervisor.organisation, role=Role.CONVENOR,
        valid_from=instant("2018-01-01").date(),
    )  # fmt: skip
    for by in (people.convenor, same):
        with pytest.raises(NotNow, match="另一名召集人"):
            building.do(draw_again, first, reason="不合意", by=by)
    assert "again/" not in offered(building, people.convenor)
    assert "again/" in offered(building, other)

    second = drawn_again(building, first, by=other)

    for by in (people.convenor, other):
        with pytest.raises(NotNow, match="不能再抽"):
            building.do(draw_again, second, reason="再来", by=by)
        assert "again/" not in offered(building, by)
    assert Draw.objects.count() == 2


def offered(building, by):
    """What stands on the page of the draws for a person."""
    return Browser(by, building.now).get("draws").content.decode()
