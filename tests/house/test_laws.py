"""A law is cited by its whole name (0078): in what the code says, in what the pack says once shown, on the pages."""

import csv
import re

import pytest
from django.db.models import TextChoices

from approvals.rules.citing import both_languages, in_words
from core import clock
from tests.conftest import instant
from tests.house.source import ROOT
from tests.house.test_english import CATALOGUE, english_of, entries

PACK = ROOT / "counties" / "zuoquan"
# An article behind a name that stands in no brackets: 行政许可法 42, 行政许可法第四十二条, 取水条例21.
SHORT = re.compile(
    r"(?:法|典|条例)(?:（\d{4}）|\(\d{4}\))?(?: ?\d|第[\d一二三四五六七八九十百零]+条)"
)
# A law in brackets without the name of the state; what a ministry or a province orders (办法) bears none.
NOT_WHOLE = re.compile(r"《(?!中华人民共和国)[^》]*(?<!办)法》")
ENGLISH = re.compile(
    r"\b(?:[A-Z][a-z]+ )+(?:Law|Code)\b(?! of the People's Republic of China)|Licensing Act|EIA Law"
    r"|\(Regulations?, art|Regulations? on (?:Open|the Disclosure of) Government"
)
BASIS = re.compile(r"(?:{{ |=)([\w.]+\.(?:legal_)?basis)\b(?!\|cited)")
# Written out when it was frozen; the clause of an opinion, as its author typed it.
AS_IT_IS = {"public_notice/publish.html: said.basis", "prereview/reading.html: said.basis"}


def choices():
    """What is chosen from, as it is shown: each article behind a name is written out where the choice stands."""
    return {str(label) for kind in TextChoices.__subclasses__() for label in kind.labels}


def short(text):
    return bool(SHORT.search(text) or NOT_WHOLE.search(text))


def test_no_string_of_ours_cites_a_law_short():
    chosen, said = choices(), [one for _flags, one in entries(CATALOGUE).values()]
    shown = [in_words(one["msgid"]) if one["msgid"] in chosen else one["msgid"] for one in said]
    assert len([text for text in shown if "《中华人民共和国" in text]) > 35
    assert [text for text in shown if short(text)] == []
    assert [text for one in said for text in english_of(one) if ENGLISH.search(text)] == []


@pytest.mark.parametrize(
    "text",
    ["（行政许可法 45）", "依行政许可法第三十二条", "（条例第三十条）", "如《水土保持法》第二十六条",
     "取水条例21", "民法典 202"],
)  # fmt: skip
def test_a_short_citation_is_found(text):
    assert short(text)
    assert not short(in_words("行政许可法 42"))


@pytest.mark.parametrize(
    "text",
    ["Licensing Act, art. 34", "Water and Soil Conservation Law.", "(Regulation, art. 33)", "EIA Law art. 25"],
)  # fmt: skip
def test_a_short_citation_in_english_is_found(text):
    assert ENGLISH.search(text)


def test_what_the_pack_says_is_shown_with_whole_names():
    """Each cell of the pack that names an article; the pack itself keeps its short form."""
    names, seen = set(), 0
    for table in PACK.glob("*.csv"):
        with table.open(encoding="utf-8", newline="") as rows:
            cells = {cell for row in csv.DictReader(rows) for cell in row.values() if cell}
        for cell in filter(SHORT.search, cells):
            chinese, english = map(in_words, both_languages(cell))
            seen += 1
            assert not short(chinese), cell
            assert not ENGLISH.search(english), cell
            names |= set(re.findall(r"《([^》]*)》", chinese))
    assert seen > 100
    assert [name for name in names if re.search(r"[的为，、]|依据|参照|如", name)] == []
    assert "取水许可和水资源费征收管理条例" in names


def test_no_template_shows_a_basis_as_the_pack_has_it():
    folder = ROOT / "templates"
    found = {
        f"{file.relative_to(folder)}: {name}"
        for file in folder.rglob("*.html")
        if file.relative_to(folder).parts[0] != "papers"
        for name in BASIS.findall(file.read_text(encoding="utf-8"))
    }
    assert found == AS_IT_IS


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_of_the_pack_name_laws_whole(people, client, settings, language):
    client.force_login(people.administrator.user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    for address in ("/openness/", "/openness/negative/", "/powers/", "/due/", "/what-if/"):
        with clock.driven(instant("2018-06-15 09:30")):
            answer = client.get(address)
        page = answer.content.decode()
        assert answer.status_code == 200, address
        assert "中华人民共和国" in page or "People" in page, address
        assert not SHORT.search(page), (address, SHORT.search(page))
        assert not ENGLISH.search(page), (address, ENGLISH.search(page))
