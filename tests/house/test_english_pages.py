"""Every page in English, met by every role as a case goes its way: what is Chinese on it is a name or a quotation.

What stays Chinese is listed in `known`, each with its reason; on its way out the page marks it as Chinese.
"""

import re

import pytest
from django.conf import settings as configured

from accounts.models import County, Organisation, OrganisationName, User
from approvals.models import CatalogueClause, CatalogueItem, Filing, Material
from approvals.rules.citing import in_words
from approvals.stages import Stage
from config.tongues import mark_chinese
from core import clock
from core.deadlines.models import RulebookEdition, RuleValue
from core.documents.models import Attachment
from prereview.models import Session
from public_notice.models import Notice
from tests.house.doors import DOORS, OURS, address
from tests.house.readers import HAN, chinese_in_english, heard
from tests.share import SHARED, mine, part, turns
from tests.walk import walk

pytestmark = pytest.mark.django_db
TONGUES = "config.middleware.TonguesMiddleware"
NUMBERS = re.compile(r"[\u4e00-\u9fff]{2,6}〔\d{4}〕\d+号")
# Files and JSON are no pages; a page that answers only to a form that was sent has no page of its own.
NO_PAGE = ("attachment", "paper", "check_paper")
TURNS = 2  # of a person's pages one run of `make test` looks at one in so many
# Pages that say something else at each stage; the others are met once by each role.
SAYS_ANEW = {"desk:home", "desk:case", "approvals:list", "approvals:materials", "prereview:matrix"}


def known():
    """What stays Chinese on an English page, and why."""
    names = {
        *Organisation.objects.values_list("name", flat=True),  # enterprises have no English name
        *OrganisationName.objects.values_list(
            "name", flat=True
        ),  # the name of the day, in quoted papers
        *County.objects.values_list("name", flat=True),
        *User.objects.values_list("name", flat=True),  # people
    }
    written = {
        *Filing.objects.values_list("project_name", flat=True),  # what the enterprise wrote
        *Filing.objects.values_list("scale", flat=True),
        *Filing.objects.values_list("site_detail", flat=True),
        *Session.objects.values_list("place", flat=True),  # what the convenor wrote
        *Attachment.objects.values_list("name", flat=True),  # file names
    }
    statutes = {
        *CatalogueItem.objects.values_list("legal_basis", flat=True),  # laws by their names
        *CatalogueClause.objects.values_list("standard", flat=True),
        *RuleValue.objects.values_list("basis", flat=True),
        *Material.objects.values_list("hint", flat=True),  # English, with laws by their names
        *RulebookEdition.objects.values_list("source", flat=True),
    }
    # A published notice is shown as it was published, in Chinese; the page around it is English.
    published = {
        text for notice in Notice.objects.all() for text in texts((notice.title, notice.content))
    }
    quoted = {"“王某”"}  # how a masked name looks
    cited = {in_words(basis) for basis in statutes}  # as pages write them out
    everything = names | written | statutes | cited | published | quoted
    found = {" ".join(text.split()) for text in everything}
    return sorted(found - {""}, key=len, reverse=True)


