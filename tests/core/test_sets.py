"""Rows read and made in sets are those of Django; a content put together from parts has its value and its digest."""

import gc
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext_lazy

from accounts.models import Membership, Organisation
from accounts.once import reading_once, shared
from approvals.models import Filing
from approvals.services import open_draft
from core.composed import composed, joined, piece, put_together
from core.documents import pdf, required
from core.ledger.models import Book, Entry
from core.notify.models import Message
from core.rows import write
from core.sets import Beside, made, put_all, rows_of, uncollected

pytestmark = pytest.mark.django_db
CONTENT = {
    "乙": [1, {"b": None, "a": '引"号\n'}], "甲": "文", "n": 12, "yes": True, "no": False, "none": None, "empty": [],
}  # fmt: skip


def columns(row):
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}


def test_a_row_is_made_as_its_model_makes_it(people, at):
    values = {
        "to": people.window,
        "subject": "题",
        "key": "k",
        "created_at": at("2018-06-01 09:00"),
    }

    mine, django = made(Message, **values), Message(**values)

    assert columns(mine) == columns(django)
    assert mine.to is people.window
    assert mine._state.adding
    assert columns(Message.objects.get(pk=write(mine).pk)) == columns(mine)
    with pytest.raises(TypeError, match="no subjekt"):
        made(Message, subjekt="题")


def test_a_default_that_is_called_is_made_anew_for_each_row():
    first, second = made(Filing), made(Filing)

    assert columns(first).keys() == columns(second).keys()
    assert first.public_id != second.public_id


def test_rows_are_read_as_django_reads_them_and_each_once(people):
    with CaptureQueriesContext(connection) as asked:
        found = rows_of(Membership.objects.order_by("pk"))
        Beside().put(found, "organisation", "user")

    assert len(asked) == 3
    django = list(Membership.objects.order_by("pk").select_related("organisation", "user"))
    assert [columns(one) for one in found] == [columns(one) for one in django]
    assert [columns(one.organisation) for one in found] == [
        columns(one.organisation) for one in django
    ]
    one = {id(row.organisation) for row in found if row.organisation_id == found[0].organisation_id}
    assert len(one) == 1
    assert len(asked) == 3


def test_a_column_that_was_left_out_is_read_when_it_is_asked_for(people):
    (found, *_rest) = rows_of(Organisation.objects.defer("name").order_by("pk"))

    assert found.get_deferred_fields() == {"name"}
    assert found.name == Organisation.objects.order_by("pk")[0].name


def test_rows_that_refer_to_others_are_put_beside_them(people):
    offices = rows_of(Organisation.objects.order_by("pk"))
    put_all(offices, "names")

    with CaptureQueriesContext(connection) as asked:
        mine = {one.pk: [name.name for name in one.names.all()] for one in offices}

    assert not asked
    assert mine == {
        one.pk: [name.name for name in one.names.all()]
        for one in Organisation.objects.prefetch_related("names")
    }


def test_a_model_that_moves_through_stages_is_read_by_django(people, at):
    filing = open_draft(by=people.enterprise, at=at("2018-06-01 09:00"))
    entry = rows_of(Entry.objects.filter(book=filing.book_id))[0]
    Beside().put([entry], "book")

    assert isinstance(entry.book, Book)
    assert rows_of(Filing.objects.filter(pk=filing.pk)) == [filing]


@pytest.mark.parametrize("content", [CONTENT, {}, {"a": {}}, {"b": 1, "a": [[]]}])
def test_a_content_put_together_has_the_text_and_digest_of_the_whole(content):
    mine = composed(content)

    assert mine == content
    assert mine.text == json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    assert pdf.content_digest(mine) == pdf.content_digest(dict(content))


def test_a_shared_piece_is_written_out_once_and_the_last_word_counts():
    alike, own = piece({"x": "甲%", "list": [{"b": 1, "a": None}]}), piece({"n": "1", "x": "乙\n"})

    assert put_together(alike, own) == {**alike, **own}
    for pieces in ((alike, own), (own, alike), (alike,), (own,), (piece({"n": True}),), ()):
        whole = put_together(*pieces)
        assert whole.text == composed(dict(whole)).text
        assert json.loads(whole.text) == whole


def test_what_is_put_around_a_piece_has_the_text_of_the_whole():
    first = joined(piece({"b": "50%", "a": 1}), piece({"d": [1]}))
    for own in ({"c": "乙%s"}, {"c": 1, "e": None}, {"b": "乙"}, {}):
        whole = put_together(first, piece(own))
        assert whole == {"b": "50%", "a": 1, "d": [1], **own}
        assert whole.text == composed(dict(whole)).text
    assert required.in_order({}, put_together(first, piece({"c": "乙"})))
    assert not required.in_order(
        {}, put_together(first, piece({"b": "乙"}))
    )  # said twice: looked at whole


def test_a_batch_looks_for_no_garbage_and_after_it_python_does_again():
    def in_batch():
        with uncollected():
            assert not gc.isenabled()
            with uncollected():
                pass
            assert not gc.isenabled()
            raise LookupError

    with pytest.raises(LookupError):
        in_batch()

    assert gc.isenabled()


def test_what_is_made_once_is_made_once_in_a_batch_and_never_beyond_it():
    made = []

    def make():
        made.append(1)
        return len(made)

    with reading_once():
        assert [shared(("a", 1), make), shared(("a", 1), make), shared(("a", 2), make)] == [1, 1, 2]
    assert [shared(("a", 1), make), shared(("a", 1), make)] == [3, 4]


def test_what_is_no_json_is_refused():
    with pytest.raises(TypeError):
        composed({"a": [gettext_lazy("文")]})
