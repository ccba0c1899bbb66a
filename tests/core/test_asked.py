"""A question that is put together once is answered as its queryset is, whatever it is asked with, as things now are."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.asked import MOST, READ_WITH, Asked
from accounts.models import Membership, Organisation
from accounts.queries import county, in_office, people_of, with_names
from approvals.models import Filing
from approvals.services import open_draft
from core.deadlines.models import RulebookEdition, RuleValue
from core.deadlines.queries import rulebook_at, value_of

pytestmark = pytest.mark.django_db


@Asked
def holders(offices, role, on):
    """Every kind of value: keys, a text that belongs to the statement, a day."""
    found = Membership.objects.filter(organisation__in=offices, role=role, valid_from__lte=on)
    return found.select_related("organisation", "user").order_by("pk")


def plainly(offices, role, on):
    """Ask Django the same."""
    return list(holders.__wrapped__(offices, role, on))


def columns(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 8, MOST + 1])
@pytest.mark.parametrize("role", ["clerk", "window"])
def test_it_is_answered_as_django_answers(people, count, role):
    offices = list(Organisation.objects.values_list("pk", flat=True))[:count]
    offices += range(10_000_000, 10_000_000 + count - len(offices))
    for on in (date(2018, 3, 5), date(1999, 1, 1)):
        found, wanted = holders(offices, role, on), plainly(offices, role, on)

        assert [columns(one) for one in found] == [columns(one) for one in wanted]
        for one, other in zip(found, wanted, strict=True):
            assert columns(one.organisation) == columns(other.organisation)
            assert columns(one.user) == columns(other.user)
            assert one._state.db == other._state.db
            assert not one._state.adding


def test_asked_again_it_is_one_statement_and_sees_what_was_written(people):
    office = people.enterprise.organisation
    names = Asked(lambda pk: Organisation.objects.filter(pk=pk).values_list("name", flat=True))
    names(office.pk)

    with CaptureQueriesContext(connection) as asked:
        before = names(office.pk)
        Organisation.objects.filter(pk=office.pk).update(name="示例甲公司")
        after = names(office.pk)

    assert (before, after) == ([office.name], ["示例甲公司"])
    assert len(asked) == 3


def test_nothing_is_kept_over_a_rollback(people):
    office = people.enterprise.organisation
    names = Asked(lambda pk: Organisation.objects.filter(pk=pk).values_list("name", flat=True))
    with transaction.atomic():
        Organisation.objects.filter(pk=office.pk).update(name="示例甲公司")
        assert names(office.pk) == ["示例甲公司"]
        transaction.set_rollback(True)

    assert names(office.pk) == [office.name]


def test_a_question_that_asks_with_something_else_is_refused(people):
    moving = iter(range(100))

    @Asked
    def offices(pk):
        return Organisation.objects.filter(pk=pk + next(moving))

    with pytest.raises(ValueError, match="something else"):
        offices(1)


def test_what_is_unread_is_read_when_somebody_asks(people):
    wanted = Membership.objects.select_related("organisation")
    found = Asked(lambda pk: wanted.filter(pk=pk), unread=("duties",))(people.enterprise.pk)[0]

    with CaptureQueriesContext(connection) as asked:
        assert found.organisation.name == people.enterprise.organisation.name
        assert not asked.captured_queries
        assert found.organisation.duties == people.enterprise.organisation.duties
    assert len(asked) == 1


def test_a_case_that_was_read_so_guards_its_stage(people, at):
    """The row knows with which stage it was read: a save after somebody else's step is refused as ever."""
    filing = open_draft(by=people.enterprise, at=at("2018-06-01 09:00"))
    found = Asked(lambda pk: Filing.objects.filter(pk=pk))(filing.pk)[0]

    assert found.__dict__.keys() >= vars(Filing.objects.get(pk=filing.pk)).keys()
    assert vars(found)[READ_WITH] == vars(filing)[READ_WITH] == {"stage": "draft"}
    with pytest.raises(AttributeError):
        found.stage = "completed"


def test_the_edition_in_force_is_asked_each_time(people, at):
    """Another process may load an edition at any moment; a rolled-back one was never in force."""
    now = at("2018-06-01 09:00")
    first = rulebook_at(now)
    with transaction.atomic():
        later = RulebookEdition.objects.create(
            number=first.number + 1, in_force_from=date(2018, 5, 1), source="示例", digest="x" * 64
        )
        RuleValue.objects.create(
            edition=later, code="P24", value="77", unit="second", basis="示例", certainty="I"
        )
        assert rulebook_at(now) == later
        assert value_of(rulebook_at(now), "P24").number == 77
        transaction.set_rollback(True)

    assert rulebook_at(now) == first
    assert value_of(rulebook_at(now), "P24").number != 77


def test_the_county_that_is_loaded_anew_is_the_one_that_is_said(people):
    here = county()
    here.name = "示例县"
    here.save()

    assert county().name == "示例县"
    assert county().window == here.window


def test_former_names_are_read_in_one_look(people):
    offices = list(Organisation.objects.filter(kind="department"))
    wanted = {one.pk: one.name_on(date(2018, 6, 1)) for one in Organisation.objects.all()}
    with CaptureQueriesContext(connection) as asked:
        with_names(offices)
        found = {one.pk: one.name_on(date(2018, 6, 1)) for one in offices}

    assert found == {pk: wanted[pk] for pk in found}
    assert len(asked) == 1


def test_people_in_office_are_those_of_the_queryset(people):
    offices, on = [people.enterprise.organisation_id], date(2018, 6, 1)
    assert in_office(offices, on) == list(people_of(offices, on))
    assert in_office(offices, on - timedelta(days=9000)) == []


def test_an_instant_is_read_as_django_reads_it(people, at):
    """To the microsecond, up to the edges of what a calendar holds."""
    office, whole = people.enterprise.organisation, at("2018-06-01 09:00")
    said = Asked(lambda pk: Organisation.objects.filter(pk=pk))
    parts = (0, 1, 500_000, 999_999)
    edges = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    for instant in (*(whole + timedelta(microseconds=part) for part in parts), *edges, None):
        Organisation.objects.filter(pk=office.pk).update(licence_confirmed_at=instant)
        read, django = said(office.pk)[0], Organisation.objects.get(pk=office.pk)
        assert read.licence_confirmed_at == django.licence_confirmed_at == instant
        assert instant is None or read.licence_confirmed_at.tzinfo is UTC
