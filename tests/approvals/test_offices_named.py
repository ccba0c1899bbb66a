"""机关名称和复议机关: an office is named as it was on the day, and so is who reviews what it decides."""

from datetime import date

import pytest

from accounts.models import Organisation
from approvals.services import words
from core.deadlines.models import RulebookEdition, RuleValue

pytestmark = pytest.mark.django_db
COUNTY = "向左权县人民政府申请行政复议"


@pytest.mark.parametrize(
    ("code", "on", "name", "by_county"),
    [
        ("ZRJ", "2026-06-01 09:00", "左权县自然资源局", True),
        ("STJ", "2018-06-01 09:00", "左权县环境保护局", True),
        ("STJ", "2026-06-01 09:00", "晋中市生态环境局左权分局", False),
        ("QXJ", "2018-06-01 09:00", "左权县气象局", False),
    ],
)
def test_the_countys_government_reviews_only_its_own_offices(people, at, code, on, name, by_county):
    office = Organisation.objects.get(code=code)
    assert words.issued_by(office, at(on))["name"] == name
    said = words.review(60, office, at(on))
    assert (COUNTY in said) == by_county
    assert said.startswith("自知道之日起60日内依法向")


def test_who_is_led_from_above_says_the_pack_and_not_a_name(people, at):
    office = Organisation.objects.get(code="SLJ")
    office.name_en = "Water Bureau (vertical)"
    assert COUNTY in words.review(60, office, at("2018-06-01 09:00"))
    office.led_from_above_since = date(2018, 6, 1)
    assert COUNTY in words.review(60, office, at("2018-05-31 23:59"))
    assert COUNTY not in words.review(60, office, at("2018-06-01 00:00"))


def test_the_months_of_a_suit_are_the_rulebooks_and_an_older_edition_takes_none_away(people, at):
    book = RulebookEdition.objects.latest("number")
    assert "自知道之日起6个月内" in words.suit(book)
    older = RulebookEdition.objects.create(
        number=0, in_force_from=date(2016, 1, 1), source="示例", digest="0" * 64
    )
    assert words.suit(older) == words.suit(book)
    RuleValue.objects.filter(code="P156").update(value="3")
    RulebookEdition.objects.filter(pk=book.pk).update(digest="three months".ljust(64, "0"))
    assert "3个月内" in words.suit(older)


def test_the_window_is_the_countys(people):
    assert COUNTY in words.review(60)


def test_what_the_window_answers_is_reviewed_by_whom_its_own_bureau_is_led(people, at):
    """受理异议、公开申请的答复: the authority is the bureau's, wherever another county puts its counter."""
    when = at("2026-06-01 09:00")
    assert COUNTY in words.review_of_window(60, when)
    Organisation.objects.filter(code="SPJ").update(led_from_above_since=date(2019, 1, 1))
    assert COUNTY not in words.review_of_window(60, when)
