"""A form that stands in a department's name is sealed by that department, whoever had it made out."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Organisation
from accounts.policies import seals_papers, signs_by_certificate
from approvals.models import Filing
from approvals.stages import Stage
from core.documents.models import Paper
from core.steps.sealing import confirm_scan, sign_by_certificate
from desk.queries.case import papers
from tests.conftest import instant
from tests.standing import standing
from tests.stories.test_papers_on_request import made
from tests.stories.test_sealed_at_once import sealed_by_hand
from tests.walk import walk

pytestmark = pytest.mark.django_db


def _noticed(people):
    return walk(people, instant("2018-09-10 09:00"), to=Stage.NOTICED)


walked, noticed = standing(_noticed)


@pytest.fixture
def way(noticed, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return noticed


def to_seal(way, by):
    return [one["number"] for one in papers(way.filing, by) if one["seal_url"]]


@pytest.mark.parametrize("kind", ["DOC09", "DOC12"])
def test_the_window_makes_it_out_and_the_department_seals_it(way, kind):
    people = way.people
    form = made(way, people.window, kind)
    clerk, head = people.department(form.issuer_code), people.head(form.issuer_code)
    other = people.department("SLJ" if form.issuer_code != "SLJ" else "ZJJ")
    for by in (people.window, people.convenor, other, people.supervisor, people.enterprise, None):
        assert not seals_papers(form, by)
    assert not any(signs_by_certificate(form, by) for by in (people.window, clerk))
    with pytest.raises(PermissionDenied):
        sign_by_certificate(form, by=people.window, at=way.minutes())
    with pytest.raises(PermissionDenied):
        sealed_by_hand(way, form, 1, people.window)

    sealed_by_hand(way, form, 1, clerk)

    assert to_seal(way, clerk) == [form.number]
    assert form.number not in to_seal(way, people.window)
    with pytest.raises(PermissionDenied):
        confirm_scan(form, number=form.number, by=people.convenor, at=way.minutes())
    confirm_scan(form, number=form.number, by=head, at=way.minutes())


def test_what_was_issued_before_offices_were_noted_is_sealed_as_it_was(way):
    form = made(way, way.people.window, "DOC09")
    named = {key: text for key, text in form.content["issuer"].items() if key != "code"}
    Paper.objects.filter(pk=form.pk).update(content={**form.content, "issuer": named})
    assert seals_papers(Paper.objects.get(pk=form.pk), way.people.window)


def test_what_the_county_issues_names_no_office_and_is_the_windows(way):
    notice = way.filing.checklist_paper
    assert notice.issuer_code == ""
    assert seals_papers(notice, way.people.window)
    assert not seals_papers(notice, way.people.department("ZJJ"))


def test_the_english_page_says_in_whose_name_the_paper_is(way):
    Filing.objects.filter(pk=way.filing.pk).update(papers_in_english=True)
    form = made(way, way.people.window, "DOC12")
    office = Organisation.objects.get(code=form.issuer_code)
    assert form.content["english"]["issuer"].startswith(office.name_en)
