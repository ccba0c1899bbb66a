"""Rows written by columns are the rows that are written one by one, and nothing is cut short on the way."""

import pytest
from django.db import DataError, connection, transaction
from django.utils.translation import gettext_noop

from core.columns import array, draw_keys, update
from core.notify.models import Message
from core.notify.services import Told, tell, tell_all
from core.notify.words import in_both
from core.notify.words import said as _
from core.rows import write_all

pytestmark = pytest.mark.django_db
ENDED = gettext_noop("催办后仍未签署承诺书")
WAYS = ["", 'a "b" \\ {c}, %s', "NULL", "两\n行"]


def letter(person, at, number, subject="甲"):
    made = {"subject": subject, "created_at": at("2018-06-01 09:00"), "key": f"k{number}"}
    return Message(to=person, **made)


def said():
    left_out = ("id", "key")
    names = [f.attname for f in Message._meta.concrete_fields if f.name not in left_out]
    return sorted(map(repr, Message.objects.values_list(*names)))


def test_what_is_told_in_sets_is_what_is_told_one_by_one(people, at):
    now, both = at("2018-06-01 09:00"), [people.window, people.convenor, people.window]
    tell(both, _(ENDED), about="one", at=now, body=_(ENDED), link="/x/")
    one_by_one = said()
    Message.objects.all().delete()

    ((subject),) = in_both([(ENDED, {})])
    told = [Told(both, subject, "one", "/x/", subject), Told([], subject, "nobody", "")]
    tell_all(told, now)
    tell_all(told, now)  # said again, it is not said twice

    assert said() == one_by_one


def test_names_are_said_in_each_language_and_once():
    sentence = gettext_noop("%(project)s：请在%(until)s前补做意见，逾期转效能监督督办")
    names = {"project": "50%甲", "until": 3}

    assert in_both([(sentence, names)])[0][0] == sentence % names
    assert in_both([(sentence, names)])[0][1] != sentence % names


def test_only_the_rows_that_are_named_change(people, at):
    rows = [letter(people.window, at, number) for number in range(4)]
    write_all(rows, keys=True)
    changed = [row.pk for row in rows[:3]]
    update(Message, ("id", "subject", "body"), [changed, WAYS[:3], ["同"] * 3])

    found = list(Message.objects.order_by("pk").values_list("subject", "body"))
    assert found == [*zip(WAYS[:3], ["同"] * 3, strict=True), ("甲", "")]


def test_keys_are_drawn_once_and_go_on(people, at):
    first, second = draw_keys(Message, 1), letter(people.window, at, 1)
    write_all([second], keys=True)
    second.refresh_from_db()
    assert second.pk >= first[0]

    third = letter(people.window, at, 2)
    third.save()
    assert third.pk > second.pk


def test_a_text_that_is_too_long_is_never_cut(people, at):
    """PostgreSQL refuses it, SQLite keeps texts of any length."""
    long = [letter(people.window, at, number, f"{number}" * 201) for number in range(2)]
    if connection.vendor == "postgresql":
        with pytest.raises(DataError), transaction.atomic():
            write_all(long)
        return
    write_all(long)
    assert [len(one.subject) for one in Message.objects.order_by("pk")] == [201, 201]


def test_an_array_says_each_value_or_leaves_it_to_the_driver():
    assert array([1, 2]) == "{1,2}"
    assert array(["a", 'b"\\']) == '{"a","b\\"\\\\"}'
    assert array(["a\0b", "c"]) == ["a\0b", "c"]
    assert array([None, "a"]) == [None, "a"]
    assert array([True, False]) == [True, False]
