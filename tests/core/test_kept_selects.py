"""What is kept of a select is what Django would have put together: the same text, the same values, the same columns."""

import pytest
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, Value
from django.db.models.sql import compiler
from django.db.transaction import TransactionManagementError

from accounts.models import Membership, Organisation
from approvals.models import Filing, Letter, Material
from approvals.stages import Stage
from config.database import kept
from prereview.models import Slot

pytestmark = pytest.mark.django_db


def way_of(query):
    """The statement and its values as Django puts them together, from the whole of the query; None: nothing to ask."""
    made = query.clone().get_compiler("default")
    try:
        return *compiler.SQLCompiler.as_sql(made), made
    except EmptyResultSet:
        return None


def kept_way_of(query):
    """The same as this site asks it."""
    made = query.clone().get_compiler("default")
    try:
        return *made.as_sql(), made
    except EmptyResultSet:
        return None


def asked(way):
    """Text and values of a statement, to be compared: a value of JSON is like no other of PostgreSQL's driver."""
    return way and (way[0], repr(way[1]))


def columns(made):
    """What a compiler knows of the answer: expressions, their text, names, and whose they are."""
    return (
        [(repr(column), *more) for column, *more in made.select],
        _of_whom(made.klass_info),
        made.annotation_col_map,
        made.col_count,
        list(made.get_converters([column for column, *_more in made.select])),
    )


def _of_whom(info):
    related = info and info.get("related_klass_infos", [])
    return info and (info["model"], info["select_fields"], [_of_whom(one) for one in related])


PLAIN = {
    "all": Filing.objects.all,
    "by key": lambda: Filing.objects.filter(pk=7),
    "among": lambda: Filing.objects.filter(pk__in=[1, 2, 3]),
    "among others": lambda: Filing.objects.filter(pk__in=[4]),
    "among none": lambda: Filing.objects.filter(pk__in=[]),
    "none at all": Filing.objects.none,
    "all but none": lambda: Filing.objects.exclude(pk__in=[]),
    "nothing known": lambda: Filing.objects.filter(served_at=None),
    "something known": lambda: Filing.objects.exclude(served_at=None),
    "yes": lambda: Filing.objects.filter(on_paper=True),
    "no": lambda: Filing.objects.filter(on_paper=False),
    "either": lambda: Filing.objects.filter(Q(stage=Stage.DRAFT) | Q(number="")),
    "neither": lambda: Filing.objects.filter(~Q(stage=Stage.DRAFT, number="")),
    "with its firm": lambda: Filing.objects.select_related("enterprise"),
    "with its firm and more": lambda: Filing.objects.select_related("enterprise", "book", "catalogue"),
    "with whatever it may have": lambda: Slot.objects.select_related("item", "agenda__session"),
    "of a firm": lambda: Filing.objects.filter(enterprise__uscc="x").select_related("enterprise"),
    "of a firm, by its name": lambda: Filing.objects.order_by("enterprise__name", "-pk"),
    "from the back": lambda: Filing.objects.order_by("-submitted_at").reverse(),
    "in no order": Filing.objects.order_by,
    "the first": lambda: Filing.objects.order_by("pk")[:1],
    "the third to fifth": lambda: Filing.objects.order_by("pk")[2:5],
    "whether any": Filing.objects.filter(pk=7).query.exists,
    "some columns": lambda: Filing.objects.only("number", "stage"),
    "without some": lambda: Filing.objects.defer("answers").select_related("enterprise"),
    "some of each": lambda: Filing.objects.only("number", "enterprise__name").select_related("enterprise"),
    "values": lambda: Filing.objects.values_list("pk", "enterprise__name"),
    "values by name": lambda: Filing.objects.values("number", "pk"),
    "one value": lambda: Filing.objects.values_list("stage", flat=True),
    "of many": lambda: Filing.objects.filter(materials__name="甲").filter(materials__state="乙"),
    "of many at once": lambda: Filing.objects.filter(materials__name="甲", materials__state="乙"),
    "of none of many": lambda: Filing.objects.exclude(materials__name="甲"),
    "among those of another": lambda: Letter.objects.filter(filing__in=Filing.objects.filter(number="")),
    "of those who have": lambda: Filing.objects.filter(
        Exists(Material.objects.filter(filing=OuterRef("pk"), name="甲"))
    ),
    "of those who have none, in firms that have some": lambda: Organisation.objects.filter(
        Exists(Filing.objects.filter(enterprise=OuterRef("pk")).exclude(materials__name="甲"))
    ),
    "locked": lambda: Filing.objects.select_for_update(no_key=True).filter(pk=7),
    "locked unless somebody holds it": lambda: Filing.objects.select_for_update(skip_locked=True)[:3],
    "compared within": lambda: Filing.objects.filter(served_at__lt=F("received_at")),
    "by parts of JSON": lambda: Filing.objects.filter(answers__land_route="own"),
    "from the other side": lambda: Organisation.objects.filter(memberships__role="window"),
    "a person's": lambda: Membership.objects.select_related("user", "organisation").filter(user__username="x"),
}  # fmt: skip
OUT_OF_THE_ORDINARY = {
    "locked in part": lambda: Filing.objects.select_related("enterprise").select_for_update(of=["self"]),
    "distinct": lambda: Filing.objects.values_list("stage").distinct(),
    "counted": lambda: Filing.objects.annotate(n=Count("materials")),
    "with a value": lambda: Filing.objects.annotate(a=Value(2)),
    "with the same value, not asked for": lambda: Filing.objects.annotate(a=Value(1)).values("pk"),
    "ordered by an expression": lambda: Filing.objects.order_by(F("served_at").desc(nulls_last=True)),
    "by chance": lambda: Filing.objects.order_by("?"),
    "together": lambda: Filing.objects.filter(pk=1).order_by().union(Filing.objects.filter(pk=2).order_by()),
    "extra": lambda: Filing.objects.extra(where=["1 = 1"], select={"x": "1"}),
}  # fmt: skip
ALL = {**PLAIN, **OUT_OF_THE_ORDINARY}


