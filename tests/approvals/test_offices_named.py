"""机关名称和复议机关: an office is named as it was on the day, and so is who reviews what it decides."""

from datetime import date

import pytest

from accounts.models import Organisation
from approvals.services import words

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


def test_the_window_is_the_countys(people):
    assert COUNTY in words.review(60)


def test_what_the_window_answers_is_reviewed_by_whom_its_own_bureau_is_led(people, at):
    """受理异议、公开申请的答复: the authority is the bureau's, wherever another county puts its counter."""
    when = at("2026-06-01 09:00")
    assert COUNTY in words.review_of_window(60, when)
    Organisation.objects.filter(code="SPJ").update(led_from_above_since=date(2019, 1, 1))
    assert COUNTY not in words.review_of_window(60, when)
