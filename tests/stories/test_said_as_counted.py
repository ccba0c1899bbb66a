"""What a served paper says of a limit is what will be counted: by the edition of each filing, and in its own unit."""

import pytest

from approvals.stages import Stage
from core.deadlines.models import RulebookEdition, RuleValue
from tests.conftest import instant
from tests.standing import standing
from tests.walk import walk

pytestmark = pytest.mark.django_db
walked, surveyed = standing(
    lambda people: walk(people, instant("2018-03-05 09:00"), to=Stage.PREREVIEWING)
)


def newer(old, number, **changed):
    """An edition that came into force after the case was submitted, with other numbers."""
    made = RulebookEdition.objects.create(
        number=number, in_force_from="2018-03-06", source="t", digest=str(number).rjust(64, "e")
    )
    for value in RuleValue.objects.filter(edition=old):
        value.pk, value.edition = None, made
        for name, new in changed.get(value.code, {}).items():
            setattr(value, name, new)
        value.save()
    return made


def warned(w):
    return "".join(w.meeting.notice.content["warning"])


def test_a_later_edition_changes_neither_the_limit_nor_what_the_summons_says(surveyed):
    w = surveyed
    newer(
        w.filing.rulebook,
        900,
        P5b={"value": "5", "number": 5} if hasattr(RuleValue, "number") else {"value": "5"},
    )
    w.call_meeting()

    assert "3个工作日内提出" in warned(w)
    assert "5个工作日" not in warned(w)


def test_it_is_said_in_the_unit_in_which_it_is_counted(surveyed):
    w = surveyed
    RuleValue.objects.filter(edition=w.filing.rulebook, code="P5b").update(unit="natural_day")
    RulebookEdition.objects.filter(pk=w.filing.rulebook_id).update(digest="u" * 64)
    w.filing.refresh_from_db()
    w.call_meeting()

    assert "3日内提出" in warned(w)