def query_of(rows):
    return getattr(rows, "query", rows)


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setattr(kept, "MADE", {})


@pytest.mark.parametrize("name", ALL)
def test_new_or_known_it_says_what_django_says(name):
    wanted = way_of(query_of(ALL[name]()))
    for _time in ("new", "known"):
        found = kept_way_of(query_of(ALL[name]()))
        assert (found is None) == (wanted is None)
        if wanted is not None:
            assert asked(found) == asked(wanted)
            assert columns(found[2]) == columns(wanted[2])


def test_all_one_after_the_other_none_is_taken_for_another():
    for _round in range(2):
        for name, ask in ALL.items():
            found, wanted = kept_way_of(query_of(ask())), way_of(query_of(ask()))
            assert asked(found) == asked(wanted), name


@pytest.mark.parametrize("name", PLAIN)
def test_what_is_plain_is_kept(name):
    kept_way_of(query_of(PLAIN[name]()))

    assert list(kept.MADE.values()) != [None]
    assert kept.MADE


@pytest.mark.parametrize("name", OUT_OF_THE_ORDINARY)
def test_what_is_out_of_the_ordinary_is_djangos(name):
    query = query_of(OUT_OF_THE_ORDINARY[name]())

    assert kept.shape_of(query) is None


def test_what_is_asked_for_is_never_kept(people):
    first, second = people.window, people.convenor
    found = [Membership.objects.get(pk=one.pk) for one in (first, second, first)]

    assert found == [first, second, first]
    assert list(Membership.objects.filter(pk__in=[first.pk])) == [first]
    assert list(Membership.objects.filter(pk__in=[second.pk])) == [second]


def test_a_query_that_is_gone_on_with_is_another(people):
    every = Membership.objects.order_by("pk")
    assert first_of(every) == every[0]
    narrowed = every.filter(organisation__code="ZJJ")
    str(narrowed.query)

    assert narrowed.count() < every.count()
    assert {one.organisation.code for one in narrowed.select_related("organisation")} == {"ZJJ"}


def first_of(rows):
    return next(iter(rows))


def test_a_lock_outside_of_a_transaction_is_a_mistake_known_or_not(monkeypatch):
    rows = Filing.objects.select_for_update(no_key=True)
    kept_way_of(rows.query)
    monkeypatch.setattr(connection, "get_autocommit", lambda: True)

    if connection.features.has_select_for_update:
        with pytest.raises(TransactionManagementError):
            kept_way_of(rows.query)
    else:
        assert kept_way_of(rows.query)


def test_whoever_keeps_too_many_forgets_the_oldest(monkeypatch):
    monkeypatch.setattr(kept, "MOST", 2)
    for name in ("all", "by key", "with its firm", "in no order"):
        kept_way_of(PLAIN[name]().query)

    assert 1 <= len(kept.MADE) <= 2


def test_this_site_is_asked_by_it():
    assert isinstance(Filing.objects.all().query.get_compiler("default"), kept.Kept)
    assert connection.vendor in {"sqlite", "postgresql"}
