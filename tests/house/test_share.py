"""What `make test` leaves to another run is met by another seed, and what starts alone leaves nothing out."""

import json
from types import SimpleNamespace

import pytest

from deploy import same_tests
from tests import share
from tests.house import test_doors
from tests.share import PLACES, SHARED, TESTS, mine

SEEDS = range(40)
YES, NO = True, False  # as true as whether the tests are shared, and nothing to do with it
ROWS = [f"row {number}" for number in range(200)]


@pytest.fixture
def shared(monkeypatch):
    """As in `make test`."""
    monkeypatch.setattr(share, "SHARED", True)


def item(path, name, *, dealt=False, fixtures=("db", "people"), function=len, **imported):
    """A collected test, as far as the deal looks at it."""
    return SimpleNamespace(
        path=TESTS / path, name=name, originalname=name.partition("[")[0], fixturenames=fixtures,
        function=function, module=SimpleNamespace(**imported),
        get_closest_marker=lambda _name: dealt or None,
    )  # fmt: skip


def asks_its_rows():
    """A test that asks about a row of its list, within a loop of its own."""
    return [row for row in ROWS if mine(row)]


def asks_by_another():
    """A test that leaves that to a helper."""
    return sorted(asks_its_rows())


def asks_if_shared():
    """A test that is shorter in `make test`."""
    return SHARED


def asks_all():
    """A test beside them that asks all of its rows."""
    return ROWS if YES else NO


@pytest.mark.parametrize("of", [2, 3])
def test_every_row_has_its_turn_and_no_turn_is_empty(shared, of):
    asked = [{row for row in ROWS if share.turns(row, of=of, seed=seed)} for seed in SEEDS]

    assert set().union(*asked) == set(ROWS)
    assert all(len(ROWS) / of / 2 < len(found) < len(ROWS) / of * 2 for found in asked)


def test_alone_every_row_is_asked(monkeypatch):
    monkeypatch.setattr(share, "SHARED", False)

    assert all(share.turns(row, seed=seed) for row in ROWS for seed in SEEDS)


def test_both_databases_ask_the_same_turn_and_together_all_of_it(shared):
    """`turns` looks at no database; `mine` gives each row of it to exactly one."""
    with pytest.MonkeyPatch.context() as patched:
        took = []
        for number in range(len(PLACES)):
            patched.setattr(share, "place", lambda number=number: number)
            took.append({row for row in ROWS if share.mine(row) and share.turns(row, seed=1)})

    assert took[0] | took[1] == {row for row in ROWS if share.turns(row, seed=1)}
    assert took[0] & took[1] == set()


def test_no_draw_takes_from_a_database_what_another_left_to_it(shared, monkeypatch):
    """Of names of one length, too: each database asks about its quarter in every run, and each situation on both."""
    rows = ROWS[100:]
    for number in range(len(PLACES)):
        monkeypatch.setattr(share, "place", lambda number=number: number)
        for seed in (1001, 1010, 1011, *range(1100, 1140)):
            asked = [row for row in rows if share.mine(row) and share.turns(row, of=2, seed=seed)]
            assert 10 <= len(asked) <= 40
        for turn in range(6):
            assert [row for row in rows if share.mine(row) and share.dealt(turn, row, of=6)]


def test_tests_of_one_length_are_not_always_dealt_together():
    tests = [item("desk/test_desk.py", f"test_{number}") for number in range(10, 20)]
    first, *others = zip(*[share.deal(tests, seed) for seed in SEEDS], strict=True)

    assert all(10 <= sum(map(int.__ne__, first, places)) <= 30 for places in others)


def test_every_address_is_asked_in_every_run():
    asked = {route for route, _method, _state in test_doors.one_of_each()}

    assert asked == {door.route for door in test_doors.DOORS}


def test_a_page_s_test_has_one_database_and_each_in_turn():
    tests = [item("desk/test_desk.py", f"test_{number}[a]") for number in range(40)]
    dealt = [share.deal(tests, seed) for seed in SEEDS]

    assert all({*places} == {0, 1} for places in dealt)
    assert all({*turns} == {0, 1} for turns in zip(*dealt, strict=True))


def test_the_rows_of_a_test_go_together_but_where_they_are_dealt():
    rows = [item("desk/test_desk.py", f"test_it[{row}]") for row in ROWS]
    apart = [item("stories/test_it.py", f"test_it[{row}]", dealt=True) for row in ROWS]

    assert all(len({*share.deal(rows, seed)}) == 1 for seed in SEEDS)
    assert {*share.deal(apart, 1)} == {0, 1}


@pytest.mark.parametrize("odd", [0, 1])
def test_both_databases_get_as_many_and_of_an_odd_number_one_runs_on_both(odd):
    """However unequal the tests are: one of eight has some rows, one has as many as fifteen others."""
    tests = [
        item("desk/test_desk.py", f"test_{number}[{row}]")
        for number in range(80)
        for row in range(15 if number == 1 else 4 if number % 8 == 0 else 1)
    ]
    tests = tests[: len(tests) - (len(tests) + odd) % 2]
    for seed in SEEDS:
        dealt = share.deal(tests, seed)
        assert dealt.count(0) == dealt.count(1)
        assert dealt.count(None) == odd


