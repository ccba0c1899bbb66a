"""What is entered on a site: by whom, when, twice, with which digest; refusals first."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from core.ledger.models import Entry
from core.ledger.queries import verify_all
from core.steps.reasons import NotNow
from prereview import services
from prereview.models import SiteFinding, SitePhoto, SitePresence
from prereview.queries.visit import Visit
from prereview.services import Mark
from prereview.stages import Duty
from tests.conftest import instant
from tests.prereview.onsite import Device, digest, jpeg, running
from tests.standing import standing
from tests.stories.telling import evidence
from tests.walk import pdf

pytestmark = pytest.mark.django_db
walked, w = standing(lambda people: running(people, instant("2018-03-05 09:00"), absent=("QXJ",)))


@pytest.fixture
def zjj(w, people):
    """The telephone of the construction department's clerk."""
    return Device(w, people.department("ZJJ"))


@pytest.fixture
def zrj(w, people):
    """The telephone of the land department's clerk."""
    return Device(w, people.department("ZRJ"))


def part(w, code):
    """What a department's part has come to."""
    visit = Visit(w.stop, w.now)
    return next(one for one in visit.parts if one.department.code == code)


def refused(error, saying, act, **said):
    """An act is refused in these words, and no book has an entry more."""
    before = Entry.objects.count()
    with pytest.raises(error, match=saying), transaction.atomic():
        act(**said)
    assert Entry.objects.count() == before


def test_the_shipped_list_asks_each_point_once(w):
    points = Visit(w.stop, w.now).points

    assert len({one.topic for one in points}) == len(points) > 5
    assert next(one for one in points if one.topic == "site").askers == ("ZRJ", "ZJJ")
    assert {one.topic for one in points}.isdisjoint({"trees", "relics"}), "nobody here asks them"


def test_who_was_not_summoned_and_whose_it_is_not_is_refused(w, people, zjj):
    refused(PermissionDenied, None, Device(w, people.department("WLJ")).finds)
    refused(PermissionDenied, None, Device(w, people.convenor).finds)
    refused(PermissionDenied, None, Device(w, people.enterprise).finds)
    another = Mark(uuid4(), w.now, people.department("ZRJ").pk)
    refused(PermissionDenied, "另一个人", zjj.finds, mark=another)
    refused(PermissionDenied, "另一个人", zjj.shoots, mark=another)
    assert not SiteFinding.objects.exists()


def test_the_form_of_an_entry(zjj):
    refused(ValidationError, "请选择结果", zjj.finds, result="maybe")
    refused(ValidationError, "请写明情况", zjj.finds, result="problem", text="  ")
    refused(ValidationError, "没有这个要点", zjj.finds, topic="nothing")
    refused(ValidationError, "证号", zjj.comes, card="")
    refused(ValidationError, "姓名", zjj.comes, name=" ")


def test_before_the_opening_it_stays_on_the_device(w, people):
    from approvals.stages import Stage
    from tests.walk import walk

    other = walk(people, w.now, to=Stage.ACCEPTED)
    other.call_survey()
    other.stop = other.survey.agenda.get()
    refused(NotNow, "还没有宣布开始", Device(other, people.department("ZJJ")).finds)


def test_sent_twice_there_is_one_and_another_content_is_refused(w, zjj, zrj):
    mark = zjj.mark()
    first = zjj.finds(mark=mark)
    before = Entry.objects.count()
    w.minutes(5)

    assert zjj.finds(mark=mark) == first
    assert Entry.objects.count() == before
    refused(ValidationError, "已经用于", zjj.finds, mark=mark, result="problem", text="不同")
    refused(ValidationError, "已经用于", zrj.finds, mark=zrj.mark(mark.uid))


def test_a_photograph_is_what_the_device_said_or_nothing(w, zjj):
    taken = jpeg()
    refused(ValidationError, "摘要不一致", zjj.shoots, content=taken, sha256="0" * 64)
    assert not SitePhoto.objects.exists()
    mark = zjj.mark(latitude="37.082100", longitude="113.379500", accuracy=12)
    kept = zjj.shoots(taken, sha256=digest(taken), mark=mark)
    again = zjj.shoots(taken, sha256=digest(taken), mark=mark)

    assert kept == again
    assert kept.digested_on_device
    assert kept.sha256 == kept.file.sha256 == digest(taken)
    assert kept.file.file.read() == taken, "the original is the evidence, as it came"
    kept.refresh_from_db()
    assert kept.position == "37.08210, 113.37950 ±12 m"
    assert SitePhoto.objects.count() == 1
    assert not zjj.shoots(jpeg("blue")).digested_on_device


