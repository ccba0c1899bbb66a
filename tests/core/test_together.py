"""Several questions in one statement are answered as each would be alone, whatever kind of column they ask for."""

from datetime import date

import pytest
from django.db import connection
from django.db.models import Count, FloatField, Max, Value
from django.test.utils import CaptureQueriesContext

from accounts.models import County, Membership
from core.together import Together

pytestmark = pytest.mark.django_db


def holders(office, on):
    found = Membership.objects.filter(organisation=office).select_related("user")
    return found.order_by("-pk")


def narrow(office, on):
    found = Membership.objects.filter(organisation=office).select_related("organisation")
    return found.order_by("pk").only("role", "organisation__name")


def counted(office, on):
    found = Membership.objects.filter(organisation=office).order_by().values("organisation")
    return found.annotate(n=Count("pk"), last=Max("valid_from")).values_list("n", "last")


def columns(row):
    own = {n: v for n, v in vars(row).items() if not n.startswith("_")}
    return own, {name: columns(one)[0] for name, one in row._state.fields_cache.items()}


def test_they_are_answered_in_one_statement_as_each_alone(people, django_assert_num_queries):
    asked = Together(holders, narrow, counted)
    for office in (people.window.organisation, people.enterprise.organisation):
        wanted = [list(ask(office.pk, 0)) for ask in (holders, narrow, counted)]
        with django_assert_num_queries(1):
            full, few, sums = asked(office.pk, 0)
        assert [columns(one) for one in full] == [columns(one) for one in wanted[0]]
        assert [columns(one) for one in few] == [columns(one) for one in wanted[1]]
        assert sums == wanted[2]
        assert isinstance(sums[0][1], date)
    assert asked(0, 0) == [[], [], []]


def test_what_was_written_since_is_seen(people):
    office = people.enterprise.organisation
    asked = Together(holders)
    asked(office.pk, 0)
    office.name = "示例“甲”\\公司%s"
    office.save()
    with CaptureQueriesContext(connection) as seen:
        ((one, *_more),) = asked(office.pk, 0)
    assert one.organisation.name == office.name
    assert len(seen) == 1


def test_lists_and_objects_are_read_as_the_instance_has_them(people):
    county = County.objects.get()
    ((read,),) = Together(lambda key: County.objects.filter(pk=key))(county.pk)
    assert columns(read) == columns(county)


def test_a_column_nobody_has_thought_of_is_refused(people):
    half = Value(0.5, output_field=FloatField())
    with pytest.raises(TypeError):
        Together(lambda key: County.objects.filter(pk=key).annotate(half=half))(1)


def test_a_question_that_asks_with_something_else_is_refused(people):
    moving = iter(range(9))
    with pytest.raises(ValueError, match="something else"):
        Together(lambda key: Membership.objects.filter(organisation=key, pk=next(moving)))(1)
