"""The outbox: said once, sent once, and tried again when a server is away."""

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import transaction
from django.utils import translation

from core import clock
from core.notify.models import Message, Sending
from core.notify.services import KEY_LENGTH, deliver, settle_past, tell
from core.notify.words import said
from tests.house.readers import HAN

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty(settings, people):
    """Nothing waits from setting the county up; the enterprise's person has an address."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Message.objects.all().delete()
    user = people.enterprise.user
    user.email = "enterprise@example.com"
    user.save()


def say(people, at, about="case:1", subject="请签收", **more):
    tell(people, subject, about=about, at=at("2018-06-15 09:30"), **more)


def test_a_message_is_a_row_before_it_is_a_message(people, at):
    say([people.enterprise], at, body="内容", link="/cases/x/")

    message = Message.objects.get()
    assert (message.to, message.subject, message.link) == (people.enterprise, "请签收", "/cases/x/")
    assert (message.sent_at, message.read_at) == (None, None)
    assert mail.outbox == []


def test_one_occasion_is_told_once_to_each_person(people, at):
    both = [people.enterprise, people.window, people.enterprise]
    say(both, at)
    say(both, at, subject="请签收（再说一遍）")
    say(both, at, about="case:2")

    assert Message.objects.filter(to=people.enterprise).count() == 2
    assert Message.objects.count() == 4
    assert set(Message.objects.values_list("subject", flat=True)) == {"请签收"}


def test_long_occasions_are_not_taken_for_one_another(people, at):
    stem = "occasion:" + "x" * KEY_LENGTH
    say([people.enterprise, people.window], at, about=stem + "1")
    say([people.enterprise, people.window], at, about=stem + "2")
    say([people.enterprise, people.window], at, about=stem + "2")

    assert Message.objects.count() == 4


def test_a_long_subject_is_cut(people, at):
    say([people.enterprise], at, subject="长" * 300)

    assert Message.objects.get().subject == "长" * 200


def test_an_act_that_fails_tells_nobody(people, at):
    @transaction.atomic
    def fail():
        say([people.enterprise], at)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert not Message.objects.exists()


def test_it_is_sent_once(people, at, settings):
    say([people.enterprise], at, body="内容", link="/cases/x/")

    sent = [deliver(at("2018-06-15 09:31")), deliver(at("2018-06-15 09:32"))]

    letter = mail.outbox[0]
    assert sent == [1, 0]
    assert len(mail.outbox) == 1
    assert (letter.subject, letter.to) == ("请签收", ["enterprise@example.com"])
    assert f"{settings.SITE_URL}/cases/x/" in letter.body
    assert Message.objects.get().sent_at == at("2018-06-15 09:31")


def test_whoever_has_no_address_finds_it_in_the_system(people, at):
    say([people.other_enterprise], at)

    assert deliver(at("2018-06-15 09:31")) == 0
    assert Message.objects.get().sent_at == at("2018-06-15 09:31")
    assert mail.outbox == []
    assert not Sending.objects.exists()


def test_a_subject_of_several_lines_is_one_line_in_the_letter(people, at):
    say([people.enterprise], at, subject="一行\n两行")

    assert deliver(at("2018-06-15 09:31")) == 1
    assert [letter.subject for letter in mail.outbox] == ["一行 两行"]


def test_a_portion_is_sent_and_the_rest_the_next_time(people, at):
    for number in range(5):
        say([people.enterprise], at, about=f"case:{number}")

    assert [deliver(at("2018-06-15 09:31"), most=3) for _time in range(3)] == [3, 2, 0]


def test_a_past_that_was_played_is_not_mailed(people, at):
    say([people.enterprise], at)

    assert settle_past(at("2018-06-16 00:00")) == 1
    assert deliver(at("2018-06-16 00:00")) == 0
    assert mail.outbox == []


def test_the_command_says_how_many(people, at, capsys):
    say([people.enterprise, people.window], at)

    with clock.driven(at("2018-06-15 10:00")):
        call_command("deliver")

    assert capsys.readouterr().out == "发出消息 1 条。\n"


@pytest.mark.parametrize("acting_in", ["zh-hans", "en"])
def test_a_message_is_read_in_the_reader_s_language_whatever_the_actor_s(people, at, acting_in):
    with translation.override(acting_in):
        subject = said("不予受理：%(why)s") % {"why": said("已受理")}
        send = {"about": f"both:{acting_in}", "at": at("2018-06-15 09:30")}
        tell([people.enterprise], subject, **send)
    message = Message.objects.get()
    with translation.override("zh-hans"):
        assert str(message) == message.subject == "不予受理：已受理"
    with translation.override("en"):
        assert str(message) == message.subject_en != message.subject
        assert "%" not in str(message)
        assert not HAN.search(str(message))


def test_what_was_told_in_one_language_only_is_read_as_it_is(people, at):
    tell([people.enterprise], "请签收", about="one", at=at("2018-06-15 09:30"))
    with translation.override("en"):
        assert str(Message.objects.get()) == "请签收"
