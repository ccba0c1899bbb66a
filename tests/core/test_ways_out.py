"""The ways out of the system, to real servers on this machine: mail leaves at least once and is never lost."""

import logging
import os
import signal
import ssl
from datetime import time, timedelta
from itertools import pairwise

import pytest
from django.core.mail.backends.smtp import EmailBackend
from django.db import connection, connections

from core.notify.models import Message, Preference, Sending
from core.notify.services import MOST_TRIES, WAITS, deliver, handing, send_again, settle_past, tell
from tests.core.servers import MailServer, certificate, serving
from tests.core.threads import alone, at_once, shared_database

NOON = "2018-06-15 12:00"
SMTP = "django.core.mail.backends.smtp.EmailBackend"


class Tale(EmailBackend):
    """The real backend, which says whether a transaction was open while the server was spoken to."""

    open_transactions = []

    def send_messages(self, letters):
        self.open_transactions.append(connection.in_atomic_block)
        return super().send_messages(letters)


class LastBreath(EmailBackend):
    """The real backend in a process that ends between sending and marking."""

    def send_messages(self, letters):
        super().send_messages(letters)
        raise SystemExit


@pytest.fixture
def quiet_log(caplog):
    caplog.set_level(logging.CRITICAL, "chengnuo.outbox")


@pytest.fixture
def server(settings, quiet_log):
    """A mail server, and the site set to it."""
    with serving(MailServer()) as found:
        settings.EMAIL_BACKEND, settings.EMAIL_TIMEOUT = SMTP, 5
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", found.port
        yield found


@pytest.fixture
def person(people):
    """The enterprise's person, with an address; nothing waits from setting the county up."""
    return addressed(people)


def addressed(people):
    Message.objects.all().delete()
    user = people.enterprise.user
    user.email = "enterprise@example.com"
    user.save()
    return people.enterprise


def say(person, at, *abouts, when=NOON, **more):
    for about in abouts:
        more = {"body": "内容", "link": "/cases/x/", **more}
        tell([person], f"请签收{about}", about=about, at=at(when), **more)


def minutes(count):
    return timedelta(minutes=count)


# — one letter ————————————————————————————————————————————————————————————————————


@pytest.mark.django_db
def test_a_letter_arrives_as_it_was_written(server, person, at, settings):
    say(person, at, "1")

    assert deliver(at(NOON)) == 1
    letter = server.letters[0]
    sending = Sending.objects.get()
    assert letter["Subject"] == "请签收1"
    assert letter["To"] == "enterprise@example.com"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"] == f"<{sending.token}@localhost>"
    text = letter.get_content()
    assert "内容" in text
    assert f"{settings.SITE_URL}/cases/x/" in text
    assert (sending.sent_at, sending.next_at, sending.tries) == (at(NOON), None, 1)


@pytest.mark.django_db
def test_a_letter_is_in_the_language_that_the_person_chose(server, person, at):
    Preference.objects.create(user=person.user, language="en")
    message = Message.objects.create(
        to=person, subject="请签收", subject_en="Please sign", body="内容", body_en="Text", key="x",
        created_at=at(NOON),
    )  # fmt: skip

    deliver(at(NOON))

    assert server.letters[0]["Subject"] == message.subject_en
    assert "Text" in server.letters[0].get_content()


@pytest.mark.django_db
def test_tls_wants_a_server_that_can_be_trusted(settings, person, at, tmp_path, monkeypatch):
    place = certificate(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(place)
    with serving(MailServer(tls=tls)) as server:
        settings.EMAIL_BACKEND, settings.EMAIL_USE_TLS = SMTP, True
        settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", server.port
        say(person, at, "1")

        assert deliver(at(NOON)) == 0
        assert server.letters == []
        assert "CERTIFICATE_VERIFY_FAILED" in Sending.objects.get().error

        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "c.pem"))
        assert deliver(at(NOON) + minutes(3)) == 1
        assert len(server.letters) == 1


# — what goes wrong ———————————————————————————————————————————————————————————————


