import itertools
import random

import pytest

from approvals.rules.conditions import UNKNOWN, ConditionError, parse

FACTS = {
    "yes": True,
    "no": False,
    "open": UNKNOWN,
    "eia_class": "form",
    "site": frozenset({"trees", "river"}),
    "half": frozenset({"trees", "unsure"}),
    "nothing": frozenset(),
}


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("always", True),
        ("not always", False),
        ("yes", True),
        ("no", False),
        ("open", None),
        ("never_heard_of", None),
        ("not no", True),
        ("not not yes", True),
        ("not open", None),
        ("yes and no", False),
        ("yes and open", None),
        ("no and open", False),
        ("yes or open", True),
        ("no or open", None),
        ("yes or no and no", True),
        ("no and no or yes", True),
        ("not no and yes", True),
        ("not yes or yes", True),
        ("eia_class=form", True),
        ("eia_class = report", False),
        ("eia_class!=report", True),
        ("open=report", None),
        ("open!=report", None),
        ("site=trees", True),
        ("site=road", False),
        ("site!=river", False),
        ("half=trees", True),
        ("half=road", None),
        ("half!=road", None),
        ("half=unsure", True),
        ("nothing=trees", False),
        ("yes=yes", True),
        ("no=yes", False),
        ("  yes   and  not  no ", True),
    ],
)
def test_truth(text, truth):
    assert parse(text).evaluate(FACTS) is truth


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("", 1),
        ("   ", 4),
        ("yes and", 8),
        ("and yes", 1),
        ("yes or or no", 8),
        ("yes no", 5),
        ("eia_class=", 11),
        ("eia_class=and", 11),
        ("=form", 1),
        ("(yes)", 1),
        ("yes and (no)", 9),
        ("yes，no", 4),
        ("yes && no", 5),
        ("not", 4),
        ("yes = = no", 7),
        ("always yes", 8),
    ],
)
def test_fault_is_named_by_its_column(text, column):
    with pytest.raises(ConditionError) as error:
        parse(text)
    assert error.value.column == column
    assert str(column) in str(error.value)


def test_facts_and_what_decides():
    condition = parse("in_zone or supply and not assessed and eia_class!=form")
    assert condition.facts == {"in_zone", "supply", "assessed", "eia_class"}
    facts = {"in_zone": False, "supply": True, "assessed": False, "eia_class": "report"}
    assert condition.deciding(facts) == ("supply", "assessed", "eia_class")
    facts |= {"assessed": UNKNOWN}
    assert condition.evaluate(facts) is None
    assert condition.deciding(facts) == ("assessed",)


def test_unknown_only_where_it_could_change_the_answer():
    """Where the answer is known, no way of filling in the unknown facts gives another one."""
    seed = 41
    print("seed", seed)
    rng = random.Random(seed)
    names = ["a", "b", "c"]
    for _i in range(300):
        words = [("not " if rng.random() < 0.3 else "") + rng.choice(names) for _j in range(4)]
        text = words[0] + "".join(f" {rng.choice(['and', 'or'])} {w}" for w in words[1:])
        facts = {name: rng.choice([True, False, UNKNOWN]) for name in names}
        unknown = [n for n in names if facts[n] is UNKNOWN]
        truth = parse(text).evaluate(facts)
        filled = {
            parse(text).evaluate(facts | dict(zip(unknown, values, strict=True)))
            for values in itertools.product([True, False], repeat=len(unknown))
        }
        assert None not in filled
        if truth is not None:
            assert filled == {truth}, (text, facts)
