"""Several clerks decide one filing in the same second: one decision stands, and the others are told whose it was."""

from functools import partial

import pytest

from accounts.models import Membership, User
from approvals import services
from approvals.models import Filing
from approvals.services.review import Decision
from approvals.stages import MaterialState, Stage
from core import clock
from core.documents.models import Paper
from core.ledger.models import Entry
from core.ledger.queries import verify_all
from core.steps.reasons import NotNow
from tests.conftest import everybody, instant
from tests.core.threads import alone, at_once, shared_database
from tests.walk import walk

pytestmark = pytest.mark.slow
START = instant("2018-03-05 09:00")


def colleague(of, n):
    user = User.objects.create(username=f"window-{n}", name=f"示例第{n}")
    return Membership.objects.create(
        user=user, organisation=of.organisation, role=of.role, valid_from=of.valid_from
    )


def decide(pk, decisions, then, by, at):
    with clock.driven(at):
        return services.review_materials(
            Filing.objects.get(pk=pk), decisions=decisions, then=then, by=by, at=at
        )


def test_two_accept_and_a_third_asks_for_a_correction_in_the_same_second(
    transactional_db, tmp_path
):
    w = walk(everybody(), START, to=Stage.RECEIVED)
    seen = [Decision(one.pk, "fine", seen=one.standing) for one in w.filing.materials.intake()]
    back = [Decision(seen[0].material, "return", "缺页", seen[0].seen), *seen[1:]]
    clerks = [w.people.window, colleague(w.people.window, 2), colleague(w.people.window, 3)]
    wanted = [(seen, "accept"), (seen, "accept"), (back, "correct")]
    before = Paper.objects.count()
    with shared_database(tmp_path):
        found = at_once(
            *(
                partial(decide, w.pk, *what, by, w.now)
                for what, by in zip(wanted, clerks, strict=True)
            )
        )

        def stands():
            filing = Filing.objects.get(pk=w.pk)
            acts = Entry.objects.filter(book=filing.book, act__in=("accept", "ask_correction"))
            states = set(filing.materials.intake().values_list("state", flat=True))
            return filing.stage, [one.act for one in acts], states, Paper.objects.count()

        stage, acts, states, papers = alone(stands)
        assert alone(verify_all)[2] == []
    [won] = [n for n, one in enumerate(found) if isinstance(one, Filing)]
    others = [one for one in found if not isinstance(one, Filing)]
    assert [type(one) for one in others] == [NotNow, NotNow], found
    assert all(str(clerks[won].user) in one.reasons[0] for one in others)
    corrected = won == 2
    assert stage == (Stage.CORRECTING if corrected else Stage.ACCEPTED)
    assert acts == ["ask_correction" if corrected else "accept"]
    assert states == {MaterialState.ACCEPTED} | ({MaterialState.RETURNED} if corrected else set())
    assert papers == before + 1
