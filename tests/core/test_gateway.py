"""The gateway for SMS and chat: one signed POST to the one address of the operator, and nowhere else."""

import hashlib
import hmac
import json
import logging

import pytest

from core.notify.checks import gateway_is_safe
from core.notify.models import Message, Preference, Sending
from core.notify.services import WAITS, deliver, tell
from core.notify.services.gateway import filled
from tests.core.servers import GatewayServer, serving

NOON = "2018-06-15 12:00"
SECRET = "0123456789abcdef-not-for-anything"
SHAPE = '{"id": "{id}", "to": "{to}", "text": "{subject}", "link": "{link}"}'


@pytest.fixture
def server(settings, caplog):
    """A gateway, and the site set to it."""
    caplog.set_level(logging.CRITICAL, "chengnuo.outbox")
    with serving(GatewayServer()) as found:
        settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
        settings.WEBHOOK_URL = f"http://127.0.0.1:{found.port}/send?group=7"
        settings.WEBHOOK_HOSTS, settings.WEBHOOK_SECRET = ["127.0.0.1"], SECRET
        settings.WEBHOOK_BODY, settings.WEBHOOK_TIMEOUT = SHAPE, 2
        yield found


@pytest.fixture
def person(people, db):
    Message.objects.all().delete()
    return people.enterprise


def say(person, at, subject="请签收", **more):
    tell([person], subject, about=subject, at=at(NOON), link="/cases/x/", **more)


def test_it_is_off_until_an_operator_sets_it_up(person, at, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert settings.WEBHOOK_URL == ""
    say(person, at)

    assert deliver(at(NOON)) == 0
    assert not Sending.objects.exists()


def test_what_arrives_is_signed_dated_and_says_little(server, person, at, settings):
    say(person, at, body="案件细节")

    assert deliver(at(NOON)) == 1
    path, headers, body = server.asked[0]
    sending = Sending.objects.get()
    assert path == "/send?group=7"
    assert headers["X-Chengnuo-Id"] == sending.token
    signed = headers["X-Chengnuo-Timestamp"].encode() + b"." + body
    known = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert headers["X-Chengnuo-Signature"] == f"v1={known}"
    # Neither name nor telephone nor what the message says of the case.
    assert json.loads(body) == {
        "id": sending.token,
        "to": person.reference,
        "text": "请签收",
        "link": f"{settings.SITE_URL}/cases/x/",
    }


def test_a_telephone_is_named_only_where_the_shape_asks(server, people, person, at, settings):
    settings.WEBHOOK_BODY = '{"mobile": ["{phone}"], "content": "{subject}"}'
    window = people.window  # has none
    window.user.phone = ""
    window.user.save()
    say(person, at)
    say(window, at, "请受理")

    assert deliver(at(NOON)) == 1
    assert json.loads(server.asked[0][2]) == {"mobile": [person.user.phone], "content": "请签收"}


def test_what_is_said_stays_where_it_is_put():
    said = {"id": "1", "to": "x", "phone": "0", "subject": '","to":"all', "link": "{phone}"}
    shape = {"a": "{subject}", "b": ["{link}", 7, None], "{to}": {"c": "{id}-{to}"}}

    assert filled(shape, said) == {
        "a": '","to":"all',
        "b": ["{phone}", 7, None],
        "{to}": {"c": "1-x"},
    }


@pytest.mark.parametrize(
    ("answer", "given_up"),
    [
        ((503, b"", {}), False),
        ((429, b"", {}), False),
        ((401, b"", {}), False),  # the operator mends the secret
        ((200, b'{"errcode": 310000, "errmsg": "sign not match"}', {}), False),
        ((400, b"", {}), True),
        ((404, b"", {}), True),
        ((302, b"", {"Location": "http://127.0.0.1:9/"}), False),
        ((307, b"", {"Location": "/elsewhere"}), False),
    ],
)
def test_what_an_answer_means(server, person, at, answer, given_up):
    server.answers = [answer]
    say(person, at)

    assert deliver(at(NOON)) == 0
    assert (Sending.objects.get().failed_at is not None) == given_up
    # A redirect is followed nowhere; what may be tried again has the same name.
    assert [path for path, _headers, _body in server.asked] == ["/send?group=7"]
    deliver(at(NOON) + WAITS[0])
    assert len(server.asked) == (1 if given_up else 2)
    assert len({headers["X-Chengnuo-Id"] for _path, headers, _body in server.asked}) == 1


def test_a_gateway_that_never_answers_is_not_waited_for(server, person, at, settings):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.WEBHOOK_URL = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        settings.WEBHOOK_TIMEOUT = 0.3
        say(person, at)
        assert deliver(at(NOON)) == 0
    assert "timed out" in Sending.objects.get().error


def test_who_wants_none_gets_none_but_what_is_served(server, person, at):
    Preference.objects.create(user=person.user, gateway=False)
    say(person, at)
    assert deliver(at(NOON)) == 0
    say(person, at, "一次性告知书", service=True)
    assert deliver(at(NOON)) == 1


BAD = [
    ({"WEBHOOK_URL": "http://sms.example.gov/send"}, "https://"),
    ({"WEBHOOK_URL": "ftp://127.0.0.1/"}, "https://"),
    ({"WEBHOOK_URL": "https://u:p@127.0.0.1/"}, "用户名"),
    ({"WEBHOOK_URL": "https://169.254.169.254/latest"}, "WEBHOOK_HOSTS"),
    ({"WEBHOOK_HOSTS": []}, "WEBHOOK_HOSTS"),
    ({"WEBHOOK_SECRET": "short"}, "WEBHOOK_SECRET"),
    ({"WEBHOOK_BODY": "text={subject}"}, "JSON"),
    ({"WEBHOOK_BODY": '["{subject}"]'}, "JSON"),
    ({"WEBHOOK_BODY": '{"who": "{name}"}'}, "{name}"),
]


@pytest.mark.parametrize(("changed", "said"), BAD, ids=lambda value: str(value)[:40])
def test_an_unsafe_setting_is_named_and_nothing_leaves(server, person, at, settings, changed, said):
    assert gateway_is_safe() == []
    for name, value in changed.items():
        setattr(settings, name, value)
    say(person, at)

    assert any(said in error.msg for error in gateway_is_safe())
    assert deliver(at(NOON)) == 0
    assert server.asked == []
    assert said in Sending.objects.get().error