def texts(value):
    """Every text in a nested content."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for part in value:
            yield from texts(part)
    elif isinstance(value, str):
        yield value


def left(page, data):
    """The texts of a page with Chinese in them that is none of the known data."""
    said = []
    for text in chinese_in_english(page):
        bare = text
        for known_text in data:
            bare = bare.replace(known_text, "")
        bare = NUMBERS.sub("", bare)
        if HAN.search(bare):
            said.append(text)
    return said


def pages(client, filing, person, met):
    """The pages that a person meets about a filing: (name of the door, its HTML)."""
    client.force_login(person.user)
    for door in DOORS:
        space, _colon, name = door.name.rpartition(":")
        if space not in OURS or name in NO_PAGE or (door.name, person.pk) in met:
            continue
        if not mine(door.name, person.role) or not turns(door.name, person.role, of=TURNS):
            continue
        url = f"/{door.route}" if door.plain else address(door, filing)
        if url is None:
            continue
        answer = client.get(url)
        if answer.status_code in (403, 405) or (
            answer.status_code == 200 and door.name not in SAYS_ANEW
        ):
            met.add((door.name, person.pk))
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            yield door.name, answer.content.decode()


@pytest.fixture
def met(client, people, at, settings):
    """`met()` are all pages in English, before what is Chinese on them is marked, with the known data."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != TONGUES]
    client.cookies[configured.LANGUAGE_COOKIE_NAME] = "en"
    roles = (people.enterprise, people.window, people.convenor, people.department("ZJJ"))

    def run():
        seen = set()
        for stage in (Stage.NOTICED, Stage.SURVEYING, Stage.RECEIVED, Stage.DRAFT):
            w = walk(people, at("2018-03-05 09:00"), to=stage)
            yield from go(w, roles, seen)
        w = walk(people, at("2018-03-05 09:00"), to=Stage.PREREVIEWING)
        w.call_meeting()
        w.acknowledge(w.meeting)
        w.open(w.meeting, absent=["QXJ"])
        w.close(w.meeting)
        w.until(at("2018-03-20 09:00"))
        yield from go(w, (people.department("ZJJ"), people.convenor, people.supervisor), seen)
        yield from go(w, (people.administrator,), seen)

    def go(w, roles, seen):
        with clock.driven(w.now):
            data = known()
            for person in roles:
                for name, page in pages(client, w.filing, person, seen):
                    yield name, page, data

    return run


def test_every_page_in_english_is_english_but_for_names_and_laws(met):
    found, count = {}, 0
    for name, page, data in met():
        count += 1
        assert '<html lang="en"' in page or "<html" not in page, name
        for text in left(page, data):
            found.setdefault(text, name)

    assert [f"{name}: {text}" for text, name in found.items()] == []
    assert count > part(150) // (TURNS if SHARED else 1)


def test_what_is_chinese_in_a_text_is_marked_and_nothing_else_is_touched():
    page = (
        '<html lang="en"><head><title>示例项目 · Chengnuo</title></head><body><p title="示例">Project 示例项目 of '
        '左承申〔2018〕1号, due 5 March</p><textarea>备注</textarea><!-- 注释 --><script>"值"</script>'
        '<button lang="zh-hans">中文</button></body></html>'
    )
    marked = mark_chinese(page)
    assert (
        '<span lang="zh-Hans">示例项目</span> of <span lang="zh-Hans">左承申〔2018〕1号</span>'
        in marked
    )
    for kept in (
        "<title>示例项目 · Chengnuo</title>",
        'title="示例"',
        "<textarea>备注</textarea>",
        "<!-- 注释 -->",
        '<script>"值"</script>',
    ):
        assert kept in marked
    assert re.sub(r'<span lang="zh-Hans">(.*?)</span>', r"\1", marked) == page
    unmarked = [said for lang, said in heard(marked) if HAN.search(said) and lang == "en"]
    assert unmarked == ["示例项目 · Chengnuo", "示例", "备注"]


def test_the_letters_of_a_picture_are_marked_inside_it():
    """A span among them ends the picture in a browser, and its letters fall out below it."""
    page = '<svg><title>图</title><text x="1">辽阳镇 3</text></svg><textarea>备</textarea>镇'
    assert mark_chinese(page) == (
        '<svg><title>图</title><text x="1"><tspan lang="zh-Hans">辽阳镇</tspan> 3</text></svg>'
        '<textarea>备</textarea><span lang="zh-Hans">镇</span>'
    )


def test_an_english_page_leaves_with_its_chinese_marked(client, people):
    client.force_login(people.enterprise.user)
    assert '<span lang="zh-Hans">' not in client.get("/desk/").content.decode()
    client.cookies[configured.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get("/desk/").content.decode()
    name = people.enterprise.user.name
    assert f'<span lang="zh-Hans">{name}</span>' in page
