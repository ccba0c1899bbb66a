"""News by mail: only its owner can say yes for an address, leaving is one press, and nobody learns who reads."""

import re
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage

from approvals.services import withdraw
from core import clock
from core.ledger.models import Entry
from core.notify.services.refusals import Refused
from core.notify.services.ways import Mail
from core.steps.reasons import NotNow
from core.steps.tries import TooManyTries
from public_notice.models import Subscription, SubscriptionLetter
from public_notice.services.subscription_letters import news_of, tell_subscribers, write_digests
from public_notice.services.subscriptions import (
    MOST_UNCONFIRMED,
    ask_subscription,
    confirm_subscription,
)

pytestmark = pytest.mark.django_db

ADDRESS = "reader@example.org"
HERE = "192.0.2.1"


@pytest.fixture
def ask(noticed):
    """`ask()` asks for an address at the instant of the notice, and sends the mail."""

    def asked(address=ADDRESS, at=noticed.now, origin=HERE, **choices):
        ask_subscription(address=address, at=at, origin=origin, **choices)
        return tell_subscribers(at)

    return asked


def said(page):
    """A page without the token of its forms, which is drawn anew each time."""
    return re.sub(rb'(csrfmiddlewaretoken" value=")\w+', rb"\1", page.content)


def word_of(mail):
    return re.search(r"/subscribe/confirm/([\w-]+)/", mail.body)[1]


@pytest.fixture
def reader(ask, mailoutbox, noticed):
    """`reader(**choices)` has said yes an hour before the notice was published; the mails so far are gone."""

    def confirmed(**choices):
        at = noticed.notice.published_at - timedelta(hours=1)
        ask(at=at, **choices)
        found = confirm_subscription(word_of(mailoutbox[-1]), at=at)
        mailoutbox.clear()
        return found

    return confirmed


def acts():
    return [
        act
        for act in Entry.objects.order_by("pk").values_list("act", flat=True)
        if "subscri" in act
    ]


def test_only_the_word_of_the_mail_confirms_and_only_once(ask, mailoutbox, noticed):
    assert ask() == 1
    word = word_of(mailoutbox[0])
    assert Subscription.objects.get().confirmed_at is None
    assert word not in str(Subscription.objects.values().get())  # what is kept is its digest

    assert confirm_subscription(word[:-1] + "!", at=noticed.now) is None
    assert confirm_subscription("", at=noticed.now) is None
    assert confirm_subscription(word, at=noticed.now) is not None
    assert confirm_subscription(word, at=noticed.now) is None  # a replay
    assert acts() == ["confirm_subscription"]


def test_a_word_that_has_expired_confirms_nothing_and_the_address_goes(ask, mailoutbox, noticed):
    ask()
    expires = Subscription.objects.get().expires_at
    word = word_of(mailoutbox[0])

    assert expires - noticed.now == timedelta(days=3)
    assert confirm_subscription(word, at=expires) is None
    tell_subscribers(expires - timedelta(microseconds=1))
    assert Subscription.objects.exists()
    tell_subscribers(expires)
    assert not Subscription.objects.exists()
    assert acts() == ["forget_subscriptions"]


def test_the_empty_word_of_the_confirmed_opens_nothing(reader, noticed):
    reader()
    assert confirm_subscription("", at=noticed.now) is None


def test_a_known_address_is_answered_alike_and_gets_no_second_mail(
    client, reader, mailoutbox, noticed
):
    reader()
    pages = []
    with clock.driven(noticed.now):
        for address in (ADDRESS, "READER@example.org", "stranger@example.org"):
            answer = client.post("/subscribe/", {"address": address})
            pages.append((answer.status_code, said(answer)))
    tell_subscribers(noticed.now)

    assert pages[0] == pages[1] == pages[2]
    assert pages[0][0] == 200
    assert [mail.to for mail in mailoutbox] == [["stranger@example.org"]]


def test_a_stranger_is_not_flooded(ask, mailoutbox):
    for n in range(8):
        ask(enterprise=f"{n // 2:018d}")  # each twice

    assert len(mailoutbox) == MOST_UNCONFIRMED


def test_who_asks_too_often_waits(ask):
    for n in range(10):
        ask(address=f"a{n}@example.org")
    with pytest.raises(TooManyTries):
        ask(address="b@example.org")
    ask(address="b@example.org", origin="192.0.2.2")


def test_nobody_guesses_a_word(ask, mailoutbox, noticed):
    ask()
    word = word_of(mailoutbox[0])
    kept = Subscription.objects.get().word

    assert len(word) >= 43  # 256 bits
    for guess in (word[1:], word.swapcase(), kept, f" {word}", "0" * 43):
        assert confirm_subscription(guess, at=noticed.now) is None
    assert confirm_subscription(word, at=noticed.now) is not None


def test_one_mail_a_day_however_often_and_late_the_work_is_done(reader, mailoutbox, noticed, at):
    reader()
    tell_subscribers(at("2018-05-31 23:59"))
    assert mailoutbox == []
    tell_subscribers(at("2018-06-01 00:00"))
    assert mailoutbox == []  # it leaves at eight
    for time in ("08:00", "08:00", "12:00", "23:00"):
        tell_subscribers(at(f"2018-06-01 {time}"))

    [mail] = mailoutbox
    assert noticed.notice.title in mail.body
    assert noticed.notice.public_id in mail.body
    for day in ("2018-06-02 09:00", "2018-06-09 09:00"):
        tell_subscribers(at(day))
    assert len(mailoutbox) == 1  # nothing new, no mail


