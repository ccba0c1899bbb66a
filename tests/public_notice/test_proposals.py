"""What one person proposes about a notice another decides; what was decided stays on the page with its reason."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from approvals.stages import Stage
from core.ledger.models import Entry
from core.ledger.queries import verify
from core.steps.reasons import NotNow
from public_notice.models import Notice
from public_notice.services import (
    decide_proposal,
    lodge_objection,
    propose,
    prove_posting,
    reply_objection,
)
from public_notice.stages import Finding, NoticeStage, ProposalState
from tests.walk import png

pytestmark = pytest.mark.django_db
REASON = "承诺标准写错，须更正后重新公示。"


@pytest.fixture
def ask(noticed, people):
    def asked(**said):
        given = {"kind": "take_down", "reason": REASON, "back_to": "committing"} | said
        return propose(noticed.notice, by=people.window, at=noticed.now, **given)

    return asked


@pytest.fixture
def decide(noticed):
    return lambda made, by, **said: decide_proposal(
        made, by=by, at=noticed.now, **({"granted": True} | said)
    )


def as_(membership):
    client = Client()
    client.force_login(membership.user)
    return client


def fresh(w):
    return Notice.objects.get(pk=w.notice.pk)


def text_of(w):
    return Client().get(reverse("public_notice:notice", args=[w.notice.public_id])).content.decode()


def test_a_notice_is_taken_down_by_two_and_the_next_one_says_why(
    noticed, people, ask, decide, driven
):
    made = ask()
    assert fresh(noticed).stage == NoticeStage.RUNNING
    assert people.supervisor.messages.filter(subject__contains="待您决定").exists()
    decide(made, people.supervisor)
    assert (fresh(noticed).stage, fresh(noticed).end_reason) == (NoticeStage.WITHDRAWN, REASON)
    assert noticed.filing.stage == Stage.COMMITTING
    noticed.commit()
    noticed.publish()
    first, second = noticed.filing.notices.order_by("pk")
    with driven("2018-06-01 09:00"):
        page = text_of(noticed)
        assert "另一人决定" in page or second.public_id in page
        both = Client().get(reverse("public_notice:notice", args=[second.public_id]))
        assert REASON in both.content.decode()
        assert f"/notices/{first.public_id}/" in both.content.decode()
    assert verify(first.book) is None


def test_nobody_decides_alone_twice_or_without_a_reason(people, ask, decide):
    made = ask()
    for who in (people.window, people.enterprise, people.administrator):
        with pytest.raises(PermissionDenied):
            decide(made, who)
    with pytest.raises(NotNow):
        ask()
    with pytest.raises(ValidationError):
        decide(made, people.supervisor, granted=False)
    assert (
        decide(made, people.supervisor, granted=False, note="不必。").state == ProposalState.REFUSED
    )
    with pytest.raises(NotNow):
        decide(made, people.supervisor)
    own = ask()
    own.asked_by = people.convenor
    own.save()
    with pytest.raises(NotNow, match="不能自己决定"):
        decide(own, people.convenor)


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": " "},
        {"back_to": ""},
        {"kind": "hide"},
        {"kind": "overrule", "day": date(2018, 6, 4)},
    ],
)
def test_a_proposal_says_what_it_is_about(noticed, ask, wrong):
    with pytest.raises(ValidationError):
        ask(**wrong)
    assert not noticed.notice.proposals.exists()


def test_over_in_the_meantime_it_is_not_taken_down(noticed, people, ask):
    made = ask()
    noticed.wait_out()
    with pytest.raises(NotNow, match="已经结束"):
        decide_proposal(made, granted=True, by=people.supervisor, at=noticed.now)


def test_hidden_words_leave_their_place_and_the_finding(
    noticed, people, ask, decide, words, driven
):
    objection = lodge_objection(noticed.notice, at=noticed.now, **words)
    made = ask(kind="hide", objection=objection.number, reason="写了他人的隐私。")
    with driven("2018-06-01 09:00"):
        assert "排水标准" in text_of(noticed)
        decide(made, people.supervisor)
        page = text_of(noticed)
        assert "排水标准" not in page
        assert objection.number in page
        assert "写了他人的隐私" in page
    noticed.do(
        reply_objection, objection, finding=Finding.NOT_UPHELD, reply="标准一致。", by=people.window
    )
    with driven("2018-06-01 09:00"):
        assert "标准一致。" in text_of(noticed)


def test_posting_on_paper_is_shown_by_its_digest(noticed, people, driven, at):
    when = at("2018-06-04 09:00")
    said = {"place": "政务大厅公告栏", "posted_on": date(2018, 5, 31), "seen_on": date(2018, 6, 4)}

    def prove(by=people.window, upload=None, **other):
        given = said | other
        return prove_posting(
            noticed.notice, upload=upload or png("照片.png"), by=by, at=when, **given
        )

    with pytest.raises(PermissionDenied):
        prove(by=people.supervisor)
    for wrong in (
        {"posted_on": date(2018, 5, 30)},
        {"seen_on": date(2018, 6, 5)},
        {"seen_on": date(2018, 5, 30)},
        {"place": " "},
    ):
        with pytest.raises(ValidationError):
            prove(**wrong)
    kept = prove()
    with driven("2018-06-04 10:00"):
        page = text_of(noticed)
    assert kept.photo.sha256 in page
    assert "政务大厅公告栏" in page
    assert f"/attachments/{kept.photo_id}" not in page  # the picture itself is not public


def test_the_pages_of_it(noticed, people, driven, at):
    case = noticed.filing.public_id
    handling = reverse("public_notice:handling", args=[case])
    take_down = reverse("public_notice:propose", args=[case, "take-down"])
    with driven("2018-06-01 09:00"):
        window, supervisor = as_(people.window), as_(people.supervisor)
        assert as_(people.enterprise).get(handling).status_code == 403
        assert window.get(reverse("public_notice:propose", args=[case, "other"])).status_code == 404
        for kind in ("take-down", "hide", "overrule"):
            assert (
                window.get(reverse("public_notice:propose", args=[case, kind])).status_code == 200
            )
        said = {"reason": REASON, "back_to": "committing"}
        assert supervisor.post(take_down, said).status_code == 403
        assert window.post(take_down, {"back_to": "committing"}).status_code == 422
        assert window.post(take_down, said).status_code == 302
        assert window.post(take_down, said).status_code == 409
        made = noticed.notice.proposals.get()
        address = reverse("public_notice:decide", args=[made.pk])
        assert address not in window.get(handling).content.decode()
        assert address in supervisor.get(handling).content.decode()
        assert window.get(address).status_code == 403
        assert REASON in supervisor.get(address).content.decode()
        assert supervisor.post(address, {"granted": "no"}).status_code == 422
        assert supervisor.post(address, {"granted": "yes"}).status_code == 302
        assert fresh(noticed).stage == NoticeStage.WITHDRAWN
        photo = {"place": "村委会", "posted_on": "2018-05-31", "seen_on": "2018-06-01"}
        posting = reverse("public_notice:posting", args=[case])
        assert window.post(posting, photo).status_code == 422
        assert window.post(posting, {**photo, "upload": png("照片.png")}).status_code == 302
        assert "村委会" in window.get(handling).content.decode()


def test_what_is_said_of_a_notice_in_public_names_nobody(
    noticed, people, ask, decide, words, driven
):
    """A reason of the window, the place of a paper and a reply may name somebody; the page does not."""
    objection = lodge_objection(noticed.notice, at=noticed.now, **words)
    made = ask(
        kind="hide", objection=objection.number, reason="王示例写了他人的电话13900139000。",
    )  # fmt: skip
    decide(made, people.supervisor)
    noticed.do(
        prove_posting, noticed.notice, place="王家村村委会13700137000", posted_on=date(2018, 5, 31),
        seen_on=date(2018, 5, 31), upload=png("照片.png"), by=people.window,
    )  # fmt: skip
    noticed.do(
        reply_objection, objection, finding=Finding.UPHELD, reply="王示例反映的情况属实，电话13600136000。",
        by=people.window,
    )  # fmt: skip
    public = noticed.notice.public_id
    with driven("2018-06-01 09:00"):
        shown = [text_of(noticed)]
        programs = (f"/api/v1/notices/{public}/", "/open/v1/notices.json")
        shown += [Client().get(address).content.decode() for address in programs]
    kept = [str(entry.payload) for entry in Entry.objects.filter(book=noticed.notice.book)]
    for secret in ("13900139000", "13700137000", "13600136000"):
        assert not any(secret in one for one in shown + kept)
    assert not any("王示例" in one for one in shown)
