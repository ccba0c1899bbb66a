"""A power of attorney that is no file we take is refused at its field, on both pages, and nothing is granted."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from approvals.models import Authority
from approvals.stages import Stage
from tests.approvals.browse import Browser, text
from tests.conftest import instant
from tests.standing import standing
from tests.walk import walk

pytestmark = pytest.mark.django_db
walked, case = standing(lambda people: walk(people, instant("2018-03-05 09:00"), to=Stage.DRAFT))
WRONG = [
    ("委托书.exe", b"MZ" * 40),
    ("委托书.pdf", b"MZ" * 40),
    ("委托书.pdf", b""),
    ("a.svg", b"<svg/>"),
]


@pytest.mark.parametrize(("name", "content"), WRONG, ids=["exe", "exe-as-pdf", "empty", "svg"])
@pytest.mark.parametrize("page", ["grant_authority", "agents"])
def test_it_is_said_at_the_field_and_what_was_typed_stays(case, page, name, content):
    own, known = Browser(case.people.enterprise, case.now), case.people.other_enterprise
    form = {
        "username": known.user.username, "uscc": known.organisation.uscc, "valid_from": case.now.date(),
        "valid_to": "2018-12-20", "powers": ["fill"],
    }  # fmt: skip
    where = [case.filing.public_id] if page == "grant_authority" else []
    answer = own.post(page, *where, **form, upload=SimpleUploadedFile(name, content))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"upload"}
    assert known.organisation.uscc in text(answer)
    assert not Authority.objects.exists()


def test_a_code_that_is_none_is_told_once(case):
    own = Browser(case.people.enterprise, case.now)
    answer = own.post("project", case.filing.public_id, project_code="123")
    assert answer.status_code == 422
    assert len(answer.context["form"].errors["project_code"]) == 1