def test_a_week_without_the_work_is_told_in_one_mail(reader, mailoutbox, at):
    reader()
    tell_subscribers(at("2018-06-07 09:00"))

    assert len(mailoutbox) == 1


@pytest.mark.parametrize(
    ("choice", "own"),
    [
        ("town", False),
        ("town", True),
        ("industry", False),
        ("enterprise", False),
        ("enterprise", True),
        ("department", False),
    ],
)
def test_who_chose_hears_of_nothing_else(reader, mailoutbox, noticed, at, choice, own):
    filing = noticed.filing
    mine = {"town": filing.site.code, "enterprise": filing.enterprise.uscc}
    reader(**{choice: mine[choice] if own else "X"})
    tell_subscribers(at("2018-06-01 09:00"))

    assert len(mailoutbox) == own


def test_what_is_withdrawn_before_the_mail_leaves_is_not_in_it(reader, mailoutbox, noticed, at):
    reader()
    write_digests(at("2018-06-01 00:00"))
    withdraw(
        noticed.filing,
        reason="调整投资计划",
        by=noticed.people.enterprise,
        at=at("2018-06-01 07:00"),
    )
    tell_subscribers(at("2018-06-01 08:00"))

    assert mailoutbox == []
    assert not SubscriptionLetter.objects.exists()


def test_leaving_is_one_press_from_any_mail_program_and_deletes_the_address(
    client, reader, mailoutbox, at
):
    reader()
    tell_subscribers(at("2018-06-01 09:00"))
    head = mailoutbox[0].extra_headers
    path = "/subscribe" + head["List-Unsubscribe"].strip("<>").partition("/subscribe")[2]
    assert head["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    client.handler.enforce_csrf_checks = True  # it was never here and has no cookie

    assert client.get(path).status_code == 200
    assert Subscription.objects.exists()  # a look is no press
    first = client.post(path, {"List-Unsubscribe": "One-Click"})
    again = client.post(path, {"List-Unsubscribe": "One-Click"})

    assert (first.status_code, again.status_code) == (200, 200)
    assert said(first) == said(again)
    assert not Subscription.objects.exists()
    assert acts() == ["confirm_subscription", "end_subscription"]


def test_a_link_of_a_mail_that_is_only_looked_at_confirms_nothing(client, ask, mailoutbox, noticed):
    ask()
    path = f"/subscribe/confirm/{word_of(mailoutbox[0])}/"
    with clock.driven(noticed.now):
        assert client.get(path).status_code == 200
        assert Subscription.objects.get().confirmed_at is None
        assert client.post(path).status_code == 200
        assert client.post(path).status_code == 404
        assert client.get("/subscribe/confirm/nothing/").status_code == 404


def test_nothing_that_is_kept_or_logged_names_the_address(reader, caplog, monkeypatch, at):
    one = reader()

    def refused(_letter):
        raise Refused(f"{ADDRESS}: no such mailbox")

    monkeypatch.setattr(EmailMessage, "send", refused)
    assert tell_subscribers(at("2018-06-01 09:00")) == 0
    assert "refused" in caplog.text
    assert ADDRESS not in str(list(Entry.objects.values_list("payload", flat=True)))
    assert ADDRESS not in f"{one} {caplog.text}"


def test_what_no_server_takes_today_is_tried_again_under_the_same_mark(
    reader, monkeypatch, mailoutbox, at
):
    reader()
    sent = []

    def broken(letter):
        sent.append(letter.extra_headers["Message-ID"])
        raise OSError("no answer")

    with monkeypatch.context() as patched:
        patched.setattr(EmailMessage, "send", broken)
        assert tell_subscribers(at("2018-06-01 09:00")) == 0
    assert tell_subscribers(at("2018-06-01 09:01")) == 0  # not before its time
    assert tell_subscribers(at("2018-06-01 09:03")) == 1
    assert [mail.extra_headers["Message-ID"] for mail in mailoutbox] == sent


def test_where_no_mail_leaves_nobody_is_asked(ask, settings, client):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

    assert not Mail.on()
    with pytest.raises(NotNow):
        ask()
    assert client.post("/subscribe/", {"address": ADDRESS}).status_code == 409
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"address": "nobody"},
        {"address": ADDRESS, "town": "X"},
        {"address": ADDRESS, "enterprise": "1"},
    ],
)
def test_what_cannot_be_meant_is_said_and_kept_on_the_page(client, noticed, typed):
    answer = client.post("/subscribe/", typed)

    assert answer.status_code == 422
    assert not Subscription.objects.exists()


def test_a_notice_is_news_to_whoever_said_yes_before(reader, noticed):
    one = reader()
    published = noticed.notice.published_at
    later = published + timedelta(microseconds=1)

    assert news_of(one, published, later, later).count() == 1
    assert news_of(one, later, later + timedelta(days=1), later).count() == 0
