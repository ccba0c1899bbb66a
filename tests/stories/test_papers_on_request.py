"""依请求制发、更正、作废: what is on record gets its paper once; what was issued stays.

One case stands in its notice; every paper here is made of what happened on the way.
"""

import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from approvals import services as filings
from approvals.models import ChecklistItem
from approvals.stages import Approval, Stage
from core import clock
from core.documents import pdf
from core.documents.models import Paper, Series
from core.ledger.models import Entry
from core.ledger.queries import verify
from core.steps.correcting import correct_paper, void_paper
from core.steps.making_out import FORMS, make_out, offered
from core.steps.papers import render_one
from core.steps.reasons import NotNow
from public_notice.services import lodge_objection, reply_objection
from public_notice.stages import Finding
from tests.conftest import instant
from tests.standing import standing
from tests.walk import acts, png, walk

pytestmark = pytest.mark.django_db
SAID = {
    "name": "王示例",
    "contact": "13800138000",
    "text": "承诺的排水标准与现场不符。",
    "interest": "我是东邻",
}


def _noticed(people):
    return walk(people, instant("2018-09-10 09:00"), to=Stage.NOTICED)


walked, noticed = standing(_noticed)


@pytest.fixture
def way(noticed, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return noticed


def first(way, by, kind):
    """What may be made out of a kind, for this person; the first of them."""
    return next((one for one in offered(way.filing, by) if one.kind.code == kind), None)


def made(way, by, kind, **more):
    one = first(way, by, kind)
    assert one is not None, kind
    return make_out(way.filing, kind=kind, subject=one.subject, by=by, at=way.minutes(), **more)


def test_each_opinion_gets_its_form_once_for_its_department_and_the_window(way):
    people = way.people
    form = made(way, people.window, "DOC09")
    assert form.number.startswith("左承勘〔2018〕")
    assert form.content["issuer"]["name"].startswith("左权县")
    assert form.content["opinion"]["position"] == "同意"
    again = make_out(
        way.filing, kind="DOC09", subject=form.subject, by=people.window, at=way.minutes()
    )
    assert again == form
    assert first(way, people.window, "DOC09").subject != form.subject
    said = made(way, people.window, "DOC12")
    assert said.number.startswith("左承审〔2018〕")
    with pytest.raises(PermissionDenied):
        make_out(
            way.filing, kind="DOC12", subject=said.subject, by=people.enterprise, at=way.minutes()
        )
    assert first(way, people.enterprise, "DOC12") is None
    for kind, subject in (("DOC12", "999999"), ("DOC14", "1"), ("", "")):
        with pytest.raises(ValidationError):
            make_out(way.filing, kind=kind, subject=subject, by=people.window, at=way.minutes())
    assert acts(way.filing.book)[-2:] == ["issue_paper", "issue_paper"]


def test_an_objection_is_receipted_and_answered_on_paper_without_naming_who_objected(way):
    window = way.people.window
    objection = lodge_objection(way.notice, at=way.minutes(), **SAID)
    receipt = made(way, window, "DOC18")
    assert first(way, window, "DOC19") is None
    reply_objection(
        objection,
        finding=Finding.NOT_UPHELD,
        reply="标准无误，见图纸。",
        by=window,
        at=way.minutes(),
    )
    reply = made(way, window, "DOC19")
    for paper in (receipt, reply):
        told = json.dumps(paper.content, ensure_ascii=False)
        assert "王示例" not in told
        assert "13800138000" not in told
        assert "东邻" not in told  # the form says that the interest is not published
        assert objection.number in told
    assert reply.content["finding"] == "异议不成立"
    assert reply.content["reason"] == "标准无误，见图纸。"


def test_a_licence_is_granted_on_paper_or_refused_with_reasons_by_its_department_alone(way):
    people = way.people
    item = ChecklistItem.objects.get(filing=way.filing, code="R04")
    clerk = people.head(item.department.code)
    with pytest.raises(PermissionDenied):
        make_out(
            way.filing,
            kind="DOC28",
            subject=str(item.pk),
            by=people.window,
            at=way.minutes(),
            reason="不符",
        )
    with pytest.raises(ValidationError):
        make_out(way.filing, kind="DOC28", subject=str(item.pk), by=clerk, at=way.minutes())
    no = make_out(
        way.filing,
        kind="DOC28",
        subject=str(item.pk),
        by=clerk,
        at=way.minutes(),
        reason="退让不足",
    )
    item.refresh_from_db()
    assert item.approval == Approval.REFUSED
    assert not item.limits.filter(ended_at=None).exists()
    assert no.content["reason"] == "退让不足"
    assert "60日" in no.content["remedies"][0]
    assert acts(way.filing.book)[-2:] == ["refuse_approval", "issue_paper"]
    with pytest.raises(NotNow):  # it is the decision itself
        void_paper(no, reason="写错", by=people.supervisor, at=way.minutes())
    filings.record_approval(
        item, number="示例规建〔2018〕5号", issued_on=way.now.date(), by=clerk, at=way.minutes()
    )
    with pytest.raises(PermissionDenied):  # no window grants in a department's name
        make_out(way.filing, kind="DOC27", subject=str(item.pk), by=people.window, at=way.minutes())
    yes = make_out(way.filing, kind="DOC27", subject=str(item.pk), by=clerk, at=way.minutes())
    assert yes.content["document"]["number"] == "示例规建〔2018〕5号"


def test_a_letter_that_is_not_published_goes_back_with_its_notice(people, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    way = walk(people, instant("2018-09-10 09:00"), to=Stage.COMMITTING)
    filings.sign_letter(way.filing, upload=png(), by=people.enterprise, at=way.minutes())
    filings.reject_scan(way.filing, reason="缺法定代表人签字。", by=people.window, at=way.minutes())
    paper = Paper.objects.get(book=way.filing.book, kind="DOC20")
    assert paper.content["step"] == "签署承诺书"
    assert paper.content["reason"] == "缺法定代表人签字。"


def test_a_number_is_voided_by_a_second_person_with_a_reason_and_never_given_again(way):
    people = way.people
    form = made(way, people.convenor, "DOC09")
    for nobody in (people.enterprise, people.window, people.administrator):
        with pytest.raises(PermissionDenied):
            void_paper(form, reason="发错部门", by=nobody, at=way.minutes())
    with pytest.raises(PermissionDenied):  # who issued it does not take it back
        void_paper(form, reason="发错部门", by=people.convenor, at=way.minutes())
    with pytest.raises(ValidationError):
        void_paper(form, reason="  ", by=people.supervisor, at=way.minutes())
    void_paper(form, reason="发错部门", by=people.supervisor, at=way.minutes())
    with pytest.raises(NotNow):
        void_paper(form, reason="再作废", by=people.supervisor, at=way.minutes())
    form.refresh_from_db()
    assert "发错部门" in form.no_longer
    last = Series.objects.get(mark="左承勘", year=2018).last
    anew = make_out(
        way.filing, kind="DOC09", subject=form.subject, by=people.window, at=way.minutes()
    )
    assert anew.number == f"左承勘〔2018〕{last + 1}号"
    assert Paper.objects.filter(number=form.number).exists()
    entry = Entry.objects.get(book=way.filing.book, act="void_paper")
    assert json.loads(entry.payload) == {"paper": form.number, "reason": "发错部门"}
    with pytest.raises(NotNow):  # what an act issued stands as long as the act does
        void_paper(
            way.filing.checklist_paper, reason="写错", by=people.supervisor, at=way.minutes()
        )


def test_a_correction_is_a_new_version_that_names_the_old_which_stays_as_it_was(way):
    people = way.people
    old = way.filing.checklist_paper
    render_one(old.pk, way.minutes())
    old.refresh_from_db()
    before = (old.content_sha256, old.file_sha256, old.file.read())
    right = {"project.name": "示例小杂粮精深加工项目"}
    with pytest.raises(PermissionDenied):
        correct_paper(old, changes=right, reason="漏字", by=people.enterprise, at=way.minutes())
    for wrong in (
        {},
        {"number": "左承告〔2018〕9号"},
        {"project.name": old.content["project"]["name"]},
        {"project.name": " "},
    ):
        with pytest.raises(ValidationError):
            correct_paper(old, changes=wrong, reason="漏字", by=people.supervisor, at=way.minutes())
    newer = correct_paper(
        old, changes=right, reason="漏字。", by=people.supervisor, at=way.minutes()
    )
    assert newer.number != old.number
    assert newer.content["corrects"]["number"] == old.number
    assert newer.content["project"]["name"] == right["project.name"]
    old = Paper.objects.get(pk=old.pk)
    assert (old.content_sha256, old.file_sha256, old.file.read()) == before
    assert newer.number in old.no_longer
    with pytest.raises(NotNow):  # once; the newer one may be corrected again
        correct_paper(old, changes=right, reason="漏字", by=people.supervisor, at=way.minutes())
    assert acts(way.filing.book)[-2:] == ["issue_paper", "correct_paper"]
    letter = way.filing.letter().paper
    with pytest.raises(NotNow):  # the enterprise's own words are its own
        correct_paper(letter, changes={}, reason="改", by=people.supervisor, at=way.minutes())
    assert verify(way.filing.book) is None


def test_the_page_shows_each_number_with_its_state_and_takes_the_three_acts(way, client):
    people = way.people
    page = f"/cases/{way.filing.public_id}/papers/"
    with clock.driven(way.minutes()):
        client.force_login(people.window.user)
        shown = client.get(page).content.decode()
        assert "制发联合勘察意见表" in shown
        one = first(way, people.window, "DOC09")
        sent = client.post(page, {"kind": "DOC09", "subject": one.subject}, follow=True)
        assert sent.status_code == 202  # it is being set, and the page comes back by itself
        assert sent["Refresh"] == "3"
        assert client.post(page, {"kind": "DOC09", "subject": "0"}).status_code == 422
        form = Paper.objects.get(book=way.filing.book, kind="DOC09")
        assert client.post(f"/papers/{form.code}/void/", {"reason": "错"}).status_code == 403
        second = Client()
        second.force_login(people.supervisor.user)
        assert second.post(f"/papers/{form.code}/void/", {"reason": ""}).status_code == 422
        asked = second.get(f"/papers/{way.filing.checklist_paper.code}/correct/").content.decode()
        assert "project.name" in asked
        fixed = {"p:project.name": "示例小杂粮精深加工项目", "reason": "漏字"}
        assert (
            second.post(f"/papers/{way.filing.checklist_paper.code}/correct/", fixed).status_code
            == 302
        )
        assert second.post(f"/papers/{form.code}/void/", {"reason": "错"}).status_code == 302
        after = second.get(page).content.decode()
        assert "文号已作废：错" in after
        assert "更正左承告〔2018〕" in after
        public = Client().get(f"/papers/check/{form.code}/").content.decode()
        assert "文号已作废" in public
        assert "文号已作废：" not in public  # why was written for those of the case
    stranger = Client()
    stranger.force_login(people.other_enterprise.user)
    assert stranger.get(page).status_code == 404


def test_every_form_has_a_series_a_template_and_a_kind_in_the_countys_list():
    assert set(FORMS) == {"DOC09", "DOC12", "DOC18", "DOC19", "DOC27", "DOC28", "DOC29", "DOC32"}
    for form in FORMS.values():
        assert pdf.missing_fields(form.template, {})