def test_two_persons_where_the_law_wants_two(w, zjj):
    one = zjj.comes()
    found = zjj.finds()
    refused(NotNow, "第三十四条.*已登记1名", lambda: zjj.signs(found))
    zjj.comes(mark=zjj.mark())  # the same person once more is no second one
    refused(NotNow, "已登记1名", lambda: zjj.signs(found))
    zjj.comes("勘察示例乙", "示例002")
    zjj.signs(found)

    assert part(w, "ZJJ").signed
    assert (part(w, "ZJJ").people, part(w, "ZJJ").wanted) == (2, 2)
    assert one.counted


def test_presence_signs_the_department_in_at_the_roll(w, people):
    weather = Device(w, people.department("QXJ"))
    assert w.survey.invitations.get(department__code="QXJ").checked_in_at is None
    weather.comes("气象示例甲", "示例101")
    weather.comes("气象示例乙", "示例102")
    came = w.survey.invitations.get(department__code="QXJ")

    assert came.checked_in_at == w.now
    assert came.representative == "气象示例甲"
    assert SitePresence.objects.count() == 2


def test_a_signature_is_under_what_has_come_and_only_that(w, zjj, zrj):
    zjj.two()
    found, photo = zjj.finds(), zjj.shoots()
    refused(NotNow, "先逐项记录", zjj.signs)
    refused(NotNow, "还有1条记录没有收到", lambda: zjj.signs(found, uuid4()))
    refused(NotNow, "没有收到", lambda: zjj.signs(zrj.finds()))
    zjj.signs(found, photo)
    assert part(w, "ZJJ").signed
    w.minutes(1)
    later = zjj.finds(result="problem", text="补充一处")

    assert part(w, "ZJJ").unsigned == {str(later.uid)}
    assert not part(w, "ZJJ").signed


def test_late_and_after_the_close(w, people, zjj):
    """What was made long before it came is marked; what came after the close is kept and not counted."""
    made = w.now
    w.minutes(45)
    late = zjj.finds(mark=zjj.mark(made=made))
    assert (late.late, late.counted) == (True, True)
    w.close(w.survey)
    w.minutes(5)
    after = zjj.finds("boundary", mark=zjj.mark(made=made))
    weather = Device(w, people.department("QXJ"))
    weather.comes("气象示例甲", "示例101", mark=weather.mark(made=made))
    visit = Visit(w.stop, w.now)

    assert (after.late, after.counted) == (True, False)
    assert ("boundary", after.department_id) not in visit.stand
    assert len(visit.after_close) == 2
    assert w.survey.invitations.get(department__code="QXJ").checked_in_at is None, (
        "a time said by a device neither makes nor takes back an absence"
    )


def test_a_device_ahead_of_the_time_says_nothing_that_has_not_happened(w, zjj):
    ahead = zjj.finds(mark=zjj.mark(made=w.now + timedelta(days=3000)))
    w.minutes(1)
    stands = zjj.finds(result="problem", text="后来发现")

    assert ahead.happened_at == ahead.received_at
    assert Visit(w.stop, w.now).stand["site", stands.department_id] == stands


def test_what_was_entered_cannot_be_changed(zjj):
    found = zjj.finds()
    for change in (lambda: SiteFinding.objects.update(text="x"), found.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert verify_all()[2] == []


def test_who_stays_out_of_the_case_enters_nothing_and_what_came_before_stands(w, people, zjj):
    mark = zjj.mark()
    before = zjj.finds(mark=mark)
    w.do(
        services.declare_recusal, w.slot("ZJJ"), reason="亲属为企业股东", successor=people.head("ZJJ"), by=zjj.by
    )  # fmt: skip
    for act in (zjj.finds, zjj.comes, zjj.shoots, lambda: zjj.signs(before)):
        refused(PermissionDenied, "已对本件回避", act)

    assert zjj.finds(mark=mark) == before
    assert Device(w, people.head("ZJJ")).finds().counted


def test_under_what_entry_of_the_roster_somebody_came_is_kept(w, people, zjj):
    own, boss, today = zjj.by.organisation, people.head("ZJJ"), timezone.localdate(w.now)
    w.do(services.set_rule, own, roster_binds=True, countersigns=False, by=boss)
    refused(PermissionDenied, "授权名册", zjj.finds)
    granted = w.do(
        services.grant_mandate, own, person=zjj.by, duties=(Duty.ATTEND,), valid_from=today, valid_to=today,
        upload=pdf(), covers=None, by=boss,
    )  # fmt: skip
    zjj.finds()

    assert evidence(w.survey.book, "enter_finding")["mandate"] == granted.pk
