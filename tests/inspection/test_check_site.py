"""A check that is entered on the works by telephone: by whom, twice, late, in which order; refusals first."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from approvals.stages import Stage
from core.ledger.models import Entry
from core.ledger.queries import verify_all
from core.steps.reasons import NotNow
from desk.queries.acts import act_label
from desk.queries.timeline import timeline
from inspection.models import Check, CheckPhoto, CheckStatement, Finding
from inspection.queries.onsite import withholds_site_file
from inspection.services import call_off_check
from inspection.services.archive_content import _inside
from inspection.stages import CheckMode, Kept, Signing
from tests.conftest import instant
from tests.inspection.onsite import REFUSED, SAID, Telephone, png
from tests.prereview.onsite import digest, jpeg
from tests.standing import standing
from tests.walk import OFFICERS, walk

pytestmark = pytest.mark.django_db
walked, w = standing(lambda people: walk(people, instant("2018-03-05 09:00"), to=Stage.BUILDING))


@pytest.fixture
def phone(w, people):
    """The telephone of the construction department, at a check upon a complaint."""
    check = w.plan_check("ZJJ", mode=CheckMode.COMPLAINT, why="有人反映")
    return Telephone(w, check, people.department("ZJJ"))


def refused(error, saying, act, *args, **said):
    """An act is refused in these words, and no book has an entry more."""
    before = Entry.objects.count()
    with pytest.raises(error, match=saying), transaction.atomic():
        act(*args, **said)
    assert Entry.objects.count() == before


def test_whose_check_it_is_not_enters_nothing(w, people, phone):
    for stranger in (people.department("QXJ"), people.convenor, people.enterprise):
        other = Telephone(w, phone.check, stranger)
        for act in (other.shoots, other.hears, other.holds):
            refused(PermissionDenied, None, act)
    anothers = replace(phone.mark(), person=people.department("QXJ").pk)
    for act in (phone.shoots, phone.hears, phone.holds):
        refused(PermissionDenied, "另一个人", act, mark=anothers)


WRONG = (
    (replace(SAID, name=" "), True, "姓名和身份"),
    (SAID, False, "在屏幕上签名"),
    (replace(SAID, signing="maybe"), True, "签字情况"),
    (REFUSED, True, "不附签名"),
    (replace(REFUSED, reason=" "), False, "理由"),
    (replace(REFUSED, witnesses=OFFICERS[:1]), False, "两名检查人员见证"),
    (replace(REFUSED, witnesses=[OFFICERS[0], OFFICERS[0]]), False, "两名检查人员见证"),
)


def test_a_statement_is_signed_or_refused_before_two_witnesses(phone):
    for said, signed, saying in WRONG:
        refused(ValidationError, saying, phone.hears, said, signed)
    assert not CheckStatement.objects.exists()


def test_a_picture_is_what_the_device_said_or_nothing(phone):
    refused(ValidationError, "摘要不一致", phone.shoots, sha256="0" * 64)
    refused(ValidationError, "摘要不一致", phone.hears, sha256="0" * 64)
    refused(ValidationError, "现行承诺书的条款", phone.shoots, clause="Z99")
    text = SimpleUploadedFile("签名.png", b"no picture", content_type="image/png")
    with pytest.raises(ValidationError):
        phone.hears(upload=text)
    kept = phone.shoots(jpeg(), sha256=digest(jpeg()), clause=phone.w.clauses("ZJJ")[0].number)
    assert (kept.file.file.read(), kept.digested_on_device) == (jpeg(), True)
    signed = phone.hears(sha256=digest(png()))
    assert signed.signature.sha256 == signed.sha256 == digest(png())


def test_sent_twice_there_is_one_and_another_content_is_refused(w, phone, people):
    marks = [phone.mark() for _each in range(3)]
    before = None
    for _twice in range(2):
        phone.shoots(mark=marks[0])
        phone.hears(mark=marks[1])
        held = phone.holds(mark=marks[2], covers=[marks[0].uid, marks[1].uid])
        before = before or Entry.objects.count()
        w.minutes(5)

    assert Entry.objects.count() == before
    assert (CheckPhoto.objects.count(), CheckStatement.objects.count()) == (1, 1)
    assert Check.objects.get(pk=held.pk).entry == marks[2].uid
    refused(ValidationError, "已经用于", phone.shoots, jpeg("blue"), mark=marks[0])
    refused(ValidationError, "已经用于", phone.hears, replace(SAID, text="别的"), mark=marks[1])
    refused(ValidationError, "已经用于", phone.holds, mark=marks[2], text="别的")
    head = people.head("ZJJ")
    theirs = replace(marks[2], person=head.pk)
    refused(ValidationError, "已经用于", phone.holds, mark=theirs, by=head)
    refused(NotNow, "已经进行", phone.holds)


def test_the_record_waits_for_what_it_names(phone):
    photo = phone.mark()
    refused(NotNow, "还有1条现场记录没有收到", phone.holds, covers=[photo.uid])
    phone.shoots(mark=photo)
    assert phone.holds(covers=[str(photo.uid)]).held_at


def test_the_days_to_mend_run_from_the_arrival_whatever_the_device_says(w, phone):
    made = w.now
    w.minutes(24 * 60)
    held = phone.w.hold_check(
        phone.check, broken={w.clauses("ZJJ")[0].number: {}}, mark=phone.mark(made)
    )
    finding = Finding.objects.get()

    assert held.made_at == made < held.held_at - timedelta(hours=23)
    assert finding.started_at == held.held_at
    assert "以收到时间为准" in held.paper.content["entered_text"]
    ahead = phone.shoots(mark=phone.mark(w.now + timedelta(days=900)))
    assert ahead.happened_at == ahead.received_at


def test_after_the_record_it_is_kept_and_not_counted_and_after_the_calling_off_refused(
    w, people, phone
):
    phone.holds()
    w.minutes(90)
    after = phone.shoots(mark=phone.mark(w.now - timedelta(minutes=80)))
    assert (after.counted, after.late) == (False, True)
    assert not phone.hears().counted
    assert Check.objects.get(pk=phone.check.pk).paper.content["photos"] == []
    other = w.plan_check("QXJ")
    w.do(call_off_check, other, reason="改期", by=people.department("QXJ"))
    gone = Telephone(w, other, people.department("QXJ"))
    refused(NotNow, "已经取消", gone.shoots)
    refused(NotNow, "已经取消", gone.hears)


def test_what_was_entered_cannot_be_changed(phone):
    for entry in (phone.shoots(), phone.hears()):
        for change in (lambda e=entry: type(e).objects.update(sha256=""), entry.delete):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()
    assert verify_all()[2] == []


def test_before_it_is_held_nobody_else_opens_its_photographs(people, phone):
    kept = phone.shoots().file
    assert withholds_site_file(kept, people.enterprise)
    assert withholds_site_file(kept, people.department("QXJ"))
    assert not withholds_site_file(kept, phone.by)
    assert not withholds_site_file(kept, people.supervisor)
    phone.holds()
    assert not withholds_site_file(kept, people.enterprise)


def test_the_paper_shows_statement_signature_and_photographs_or_the_refusal(phone, w):
    phone.hears(REFUSED, signed=False)
    w.minutes(1)
    phone.shoots()
    phone.hears()
    content = phone.holds().paper.content
    (said,) = content["said"]

    assert said["who"] == "示例工长（现场负责人）"
    assert "不是《中华人民共和国电子签名法》所称的电子签名" in said["note"]
    assert content["statement"] == "防护网正在补装"
    assert [one["signature"] for one in content["pictures"]] == [False, True]


def test_over_the_signature_stand_the_words_that_were_signed_and_no_other(phone):
    phone.hears(replace(SAID, text="我方不认可，防护网一直在"))
    content = phone.holds(statement="承认未装防护网").paper.content
    assert content["statement"] == "我方不认可，防护网一直在"
    assert content["officers_note"] == "承认未装防护网"


@pytest.mark.parametrize(
    ("signed", "typed", "statement", "note"),
    [
        (SAID.text, "", SAID.text, ""),
        (SAID.text, f" {SAID.text} ", SAID.text, ""),
        ("", "承认未装防护网", "未作陈述", "承认未装防护网"),
        (None, "承认未装防护网", "承认未装防护网", ""),
        (None, "", "未作陈述", ""),
    ],
)
def test_what_the_officers_write_stands_alone_only_where_nobody_spoke_for_himself(
    phone, signed, typed, statement, note
):
    if signed is not None:
        phone.hears(replace(SAID, text=signed))
    content = phone.holds(statement=typed).paper.content
    assert (content["statement"], content["officers_note"]) == (statement, note)


def test_a_refusal_stands_on_the_paper_with_its_witnesses(phone):
    phone.hears(REFUSED, signed=False)
    (said,) = phone.holds().paper.content["said"]
    assert said["outcome"] == "拒绝签名。理由：未说明理由"
    assert OFFICERS[1]["card"] in said["note"]
    assert CheckStatement.objects.get().signing == Signing.REFUSED
    assert Kept.BROKEN not in {one.kept for one in phone.check.results.all()}


def test_the_enterprise_hears_of_a_statement_once_the_check_is_held(w, people, phone):
    def told(by):
        return [one["act"] for one in timeline(w.filing, {}, by)]

    phone.hears()
    words = act_label("take_statement")
    assert words in told(people.department("ZJJ"))
    assert words not in told(people.enterprise)
    statement = Entry.objects.get(act="take_statement").sequence
    assert statement in _inside(w.filing.book, w.filing)  # nor does the bundle tell of it
    phone.holds()
    assert words in told(people.enterprise)
    assert statement not in _inside(w.filing.book, w.filing)
