"""What is read and written by a statement put together once is what Django reads and writes."""

from uuid import uuid4

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django_fsm import ConcurrentTransition

from approvals.models import Filing, StageLimit
from approvals.rules import limits
from approvals.services import open_draft
from approvals.stages import Stage
from core.deadlines.services import start
from core.ledger.services import open_book
from core.notify.models import Message
from core.rows import Read, change, write, write_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def filing(people, at):
    return open_draft(by=people.enterprise, at=at("2018-06-01 09:00"))


@pytest.fixture
def limit(filing, at):
    return start(
        StageLimit(filing=filing, book=filing.book), limits.SIGN, at=at("2018-06-04 09:00")
    )


def columns(row):
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}


def test_a_row_is_read_with_what_is_joined_to_it(limit):
    joined = ("filing__enterprise", "filing__rulebook", "calendar", "item")
    read = Read(lambda: StageLimit.objects.select_related(*joined), "pk")

    with CaptureQueriesContext(connection) as asked:
        found = [read.get(limit.pk) for _time in range(2)][1]
        names = (
            found.filing.enterprise.name,
            found.calendar.number,
            found.item,
            found.filing.rulebook,
        )

    assert len(asked) == 2
    django = StageLimit.objects.get(pk=limit.pk)
    assert found == django
    assert columns(found) == columns(django)
    assert columns(found.filing) == columns(django.filing)
    assert names == (
        django.filing.enterprise.name, django.calendar.number, None, django.filing.rulebook,
    )  # fmt: skip


def test_a_row_is_named_by_its_columns_in_their_order(limit):
    read = Read(StageLimit.objects.all, "filing", "book")

    assert read.get(limit.filing_id, limit.book_id) == limit
    with pytest.raises(StageLimit.DoesNotExist):
        read.get(limit.filing_id, limit.book_id + 1)


def test_what_belongs_to_the_statement_stays_in_it(limit):
    same, other = (StageLimit.objects.filter(length=limit.length + more) for more in (0, 1))

    assert Read(lambda: same, "pk").get(limit.pk) == limit
    with pytest.raises(StageLimit.DoesNotExist):
        Read(lambda: other, "pk").get(limit.pk)


def test_a_protected_stage_is_read_as_it_is(filing):
    found = Read(Filing.objects.all, "pk").get(filing.pk)

    assert (found.stage, columns(found)) == (
        filing.stage,
        columns(Filing.objects.get(pk=filing.pk)),
    )


def test_a_row_is_written_as_it_stands_new_or_known(filing, limit, at):
    facts = {**columns(limit), "id": None}
    new = write(StageLimit(**facts))
    assert columns(StageLimit.objects.get(pk=new.pk)) == {**facts, "id": new.pk}

    new.length, new.escalated_at, new.interrupted = 9, at("2018-06-20 09:00"), True
    write(new)

    assert columns(StageLimit.objects.get(pk=new.pk)) == columns(new)
    assert columns(StageLimit.objects.get(pk=limit.pk)) == columns(limit)


def test_what_is_out_of_the_ordinary_is_saved_by_django(limit):
    partly = StageLimit.objects.only("length").get(pk=limit.pk)
    partly.length = 4
    write(partly)
    limit.refresh_from_db()
    assert limit.length == 4

    limit.length = F("length") + 1
    write(limit)
    limit.refresh_from_db()
    assert limit.length == 5


def test_a_row_that_is_gone_is_not_written_anew(limit):
    StageLimit.objects.filter(pk=limit.pk).delete()

    with pytest.raises(ObjectDoesNotExist):
        write(limit)


def letters(people, at, words):
    return [
        Message(
            to=people.window,
            subject=word,
            key=word,
            created_at=at("2018-06-01 09:00"),
            service=True,
        )
        for word in words
    ]


def test_many_rows_are_written_as_django_writes_them(people, at):
    words = ["第一", 'it\'s, {so} "said" \\ %s', "", "第四"]
    write_all(letters(people, at, words))
    ours = [columns(message) for message in Message.objects.order_by("pk")]
    Message.objects.all().delete()
    Message.objects.bulk_create(letters(people, at, words))

    django = [columns(message) for message in Message.objects.order_by("pk")]
    assert [{**row, "id": None} for row in ours] == [{**row, "id": None} for row in django]


def test_what_is_said_already_is_left_out_only_where_that_is_asked_for(people, at):
    write_all(letters(people, at, "ab"))
    write_all(letters(people, at, "bc"), once=True)

    assert sorted(Message.objects.values_list("key", flat=True)) == ["a", "b", "c"]
    with pytest.raises(IntegrityError), transaction.atomic():
        write_all(letters(people, at, "cd"))
    write_all([])
    assert Message.objects.count() == 3


def test_rows_learn_their_keys_and_those_of_what_was_written_before_them(filing, limit, at):
    rows = [StageLimit(**{**columns(limit), "id": None, "length": n}) for n in range(600)]
    write_all(rows, keys=True)

    found = StageLimit.objects.filter(pk__gt=limit.pk).order_by("pk")
    assert [(row.pk, row.length) for row in rows] == list(found.values_list("pk", "length"))
    assert columns(found[7]) == columns(rows[7])


def test_a_case_that_moves_through_stages_is_saved_with_its_guard(filing):
    """Somebody else has moved it meanwhile: whoever does not know that is refused."""
    Filing.objects.filter(pk=filing.pk).update(stage=Stage.SUBMITTED)

    with pytest.raises(ConcurrentTransition):
        write(filing)


def test_some_columns_are_written_where_the_case_stands_as_it_was_read(filing):
    filing.project_name = "示例改名"
    filing.number = "不写"
    change(filing, "project_name")
    now = Filing.objects.get(pk=filing.pk)
    assert (now.project_name, now.number) == ("示例改名", "")

    Filing.objects.filter(pk=filing.pk).update(stage=Stage.SUBMITTED)
    with pytest.raises(ConcurrentTransition):
        change(filing, "project_name")


def test_of_a_limit_only_the_named_columns_are_written_times_and_nothing_among_them(limit, at):
    StageLimit.objects.filter(pk=limit.pk).update(rule="ZZ")
    limit.ended_at, limit.act_at = at("2018-06-05 09:00"), None
    change(limit, "ended_at", "act_at")
    found = StageLimit.objects.get(pk=limit.pk)
    assert (found.ended_at, found.act_at) == (limit.ended_at, None)
    assert found.rule == "ZZ", "what is not named stays as the database has it"


def test_a_new_case_is_written_as_it_is_saved_and_guards_its_stage_from_then_on(filing):
    """What a new row learns is what `save()` teaches it: its key, and the stage that its next save must still find."""
    fresh = {
        **columns(filing),
        "id": None,
        "public_id": uuid4().hex[:12],
        "book_id": open_book("one").pk,
    }
    ours = write(Filing(**fresh))
    assert columns(Filing.objects.get(pk=ours.pk)) == {**fresh, "id": ours.pk}
    assert ours.__dict__.keys() == Filing(**fresh).__dict__.keys()

    Filing.objects.filter(pk=ours.pk).update(stage=Stage.SUBMITTED)
    with pytest.raises(ConcurrentTransition):
        ours.save()