@pytest.mark.django_db
def test_what_a_server_puts_off_is_tried_again_each_time_later_and_not_for_ever(server, person, at):
    server.says["RCPT"] = "451 later"
    say(person, at, "1")
    now, tried = at(NOON), []

    for _day in range(200):
        before = Sending.objects.values_list("tries", flat=True).first() or 0
        deliver(now)
        if Sending.objects.get().tries > before:
            tried.append(now)
        now += minutes(30)
    deliver(now)

    sending = Sending.objects.get()
    assert len(tried) == sending.tries == MOST_TRIES == len(WAITS) + 1
    assert sending.failed_at == tried[-1]
    assert sending.next_at is None
    assert "later" in sending.error
    gaps = [later - earlier for earlier, later in pairwise(tried)]
    assert gaps == sorted(gaps)


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["RCPT", "content"])
def test_what_is_refused_for_good_waits_for_the_administrator(server, people, person, at, where):
    say(person, at, "1")
    other = people.other_enterprise
    other.user.email = "other@example.com"
    other.user.save()
    if where == "RCPT":
        server.says["RCPT"] = "550 no such person"
    else:
        server.refuses_content = "554 not wanted"

    assert deliver(at(NOON)) == 0
    server.says, server.refuses_content = {}, ""
    say(other, at, "2")
    assert deliver(at(NOON) + minutes(60)) == 1

    failed = Sending.objects.get(failed_at__isnull=False)
    assert (failed.to, failed.tries, failed.next_at) == (person, 1, None)
    assert failed.error
    # Once the address is mended the administrator lets it be tried anew, with the token it had.
    assert send_again(failed, at(NOON) + minutes(90))
    assert not send_again(failed, at(NOON) + minutes(90))
    assert deliver(at(NOON) + minutes(90)) == 1
    assert failed.token in server.ids()[-1]


@pytest.mark.django_db
def test_where_nobody_answers_all_wait_without_being_counted_out(server, person, at, settings):
    settings.EMAIL_PORT = 1  # nobody listens there
    say(person, at, "1", "2", "3")
    for hour in range(100):
        assert deliver(at(NOON) + timedelta(hours=hour)) == 0

    assert not Sending.objects.exclude(tries=0, failed_at=None).exists()
    assert Sending.objects.exclude(error="").count() == 3

    settings.EMAIL_PORT = server.port
    assert deliver(at(NOON) + timedelta(days=5)) == 3


@pytest.mark.django_db
def test_a_server_that_is_away_is_knocked_at_once_in_two_minutes(server, person, at):
    server.says["EHLO"] = server.says["HELO"] = "421 closing"
    say(person, at, "1", "2", "3")

    for second in range(0, 120, 5):
        deliver(at(NOON) + timedelta(seconds=second))

    assert sum(line.upper().startswith("EHLO") for line in server.heard) == 1


@pytest.mark.django_db
def test_a_letter_that_may_have_arrived_comes_again_under_the_same_name(server, person, at):
    server.dies_after = {1}  # it has the letter and hangs up before it says so
    say(person, at, "1", "2")

    deliver(at(NOON))
    deliver(at(NOON) + minutes(3))

    first, second, third = server.ids()
    assert first in (second, third)
    assert second != third
    assert Sending.objects.filter(sent_at=None).count() == 0


@pytest.mark.django_db
def test_a_process_that_ends_between_sending_and_marking_loses_nothing(server, person, at):
    say(person, at, "1")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SMTP, LastBreath)
        with pytest.raises(SystemExit):
            deliver(at(NOON))
    assert deliver(at(NOON)) == 0  # nobody takes what may still be under way
    assert deliver(at(NOON) + WAITS[0]) == 1

    assert len(server.letters) == 2
    assert len(set(server.ids())) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["nobody", "甲@", "a b@example.com"])
def test_an_address_that_is_none_is_given_up_at_once(server, person, at, address):
    server.utf8 = False
    person.user.email = address
    person.user.save()
    server.says["RCPT"] = "553 what is that"
    say(person, at, "1")

    deliver(at(NOON))

    assert Sending.objects.get().failed_at == at(NOON)


# — alone or together —————————————————————————————————————————————————————————————


@pytest.mark.django_db
def test_a_flood_is_one_letter_and_the_system_has_every_message(server, person, at, settings):
    settings.DIGEST_FROM = 3
    say(person, at, *"12")
    assert deliver(at(NOON)) == 2
    # Two more would be four: they come together,
    say(person, at, *"34")
    assert deliver(at(NOON)) == 1
    digest = server.letters[-1]
    assert digest["Subject"] == "您有2条新消息"
    assert all(f"请签收{n}" in digest.get_content() for n in "34")
    # and what comes after them waits for the next digest, three hours later, whatever it is by then.
    for n in "567":
        say(person, at, n)
        assert deliver(at(NOON) + minutes(1)) == 0
    assert deliver(at(NOON) + handing.APART) == 1
    assert server.letters[-1]["Subject"] == "您有3条新消息"
    assert Message.objects.filter(to=person).count() == 7
    assert all(m.sendings.count() == 1 for m in Message.objects.filter(to=person))
    # The next day begins anew.
    say(person, at, "8", when="2018-06-16 09:00")
    assert deliver(at("2018-06-16 09:00")) == 1
    assert server.letters[-1]["Subject"] == "请签收8"


@pytest.mark.django_db
def test_a_served_document_is_never_put_into_a_digest_nor_held_back(server, person, at, settings):
    settings.DIGEST_FROM, settings.QUIET_HOURS = 1, (time(9), time(18))
    Preference.objects.create(user=person.user, mail=False)
    say(person, at, *"123", service=True)
    say(person, at, "4")

    assert deliver(at(NOON)) == 3
    assert [letter["Subject"] for letter in server.letters] == ["请签收1", "请签收2", "请签收3"]


