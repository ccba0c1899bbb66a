"""Somebody without an account who holds number and code: asks the page and the interface, at the clock of a walk."""

import re

from django.test import Client

from core import clock
from tests.api.programs import Program

PAGE = "/progress/"
API = "progress/"
WRONG = "22222222"
NOBODYS = "左承申〔2018〕999号"
TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]+')


def words(w):
    """The two words of a case."""
    return {"number": w.filing.number, "code": w.filing.query_code}


def ask(now, typed, **client):
    """Send two words to the page."""
    with clock.driven(now):
        return Client().post(PAGE, typed, **client)


def ask_by_program(now, typed, **client):
    """Send two words to the interface, without token or key."""
    with clock.driven(now):
        return Program(Client(**client)).post(API, typed, key="")


def followed(w, **client):
    """How a case stands for whoever holds its words: the page's text and the interface's answer."""
    page = ask(w.now, words(w), **client)
    said = ask_by_program(w.now, words(w))
    assert page.status_code == said.status_code == 200
    return page.content.decode(), said.json()


def plain(page, typed):
    """A page without what is drawn anew for each visitor, and without what this one typed."""
    body = TOKEN.sub(rb"\1", page.content)
    for name, word in typed.items():
        body = body.replace(f'value="{word}"'.encode(), f'value="{name}"'.encode())
    return body
