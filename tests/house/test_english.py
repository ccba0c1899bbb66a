"""English beside the Chinese: complete, up to date with the code, and Chinese nowhere in the frame."""

import html
import json
import re
import shutil

import pytest
from django.conf import settings as configured
from django.core.management import call_command

from accounts.models import County, Organisation, OrganisationName, User
from tests.house.source import PACKAGES, ROOT

CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+")
PLACES = re.compile(r"%\(\w+\)[a-z]|<[^>]+>")
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
        if "fuzzy" in flags or not said.get("msgstr", "").strip()
    ]  # fmt: skip

    assert missing == []


def test_english_is_english():
    chinese = []
    for _key, said in entries(CATALOGUE).values():
        text = said["msgstr"]
        for quoted in QUOTED:
            text = text.replace(quoted, "")
        if CHINESE.search(text):
            chinese.append(said["msgstr"])

    assert chinese == []


def test_english_keeps_every_placeholder_and_tag():
    different = [
        said["msgid"] for _flags, said in entries(CATALOGUE).values()
        if sorted(PLACES.findall(said["msgid"])) != sorted(PLACES.findall(said["msgstr"]))
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
