"""The merged checklist, and which findings contradict one another: two tables."""

from typing import Any, NamedTuple

import pytest

from desk.rules.pack.survey import twice
from desk.rules.pack.tables import Row
from prereview.rules.checklist import Ask, merged
from prereview.rules.visit import clashes, settlement_of, signature_of, standing

LIST = [
    Ask("site", "位置", "ZRJ", substantive=True, basis="a"),
    Ask("site", "位置", "ZJJ", basis="b"),
    Ask("trees", "树木", "ZJJ", ("G01",), substantive=True),
    Ask("trees", "树木", "LYJ", ("C11",)),
    Ask("relics", "文物", "WLJ"),
]
CHECKLISTS = [
    # items, departments → points with their askers
    (set(), {"ZRJ", "ZJJ"}, {"site": ("ZRJ", "ZJJ")}),
    (set(), {"ZJJ"}, {"site": ("ZJJ",)}),
    ({"G01"}, {"ZJJ", "LYJ"}, {"site": ("ZJJ",), "trees": ("ZJJ",)}),
    ({"G01", "C11"}, {"ZJJ", "LYJ"}, {"site": ("ZJJ",), "trees": ("ZJJ", "LYJ")}),
    ({"C11"}, {"ZJJ"}, {"site": ("ZJJ",)}),
    ({"G01"}, {"WLJ"}, {"relics": ("WLJ",)}),
    ({"G01"}, set(), {}),
]


@pytest.mark.parametrize(("items", "departments", "wanted"), CHECKLISTS)
def test_each_point_stands_once_with_all_who_ask_it(items, departments, wanted):
    points = merged(LIST, items, departments)

    assert {one.topic: one.askers for one in points} == wanted
    assert len({one.words for one in points}) == len(points)


def test_an_asker_named_twice_is_named_once_and_keeps_its_two_persons():
    (point, *_rest) = merged([*LIST, LIST[0]], set(), {"ZRJ", "ZJJ"})

    assert point.askers == ("ZRJ", "ZJJ")
    assert point.two_from == {"ZRJ"}
    assert point.bases == ("a", "b")


class Said(NamedTuple):
    """A finding."""

    uid: str
    department_id: int
    topic: str = "site"
    result: str = "fine"
    happened_at: int = 0


FINE, PROBLEM, SUPPLEMENT = "fine", "problem", "supplement"
CONFLICTS = [
    # results of the departments → whether they contradict one another
    ([], False),
    ([FINE], False),
    ([PROBLEM], False),
    ([FINE, FINE], False),
    ([FINE, PROBLEM], True),
    ([FINE, SUPPLEMENT], True),
    ([PROBLEM, PROBLEM], False),
    ([PROBLEM, SUPPLEMENT], False),
    ([FINE, PROBLEM, SUPPLEMENT], True),
    ([FINE, FINE, PROBLEM], True),
]


@pytest.mark.parametrize(("results", "wanted"), CONFLICTS)
def test_findings_contradict_where_one_sees_nothing_and_another_something(results, wanted):
    said = [Said(f"u{n}", n, "site", result) for n, result in enumerate(results)]

    assert bool(clashes(said)) is wanted
    assert clashes(said) == clashes(reversed(said))


def test_two_points_do_not_contradict_one_another():
    assert clashes([Said("a", 1, "site", FINE), Said("b", 2, "trees", PROBLEM)]) == []


def test_the_later_finding_stands_and_ends_the_conflict():
    first, other, later = (
        Said("a", 1, "site", FINE, 1), Said("b", 2, "site", PROBLEM, 1), Said("c", 1, "site", PROBLEM, 2),
    )  # fmt: skip

    assert clashes(standing([first, other]).values())
    assert standing([later, first, other]) == {("site", 1): later, ("site", 2): other}
    assert not clashes(standing([later, other, first]).values())


class Word(NamedTuple):
    """A settlement."""

    uid: str
    topic: str
    findings: Any
    happened_at: int = 0


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ([], None),
        ([Word("s", "site", ["a", "b"])], "s"),
        ([Word("s", "site", ["b", "a"])], "s"),
        ([Word("s", "site", ["a"])], None),
        ([Word("s", "site", ["a", "b", "c"])], None),
        ([Word("s", "trees", ["a", "b"])], None),
        ([Word("t", "site", ["a", "b"], 2), Word("s", "site", ["a", "b"], 1)], "t"),
    ],
)
def test_a_settlement_is_of_exactly_these_findings(words, wanted):
    (clash,) = clashes([Said("a", 1, "site", FINE), Said("b", 2, "site", PROBLEM)])
    found = settlement_of(clash, words)

    assert (found and found.uid) == wanted


class Mark(NamedTuple):
    """A signature."""

    uid: str
    department_id: int
    covers: Any
    happened_at: int


def test_what_comes_after_a_signature_is_not_under_it():
    early, late = Mark("s", 1, ["a", "b"], 1), Mark("t", 1, ["a"], 2)

    assert signature_of(1, [early], {"a", "b"}) == (early, frozenset())
    assert signature_of(1, [late, early], {"a", "b"}) == (late, frozenset("b"))
    assert signature_of(2, [early], {"a"}) == (None, frozenset("a"))


def row(line, **cells):
    found = Row({"question_en": "", "source": "", "certainty": "C", **cells})
    found.line = line
    return found


def test_a_list_that_says_a_point_in_two_ways_or_two_points_in_one_is_refused():
    rows = [
        row(2, topic="site", question_zh="位置是否一致？"),
        row(3, topic="site", question_zh="位置对不对？"),
        row(4, topic="place", question_zh="位置是否一致"),
    ]

    assert [(one.line, column) for one, column, _text in twice(rows)] == [
        (3, "question_zh"), (4, "topic"),
    ]  # fmt: skip
