"""What was typed leaves in every outlet as text: page, data, feed, table, mail and paper; in chromium: tests/e2e."""

import csv
import io
import json
import re
from datetime import timedelta
from email import message_from_bytes, policy
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pypdf
import pytest
from django.conf import settings
from django.core import mail

from core.documents import pdf
from core.documents.sheets.rules import risky
from core.notify.models import Message
from core.notify.services import deliver, tell
from public_notice.services.subscription_letters import tell_subscribers
from public_notice.services.subscriptions import ask_subscription, confirm_subscription
from tests.chance import drawn
from tests.conftest import instant
from tests.doors.visit import Visit
from tests.papers.making import AT, NAMES, example, template_of
from tests.papers.test_hostile import strings
from tests.payloads import COUNT, FAMILIES, HOST, SHORTEST, corpus, sample
from tests.planted import Planted
from tests.standing import standing

pytestmark = pytest.mark.django_db
HERE = 8
NUMBER = re.compile(r"[-+]?[\d.,]+%?")
ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = (
    "/notices/feed/",
    "/open/v1/notices.atom",
    "/open/v1/projects.atom",
    "/credit/feed/",
    "/checkpoints/feed/",
)
DATA = ("/open/v1/notices.json", "/api/v1/notices/", "/api/v1/notices/{id}/")
OF_STAFF = ("/api/v1/objections/", "/api/v1/disclosures/", "/api/v1/filings/")
TABLES = ("/open/v1/notices.csv", "/notices/export/?form=csv")
TABLES_OF_STAFF = ("/api/v1/objections/export/?form=csv", "/disclosure-desk/export/?form=csv")


def _planted(people):
    return Planted(people, instant("2018-05-14 09:00"), sample(drawn("outlets"), HERE)).way


walked, noticed = standing(_planted)


def body(answer):
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


def get(way, path, by=None):
    answer = Visit(by, way).get(path.format(id=way.notice.public_id))
    assert answer.status_code == 200, path
    assert answer["X-Content-Type-Options"] == "nosniff", path
    return answer


class Elements(HTMLParser):
    """Everything of a page that acts: its scripts' words, and attributes that run or lead somewhere."""

    def __init__(self, page):
        super().__init__()
        self.wrong, self.data, self.inside = [], [], False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        self.inside = tag == "script" and said.get("type") == "application/ld+json"
        if tag == "script" and not self.inside and not said.get("src", "").startswith("/static/"):
            self.wrong.append(attrs)
        for name, value in attrs:
            leads = name in ("href", "src", "action", "data", "srcdoc", "formaction", "poster")
            scheme = re.match(
                r"[\s\x00-\x20]*(javascript|data|vbscript)\s*:", value or "", re.IGNORECASE
            )
            if (
                name.startswith("on")
                or name == "style"
                or (leads and (scheme or HOST in value[:30]))
            ):
                self.wrong.append(attrs)

    def handle_data(self, data):
        if self.inside:
            self.data.append(json.loads(data))
            self.inside = False


def test_the_corpus_has_five_hundred_of_every_family_and_fits_every_field():
    found = corpus()
    assert len(set(found)) == len(found) == COUNT
    assert found == corpus()
    assert max(map(len, found)) <= SHORTEST
    for name, family in FAMILIES.items():
        heads = [re.split(r"[{]", said.replace("{{", "").replace("}}", ""))[0] for said in family]
        assert any(one.startswith(head) for one in found for head in heads if head), name


def test_pages_hold_it_as_text_and_their_data_parses(noticed):
    page = Elements(body(get(noticed, "/notices/{id}/")))
    assert page.wrong == []
    [said] = page.data
    assert said["about"]["name"] == noticed.filing.project_name
    case = Elements(
        body(get(noticed, f"/cases/{noticed.filing.public_id}/", noticed.people.window))
    )
    assert case.wrong == []


def test_data_are_data_of_their_own_kind(noticed):
    for path, by in [(p, None) for p in DATA] + [(p, noticed.people.window) for p in OF_STAFF]:
        answer = get(noticed, path, by)
        assert answer["Content-Type"].split(";")[0] == "application/json", path
        json.loads(body(answer))
    assert noticed.filing.project_name in json.dumps(
        json.loads(body(get(noticed, DATA[0]))), ensure_ascii=False
    ).replace('\\"', '"').replace("\\\\", "\\")


