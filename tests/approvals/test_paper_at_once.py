"""Two clerks at the counter do the same in the same second: the application is filed once, with one receipt."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Membership, User
from approvals import services
from approvals.models import Filing, PaperIntake
from approvals.stages import PaperState, Stage
from core import clock
from core.documents.models import Paper
from core.ledger.queries import verify_all
from core.steps.reasons import NotNow
from tests.approvals.test_paper_filing import START, AtTheCounter
from tests.conftest import everybody
from tests.core.threads import alone, at_once, shared_database
from tests.walk import pdf

pytestmark = pytest.mark.slow


def driven(at, service, *things, **said):
    with clock.driven(at):
        return service(*things, at=at, **said)


@pytest.fixture
def desk(transactional_db):
    """An application that the window has typed and nobody has sent."""
    desk = AtTheCounter(everybody(), START)
    desk.open()
    desk.now += timedelta(hours=2)
    desk.type()
    desk.now += timedelta(minutes=5)
    return desk


def enter(desk, by):
    said = {"paper_at": desk.now - timedelta(hours=1), "bearer": "李示例丁", "by": by}
    return driven(
        desk.now, services.enter_application, desk.filing, upload=pdf("申请书.pdf"), **said
    )


def another_clerk(of):
    user = User.objects.create(username="third", name="示例第三")
    return Membership.objects.create(
        user=user, organisation=of.organisation, role=of.role, valid_from=of.valid_from
    )


def confirm(desk, made, by):
    return driven(desk.now, services.confirm_paper, PaperIntake.objects.get(pk=made), by=by)


def sorted_out(found, taken):
    """One is taken, the other hears why not; nothing else goes wrong."""
    assert sorted(type(one).__name__ for one in found) == sorted([taken, "NotNow"]), found


def test_one_application_is_entered_once_and_filed_once(desk, tmp_path):
    window, convenor = desk.people.window, desk.people.convenor
    with shared_database(tmp_path):
        sorted_out(
            at_once(partial(enter, desk, window), partial(enter, desk, convenor)), "PaperIntake"
        )
        made = alone(PaperIntake.objects.get)

        # Who typed it, who entered it and, twice, a third person confirm it in the same second.
        third = alone(partial(another_clerk, window))
        found = at_once(
            partial(confirm, desk, made.pk, window),
            partial(confirm, desk, made.pk, convenor),
            partial(confirm, desk, made.pk, third),
            partial(confirm, desk, made.pk, third),
        )
        # The convenor may confirm where the window's clerk entered it, and is refused as its own entry otherwise.
        filed = [one for one in found if isinstance(one, Filing)]
        assert len(filed) == 1, found
        assert all(isinstance(one, Filing | NotNow | PermissionDenied) for one in found), found

        def stands():
            filing = Filing.objects.get(pk=desk.pk)
            entries = filing.book.entries.filter(act="submit_on_paper").count()
            return filing.stage, entries, Paper.objects.filter(book=filing.book).count()

        assert alone(stands) == (Stage.SUBMITTED, 1, 1)
        assert alone(lambda: PaperIntake.objects.get().state) == PaperState.CONFIRMED
        assert alone(verify_all)[2] == []


def test_confirmed_and_refused_at_once_it_is_one_of_the_two(desk, tmp_path):
    convenor = desk.people.convenor
    with shared_database(tmp_path):
        made = alone(partial(enter, desk, desk.people.window))
        refuse = partial(
            driven, desk.now, services.refuse_paper, made, reason="缺公章", by=convenor
        )
        found = at_once(partial(confirm, desk, made.pk, convenor), refuse)
        assert sum(isinstance(one, NotNow) for one in found) == 1, found
        stage, state = alone(
            lambda: (Filing.objects.get(pk=desk.pk).stage, PaperIntake.objects.get().state)
        )
        assert (stage, state) in {
            (Stage.SUBMITTED, PaperState.CONFIRMED),
            (Stage.DRAFT, PaperState.REFUSED),
        }
        assert alone(verify_all)[2] == []
