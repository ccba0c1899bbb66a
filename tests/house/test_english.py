"""English beside the Chinese: complete, up to date with the code, and Chinese nowhere in the frame."""

import ast
import csv
import html
import json
import re
import shutil

import pytest
from django.conf import settings as configured
from django.core.management import call_command

from accounts.models import County, Organisation, OrganisationName, User
from tests.house.source import PACKAGES, ROOT, modules, name_of, nodes

CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+")
PLACES = re.compile(r"%\(\w+\)[a-z]|<[^>]+>")
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext", "gettext_noop", "said"}
TRANSLATED = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        r"{% comment %}.*?{% endcomment %}",
        r"{#.*?#}",
        r"{% blocktranslate.*?{% endblocktranslate %}",
        r"{% translate (?:\"[^\"]*\"|'[^']*').*?%}",
        r"_\((?:\"[^\"]*\"|'[^']*')\)",
    )
)
# What an English sentence may quote: how an option is written in the county pack, and a masked name.
QUOTED = ("value=中文|English", "“王某”")


def entries(path):
    """Flags and English by context and Chinese, as the catalogue has them; obsolete ones are left out."""
    found = {}
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        flags, said, key = set(), {}, None
        for line in block.splitlines():
            if line.startswith("#,"):
                flags |= {word.strip() for word in line[2:].split(",")}
            elif keyed := re.match(r'(msg\S+) (".*")$', line):
                key, text = keyed.groups()
                said[key] = json.loads(text)
            elif line.startswith('"'):
                said[key] += json.loads(line)
        if said.get("msgid"):
            found[said.get("msgctxt", ""), said["msgid"]] = (flags, said)
    return found


GLUED = re.compile(r"[a-z]{3}(?!Polygon)[A-Z][a-z]+ [a-z]")


def test_no_two_sentences_are_glued_together():
    """Where an entry lost its line, two sentences became one: For enterprisesAnswer the questionnaire."""
    found = {
        said["msgid"]: text for _f, said in entries(CATALOGUE).values() for text in english_of(said)
    }
    assert [key for key, text in found.items() if GLUED.search(text)] == []


def english_of(said):
    """The English of an entry: one text, or one for one thing and one for several; at least one."""
    if "msgid_plural" in said:
        return [said.get("msgstr[0]", ""), said.get("msgstr[1]", "")]
    return [said.get("msgstr", "")]


def extracted(into, monkeypatch, settings):
    """Context and Chinese of every string in the code, drawn from a copy: the tool writes beside what it reads."""
    for package in (*PACKAGES, "templates"):
        skip = shutil.ignore_patterns("__pycache__", "migrations")
        shutil.copytree(ROOT / package, into / package, ignore=skip)
    settings.LOCALE_PATHS = [into / "locale"]
    monkeypatch.chdir(into)
    call_command("makemessages", locale=["en"], no_wrap=True, no_location=True, verbosity=0)
    return set(entries(into / "locale" / "en" / "LC_MESSAGES" / "django.po"))


def test_the_catalogue_holds_the_strings_of_the_code(tmp_path, monkeypatch, settings):
    wanted, held = extracted(tmp_path, monkeypatch, settings), set(entries(CATALOGUE))

    assert wanted - held == set(), "no English yet"
    assert held - wanted == set(), "no longer in the code"


def test_every_string_has_its_english():
    missing = [
        key for key, (flags, said) in entries(CATALOGUE).items()
        if "fuzzy" in flags or not all(text.strip() for text in english_of(said))
    ]  # fmt: skip

    assert missing == []


def test_english_is_english():
    chinese = []
    for _key, said in entries(CATALOGUE).values():
        for english in english_of(said):
            text = english
            for quoted in QUOTED:
                text = text.replace(quoted, "")
            if CHINESE.search(text):
                chinese.append(english)

    assert chinese == []


def test_no_sentence_hides_from_the_translators():
    """A sentence inside an f-string is found by no tool that collects sentences."""
    hidden = []
    for place, tree in modules().items():
        for node in nodes(tree):
            if isinstance(node, ast.JoinedStr):
                hidden += [
                    f"{place}:{node.lineno}"
                    for call in ast.walk(node)
                    if isinstance(call, ast.Call) and name_of(call) in GETTEXT
                ]

    assert hidden == []