@pytest.mark.django_db
def test_who_wants_no_digest_gets_each_letter(server, person, at, settings):
    settings.DIGEST_FROM = 1
    Preference.objects.create(user=person.user, digest=False)
    say(person, at, *"123")

    assert deliver(at(NOON)) == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("hours", "now", "leaves"),
    [
        (None, "2018-06-15 23:00", "2018-06-15 23:00"),
        ("22:00-07:00", "2018-06-15 21:59", "2018-06-15 21:59"),
        ("22:00-07:00", "2018-06-15 22:00", "2018-06-16 07:00"),
        ("22:00-07:00", "2018-06-15 06:59", "2018-06-15 07:00"),
        ("22:00-07:00", "2018-06-15 07:00", "2018-06-15 07:00"),
        ("12:00-14:30", "2018-06-15 13:00", "2018-06-15 14:30"),
    ],
)
def test_quiet_hours(server, person, at, settings, hours, now, leaves):
    from config.ways_out import quiet_hours

    settings.QUIET_HOURS = quiet_hours(hours or "")
    say(person, at, "1", when=now)
    deliver(at(now))

    sending = Sending.objects.get()
    assert (sending.next_at or sending.sent_at) == at(leaves)


@pytest.mark.django_db
def test_who_minds_no_night_is_written_to_at_night(server, person, at, settings):
    settings.QUIET_HOURS = (time(22), time(7))
    Preference.objects.create(user=person.user, quiet=False)
    say(person, at, "1")
    assert deliver(at("2018-06-15 23:00")) == 1


# — cost, transactions, workers ———————————————————————————————————————————————————


@pytest.mark.django_db
def test_nothing_to_send_costs_two_statements(server, person, at, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert deliver(at(NOON)) == 0


@pytest.mark.django_db
def test_a_past_that_was_played_leaves_nothing_under_way(server, person, at, settings):
    settings.EMAIL_PORT = 1
    say(person, at, "1")
    deliver(at(NOON))
    settle_past(at("2018-07-01 00:00"))
    settings.EMAIL_PORT = server.port

    assert deliver(at("2018-07-01 00:00")) == 0


def _commit_letters(people, at, count):
    person = addressed(people)
    say(person, at, *[str(n) for n in range(count)], service=True)


def test_no_transaction_is_open_while_a_server_is_spoken_to(
    transactional_db, server, people, at, tmp_path
):
    _commit_letters(people, at, 2)
    Tale.open_transactions.clear()
    with shared_database(tmp_path), pytest.MonkeyPatch.context() as patch:
        patch.setattr(SMTP, Tale)
        assert alone(lambda: deliver(at(NOON))) == 2

    assert Tale.open_transactions == [False, False]


def test_two_workers_send_each_letter_once(transactional_db, server, people, at, tmp_path):
    _commit_letters(people, at, 30)
    with shared_database(tmp_path):
        work = [lambda: [deliver(at(NOON)) for _pass in range(4)]] * 2
        done = at_once(*work)

    assert not [d for d in done if isinstance(d, Exception)], done
    assert sum(map(sum, done)) == 30
    assert len(server.letters) == len(set(server.ids())) == 30


def _killed(server, act):
    """Run an act in a process of its own, which the server kills while it has a letter in its hands."""
    pid = os.fork()
    if pid == 0:
        try:
            if connection.vendor == "postgresql":
                type(connections["default"])._connection_pools.clear()
            del connections["default"]
            act()
        finally:
            os._exit(0)
    server.victim = pid
    _pid, status = os.waitpid(pid, 0)
    return os.WIFSIGNALED(status)


@pytest.mark.parametrize("rounds", [8, pytest.param(200, marks=pytest.mark.hunt)])
def test_a_killed_sender_loses_nothing(transactional_db, settings, people, at, tmp_path, rounds):
    _commit_letters(people, at, 2 * rounds)
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, "127.0.0.1"
    with serving(MailServer()) as server, shared_database(tmp_path):
        settings.EMAIL_PORT = server.port
        now, killed = at(NOON), 0
        for _round in range(rounds):
            server.kills = lambda: os.kill(server.victim, signal.SIGKILL)
            killed += _killed(server, lambda now=now: deliver(now))
            now += WAITS[0]
        server.kills = None
        alone(lambda: deliver(now, most=10 * rounds))
        left = alone(lambda: Sending.objects.filter(sent_at=None).count())

    assert killed == rounds
    assert left == 0
    names = server.ids()
    assert len(set(names)) == 2 * rounds
    assert len(names) - len(set(names)) <= killed