def test_feeds_are_wellformed_and_hold_nothing_but_text(noticed):
    for path in FEEDS:
        answer = get(noticed, path)
        assert answer["Content-Type"].startswith("application/atom+xml"), path
        text = body(answer)
        assert "<!DOCTYPE" not in text
        assert "<?xml-stylesheet" not in text
        for element in ET.fromstring(text).iter():
            assert element.tag.startswith(ATOM), path
            assert element.get("href", settings.SITE_URL).startswith(settings.SITE_URL), path


def test_no_cell_of_a_table_is_a_formula(noticed):
    for path, by in [(p, None) for p in TABLES] + [
        (p, noticed.people.window) for p in TABLES_OF_STAFF
    ]:
        answer = get(noticed, path, by)
        assert answer["Content-Disposition"].startswith("attachment"), path
        rows = list(csv.reader(io.StringIO(body(answer).removeprefix("\ufeff"))))
        assert len({len(row) for row in rows}) == 1, path  # nothing has broken out of its cell
        wild = [cell for row in rows for cell in row if risky(cell) and not NUMBER.fullmatch(cell)]
        assert wild == [], path


def read_again(letter):
    """A letter as the mail program of its reader takes it apart."""
    return message_from_bytes(letter.message().as_bytes(), policy=policy.default)


def test_no_mail_has_a_line_in_its_head_that_somebody_typed(noticed, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Message.objects.all().delete()
    user = noticed.people.window.user
    user.email = "window@example.org"
    user.save()
    heads = [one for one in corpus() if "Bcc" in one or "\n" in one]
    for turn, said in enumerate(heads):
        at = noticed.now + timedelta(days=turn)  # so many on one day would be one letter
        tell([noticed.people.window], said, about=f"payload:{turn}", at=at, body=said)
        assert deliver(at) == 1
    before = noticed.notice.published_at.replace(hour=0)
    ask_subscription(address="reader@example.org", at=before, origin="192.0.2.1")
    tell_subscribers(before)
    word = re.search(r"/subscribe/confirm/([\w-]+)/", mail.outbox[-1].body)[1]
    confirm_subscription(word, at=before)
    noticed.morning(2)
    tell_subscribers(noticed.now)
    assert noticed.filing.project_name in mail.outbox[-1].body
    usual = {name.lower() for name in mail.outbox[-1].message()}
    for letter in mail.outbox:
        taken = read_again(letter)
        assert {name.lower() for name in taken} <= usual
        assert len(taken.get_all("To")) == len(taken.get_all("Subject")) == 1
        assert taken.get_content_type() == "text/plain"


def on_paper(payloads, name="public_notice"):
    """A paper whose every word is a payload, as it was printed, and the words that no paper takes."""
    said = iter(payloads * 99)
    content = strings(example(name), lambda _text: next(said))
    made = pdf.render(template_of(name), content, identifier="x", created_at=AT)
    return pypdf.PdfReader(io.BytesIO(made))


def names_in(thing, seen):
    """Every name and address in what a file of PDF is made of."""
    thing = thing.get_object()
    if isinstance(thing, dict):
        for key, value in thing.items():
            yield str(key)
            yield from _inner(value, seen)
    elif isinstance(thing, list):
        for value in thing:
            yield from _inner(value, seen)
    elif isinstance(thing, str):
        yield str(thing)


def _inner(value, seen):
    if isinstance(value, pypdf.generic.IndirectObject):
        if value.idnum in seen:
            return
        seen.add(value.idnum)
    yield from names_in(value, seen)


def test_a_paper_holds_it_as_words_and_does_nothing():
    acts(on_paper([one for one in sample(drawn("paper"), 40) if one.isprintable()]))


def acts(paper):
    """Look through a paper for what would run or lead away, and for the words that were put in."""
    found = [*names_in(paper.trailer, set())]
    assert not {"/JavaScript", "/JS", "/OpenAction", "/AA", "/Launch", "/EmbeddedFile"} & {*found}
    links = [note.get_object() for page in paper.pages for note in page.get("/Annots") or []]
    assert not [one for one in links if HOST in str(one) or "script:" in str(one)]
    words = re.sub(r"\s", "", "".join(page.extract_text() for page in paper.pages))
    assert "pwned" in words or "alert" in words


@pytest.mark.hunt
def test_five_hundred_on_paper():
    found = [one for one in corpus() if one.isprintable()]
    for turn in range(0, len(found), 20):
        acts(on_paper(found[turn : turn + 20]))


@pytest.mark.hunt
@pytest.mark.parametrize("name", NAMES)
def test_every_kind_of_paper_holds_it_as_words(name):
    turn = NAMES.index(name) * 37 % COUNT
    said = [one for one in (corpus() * 2)[turn:] if one.isprintable()]
    acts(on_paper(said, name))