def bare(source):
    """A template without comments and without what is translated in it."""
    for gone in TRANSLATED:
        source = gone.sub("", source)
    return source


def test_templates_hold_no_chinese_outside_translation():
    """Papers are Chinese by law; every other template speaks through the catalogue, its punctuation too."""
    found = {
        f"{file.relative_to(ROOT)}: {text}"
        for file in (ROOT / "templates").rglob("*.html")
        if "papers" not in file.relative_to(ROOT / "templates").parts[:1]
        for text in CHINESE.findall(bare(file.read_text(encoding="utf-8")))
    }

    assert found == {  # the way back to Chinese
        "templates/components/header.html: 中文",
        "templates/error.html: 中文",
    }


def test_scripts_hold_no_chinese():
    """What a script says it takes from the page, which says it in the reader's language."""
    found = [
        file.name
        for file in (ROOT / "static" / "js").glob("*.js")
        if CHINESE.search(file.read_text(encoding="utf-8"))
    ]

    assert found == []


# Laws are cited by their Chinese names; everything else that the pack says it says in English too.
CITED = {"legal_basis_zh"}


@pytest.mark.parametrize(
    "table",
    ["catalogue", "materials", "questions", "departments", "regions", "rulebook", "documents"],
)
def test_the_county_pack_has_its_english(table):
    missing = []
    file = ROOT / "counties" / "zuoquan" / f"{table}.csv"
    with file.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            for column in {name for name in row if name.endswith("_zh")} - CITED:
                english = row.get(column.removesuffix("_zh") + "_en", "")
                if row[column] and (not english.strip() or CHINESE.search(english)):
                    missing.append((column, row[column], english))

    assert missing == []


def test_english_keeps_every_placeholder_and_tag():
    different = [
        said["msgid"] for _flags, said in entries(CATALOGUE).values()
        if any(sorted(PLACES.findall(said["msgid"])) != sorted(PLACES.findall(text)) for text in english_of(said))
    ]  # fmt: skip

    assert different == []


def names():
    """Names that stay Chinese in an English page, longest first."""
    found = {*Organisation.objects.values_list("name", flat=True)}
    found |= {*OrganisationName.objects.values_list("name", flat=True)}
    found |= {*County.objects.values_list("name", flat=True)}
    found |= {*User.objects.values_list("name", flat=True)}
    return sorted(found - {""}, key=len, reverse=True)


def chinese_in(page):
    """Chinese that a reader of the page meets, besides names and the way back to Chinese."""
    text = re.sub(r"<[^>]*lang=\"zh-hans\"[^>]*>[^<]*<", "<", page)
    text = re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.DOTALL)
    said = re.findall(r"(?:aria-label|placeholder|title|alt|data-head)=\"([^\"]*)\"", text)
    text = html.unescape(" ".join([re.sub(r"<[^>]*>", " ", text), *said]))
    for name in names():
        text = text.replace(name, "")
    return CHINESE.findall(text)


@pytest.fixture
def english(client):
    """A browser that asked for English."""
    client.cookies[configured.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.mark.parametrize("address", ["/", "/accounts/login/", "/register/", "/nothing/"])
def test_it_opens_in_chinese_whatever_the_browser_says_and_offers_the_other(
    client, county, address
):
    page = client.get(address, headers={"accept-language": "en-GB,en;q=0.9"}).content.decode()

    assert '<html lang="zh-hans"' in page
    assert re.search(r'<button[^>]*name="language" value="en"', page)


@pytest.mark.parametrize("demo", [False, True])
@pytest.mark.parametrize("address", ["/", "/accounts/login/", "/register/", "/no-such-page/"])
def test_a_public_page_in_english_has_no_chinese(english, county, settings, address, demo):
    settings.DEMO = demo

    page = english.get(address).content.decode()

    assert '<html lang="en"' in page
    assert chinese_in(page) == []


@pytest.mark.parametrize(
    "role", ["window", "convenor", "supervisor", "administrator", "enterprise"]
)
@pytest.mark.parametrize("address", ["/desk/", "/filings/"])
def test_a_desk_in_english_has_no_chinese(english, people, role, address):
    english.force_login(getattr(people, role).user)

    page = english.get(address, follow=True).content.decode()

    assert '<html lang="en"' in page
    assert chinese_in(page) == []
