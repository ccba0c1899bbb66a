"""The one door: reasons before permission, everything or nothing, and only one of two who come at once."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django_fsm import ConcurrentTransition

from approvals.models import Filing
from approvals.services import confirm_licence, open_draft
from approvals.stages import Stage
from core import clock
from core.ledger.models import Entry
from core.ledger.queries import verify
from core.steps.moves import act, locked, move, permit
from core.steps.reasons import NotNow, because, require
from tests.core.threads import alone, at_once, shared_database
from tests.walk import Walk, acts, walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(people, at):
    """A filing with questionnaire and project filled in."""
    way = Walk(people, at("2018-03-05 09:00"))
    way.draft()
    return way.filing


@pytest.fixture
def received(people, at):
    """A filing that waits for the window to accept it, with everything checked."""
    way = walk(people, at("2018-03-05 09:00"), to=Stage.RECEIVED)
    way.check_materials()
    return way


def test_a_move_changes_the_stage_and_writes_the_ledger(draft, people, at):
    moved = move(draft.submit, by=people.enterprise, at=at("2018-03-06 10:00"), number="T1")

    entry = Entry.objects.filter(book=draft.book).latest("sequence")
    assert (moved.stage, moved.number) == (Stage.SUBMITTED, "T1")
    assert Filing.objects.get(pk=draft.pk).stage == Stage.SUBMITTED
    assert (entry.act, entry.actor, entry.event_at) == (
        "submit",
        people.enterprise,
        at("2018-03-06 10:00"),
    )
    assert entry.payload == '{"came_from":"draft","number":"T1","stage":"submitted"}'


def test_the_clock_of_the_new_stage_starts_with_the_move(draft, people, at):
    confirm_licence(draft.enterprise, by=people.window, at=at("2018-03-05 10:00"))

    move(draft.submit, by=people.enterprise, at=at("2018-03-06 10:00"), number="T1")

    limit = draft.limits.get(ended_at=None)
    assert (limit.rule, limit.started_at) == ("P1", at("2018-03-06 10:00"))
    draft.book.refresh_from_db()
    assert draft.book.next_due == limit.act_at


def test_the_reason_comes_before_the_permission(draft, people, at):
    """Who may not and cannot either is told that it is not the time: 409, not 403."""
    with pytest.raises(NotNow) as refused:
        move(draft.accept, by=people.enterprise, at=at("2018-03-06 10:00"))

    assert refused.value.reasons == ["当前阶段是“草稿”，不能办理“受理”。"]


def test_every_condition_that_does_not_hold_says_so(people, at):
    empty = open_draft(by=people.enterprise, at=at("2018-03-05 09:00"))

    with pytest.raises(NotNow) as refused:
        move(empty.submit, by=people.enterprise, at=at("2018-03-06 10:00"), number="T1")

    assert len(refused.value.reasons) == 2
    assert all(reason.endswith("。") for reason in refused.value.reasons)


@pytest.mark.parametrize("who", ["other_enterprise", "window", "supervisor", "administrator"])
def test_only_the_person_whose_step_it_is_takes_it(draft, people, at, who):
    with pytest.raises(PermissionDenied):
        move(draft.submit, by=getattr(people, who), at=at("2018-03-06 10:00"), number="T1")

    assert Filing.objects.get(pk=draft.pk).stage == Stage.DRAFT


@pytest.mark.parametrize(
    ("first", "last", "day", "may"),
    [
        (date(2018, 3, 6), None, "2018-03-06 00:00", True),
        (date(2018, 3, 7), None, "2018-03-06 23:59", False),
        (date(2018, 1, 1), date(2018, 3, 6), "2018-03-06 23:59", True),
        (date(2018, 1, 1), date(2018, 3, 5), "2018-03-06 00:00", False),
    ],
)
def test_an_authority_holds_on_its_days_only(draft, people, at, first, last, day, may):
    by = people.enterprise
    by.valid_from, by.valid_to = first, last

    if may:
        assert move(draft.submit, by=by, at=at(day), number="T1").stage == Stage.SUBMITTED
    else:
        with pytest.raises(PermissionDenied):
            move(draft.submit, by=by, at=at(day), number="T1")


def test_nobody_is_no_person(draft, at):
    with pytest.raises(PermissionDenied):
        permit(draft, lambda _thing, _by: True, by=None, at=at("2018-03-06 10:00"))


def test_a_fault_after_the_step_leaves_nothing(draft, people, at):
    """The ledger takes no float, so the act fails at its very end, and did not happen at all."""
    before = acts(draft.book)

    with pytest.raises(TypeError, match="float"):
        move(draft.submit, by=people.enterprise, at=at("2018-03-06 10:00"), number=1.5)

    now = Filing.objects.get(pk=draft.pk)
    assert (now.stage, now.number) == (Stage.DRAFT, "")
    assert not now.limits.exists()
    assert acts(draft.book) == before
    assert verify(now.book) is None


def test_evidence_that_is_missing_leaves_nothing(draft, people, at):
    before = acts(draft.book)

    with pytest.raises(TypeError, match="number"):
        move(draft.submit, by=people.enterprise, at=at("2018-03-06 10:00"))

    assert Filing.objects.get(pk=draft.pk).stage == Stage.DRAFT
    assert acts(draft.book) == before


def test_a_stale_copy_is_reloaded_before_it_moves(draft, people, at):
    stale = Filing.objects.get(pk=draft.pk)
    move(draft.submit, by=people.enterprise, at=at("2018-03-06 10:00"), number="T1")

    with pytest.raises(NotNow):
        move(stale.submit, by=people.enterprise, at=at("2018-03-06 10:01"), number="T2")

    assert acts(draft.book).count("submit") == 1
    assert Filing.objects.get(pk=draft.pk).number == "T1"


def test_a_stale_copy_moves_on_from_where_the_case_is(received, people, at):
    stale = Filing.objects.get(pk=received.pk)
    stale.project_name = "旧名"

    moved = move(stale.accept, by=people.window, at=at("2018-03-12 10:00"))

    assert moved.stage == Stage.ACCEPTED
    assert Filing.objects.get(pk=received.pk).project_name == "示例小杂粮加工项目"


def test_a_stale_copy_cannot_be_saved(draft, people, at):
    stale = Filing.objects.get(pk=draft.pk)
    move(draft.submit, by=people.enterprise, at=at("2018-03-06 10:00"), number="T1")

    with pytest.raises(ConcurrentTransition):
        stale.save()


def test_a_stage_cannot_be_written(draft):
    with pytest.raises(AttributeError, match="stage"):
        draft.stage = Stage.ACCEPTED


def test_the_database_knows_the_stages(draft):
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        Filing.objects.filter(pk=draft.pk).update(stage="approved")


def test_an_act_without_a_step_has_reasons_and_permission_too(draft, people, at):
    @because("还不行。")
    def never(thing):
        return False

    mine = {"policy": lambda _thing, by: by == people.window, "at": at("2018-03-06 10:00")}

    with pytest.raises(NotNow, match="还不行"):
        act(locked(draft), "look", by=people.window, conditions=(never,), **mine)
    with pytest.raises(PermissionDenied):
        act(locked(draft), "look", by=people.enterprise, **mine)
    act(locked(draft), "look", by=people.window, note=None, page=1, **mine)

    entry = Entry.objects.filter(book=draft.book).latest("sequence")
    assert (entry.act, entry.payload) == ("look", '{"page":1}')


def test_require_names_all_that_is_missing():
    @because("甲。")
    def first(thing):
        return False

    @because("乙。")
    def second(thing):
        return thing > 1

    with pytest.raises(NotNow) as refused:
        require(1, first, second)
    assert refused.value.reasons == ["甲。", "乙。"]
    assert require(2, second) is None


# — reloading ————————————————————————————————————————————————————————————————————


def test_a_reload_brings_the_stage_in_one_query(draft, django_assert_num_queries):
    Filing.objects.filter(pk=draft.pk).update(stage=Stage.SUBMITTED, project_name="新名")

    with django_assert_num_queries(1):
        draft.refresh_from_db()

    assert (draft.stage, draft.project_name) == (Stage.SUBMITTED, "新名")
    draft.save()


def test_a_reload_of_one_field_brings_the_stage_along(draft):
    """So that the check against stale copies, which compares stages, stays honest."""
    Filing.objects.filter(pk=draft.pk).update(stage=Stage.SUBMITTED, project_name="新名")

    draft.refresh_from_db(fields=["project_name"])

    assert (draft.stage, draft.project_name) == (Stage.SUBMITTED, "新名")
    draft.save()


def test_a_vanished_row_leaves_the_stage_protected(people, at):
    gone = open_draft(by=people.enterprise, at=at("2018-03-05 09:00"))
    Filing.objects.filter(pk=gone.pk).delete()

    with pytest.raises(Filing.DoesNotExist):
        gone.refresh_from_db()

    assert gone.stage == Stage.DRAFT
    assert Filing._meta.get_field("stage").protected
    with pytest.raises(AttributeError):
        gone.stage = Stage.ACCEPTED


# — at once ——————————————————————————————————————————————————————————————————————


@pytest.mark.slow
def test_of_two_who_act_at_once_one_has_an_effect(transactional_db, people, at, tmp_path):
    now = at("2018-03-12 10:00")

    def set_up():
        way = walk(people, at("2018-03-05 09:00"), to=Stage.RECEIVED)
        way.check_materials()
        return way.filing

    def accept(filing):
        with clock.driven(now):
            return move(filing.accept, by=people.window, at=now)

    with shared_database(tmp_path):
        filing = alone(set_up)
        copies = [alone(lambda: Filing.objects.get(pk=filing.pk)) for _copy in range(2)]
        results = at_once(*[lambda copy=copy: accept(copy) for copy in copies])
        written = alone(lambda: acts(filing.book))
        fault = alone(lambda: verify(Filing.objects.get(pk=filing.pk).book))

    assert sorted(type(result).__name__ for result in results) == ["Filing", "NotNow"]
    assert written.count("accept") == 1
    assert fault is None


@pytest.mark.slow
def test_six_threads_reload_one_row(transactional_db, people, at, tmp_path):
    """With the library's own reload most of them die, or the protection stays off."""

    def reload(pk):
        filing = Filing.objects.get(pk=pk)
        for _time in range(50):
            filing.refresh_from_db()
        return filing.stage

    with shared_database(tmp_path):
        draft = alone(lambda: open_draft(by=people.enterprise, at=at("2018-03-05 09:00")))
        stages = at_once(*[lambda: reload(draft.pk)] * 6)

    assert stages == [Stage.DRAFT] * 6
    assert Filing._meta.get_field("stage").protected