def test_nothing_is_dealt_that_touches_no_database():
    alone = [item("desk/test_desk.py", f"test_{number}", fixtures=()) for number in range(9)]

    assert {*share.deal(alone, 1)} == {None}


@pytest.mark.parametrize(
    "one",
    [
        item("proofs/test_it.py", "test_it"),
        item("core/test_ledger.py", "test_it"),
        item("desk/test_it.py", "test_it", fixtures=("db", "transactional_db")),
        item("desk/test_it.py", "test_it", mine=mine, function=asks_its_rows),
        item("desk/test_it.py", "test_it", mine=mine, function=asks_by_another),
        item("desk/test_it.py", "test_it", SHARED=SHARED, function=asks_if_shared),
        item("desk/test_it.py", "test_it", fixtures=("db", "rows"), rows=asks_its_rows, mine=mine),
    ],
    ids=["proof", "core", "real commits", "shares", "by another", "asks whether", "by a fixture"],
)
def test_what_is_proven_of_both_databases_runs_on_both(one):
    assert share.dealt_as(one) is None


@pytest.mark.parametrize(
    "one",
    [
        item("stories/test_it.py", "test_it"),
        item("core/test_scanning.py", "test_it"),
        item("desk/test_it.py", "test_it", mine=mine, function=asks_all),
    ],
    ids=["story", "files", "beside a list that is shared"],
)
def test_what_depends_on_no_database_is_dealt(one):
    assert share.dealt_as(one) == (one.path, "test_it")


def test_files_that_are_named_are_there():
    named = {f"core/{stem}" for stem in share.OF_THE_CORE} | {f"desk/{s}" for s in share.TOGETHER}

    assert [name for name in named if not (TESTS / f"{name}.py").exists()] == []


def test_what_is_made_once_for_a_file_is_made_on_one_database():
    tests = [item("desk/test_replay.py", f"test_{number}") for number in range(9)]

    assert all(len({*share.deal(tests, seed)}) == 1 for seed in SEEDS)


# — the records of both runs ——————————————————————————————————————————————————————————

NONE = ("only", "none")


def record(folder, name, *cases, left=()):
    """A record of (test, kind) pairs, all passed, and beside it what was left to the other database."""
    said = "".join(
        f'<testcase classname="t" name="{test}"><properties><property name="database" value="{kind}"/>'
        "</properties></testcase>"
        for test, kind in cases
    )
    path = folder / f"{name}.xml"
    path.with_suffix(".left").write_text(json.dumps([f"t::{test}" for test in left]), "utf-8")
    path.write_text(f"<testsuites><testsuite>{said}</testsuite></testsuites>", "utf-8")
    return path


def test_records_that_fit_are_counted(tmp_path, capsys):
    first = record(tmp_path, "sqlite", NONE, ("a", "both"), ("b", "dealt"), left=["c"])
    second = record(tmp_path, "postgres", ("a", "both"), ("c", "dealt"), left=["only", "b"])
    same_tests.main(first, second)

    said = capsys.readouterr().out
    assert "1 tests dealt to postgres alone: 1 passed" in said
    assert "2 tests touched the database of sqlite" in said
    assert "2 tests touched the database of postgres" in said


@pytest.mark.parametrize("kinds", [("left", "kept"), ("kept", "left"), ("left", "left")])
def test_what_was_left_by_both_to_each_other_is_named(tmp_path, kinds):
    """Two seeds deal differently: what falls between them would never run, and no record would say so."""
    left = [["lost"] if kind == "left" else [] for kind in kinds]
    first = record(tmp_path, "sqlite", NONE, ("a", "both"), ("b", "dealt"), left=left[0])
    second = record(tmp_path, "postgres", ("a", "both"), ("c", "dealt"), left=left[1])
    with pytest.raises(SystemExit, match="left by both databases to each other: t::lost"):
        same_tests.main(first, second)


def test_what_is_left_is_named_as_the_records_name_it(tmp_path):
    path = tmp_path / "tests-sqlite.xml"
    share.note_left(
        path, [SimpleNamespace(nodeid="tests/house/test_it.py::TestIt::test_it[a::b/c]")]
    )

    assert same_tests.left(path) == {"tests.house.test_it.TestIt::test_it[a::b/c]"}


@pytest.mark.parametrize(
    ("first", "second", "fault"),
    [
        ([NONE, ("a", "both"), ("b", "dealt")], [("a", "both"), ("b", "dealt")], "dealt to both"),
        ([NONE, ("a", "both"), ("b", "dealt")], [("a", "both")], "not as many"),
        ([NONE, ("a", "both")], [("d", "both")], "not tested alike"),
        ([NONE, ("a", "both")], [("a", "both"), NONE], "touches no database"),
    ],
    ids=["twice", "one takes all", "missing", "none twice"],
)
def test_records_that_do_not_fit_are_refused(tmp_path, first, second, fault):
    records = record(tmp_path, "sqlite", *first), record(tmp_path, "postgres", *second)
    with pytest.raises(SystemExit, match=fault):
        same_tests.main(*records)
