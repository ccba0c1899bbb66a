"""One clause on its page: a fixed number of queries, however many clauses, checks, findings and measures there are."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.stages import Stage
from core import clock
from inspection import services as works
from inspection.stages import Ground, MeasureKind, Verdict
from tests.conftest import instant
from tests.standing import standing
from tests.walk import walk

pytestmark = pytest.mark.django_db
walked, building = standing(
    lambda people: walk(people, instant("2018-03-05 09:00"), to=Stage.BUILDING)
)
# What the person is asked for (session, office, letters of the frame) and what the clause is made of. Where something
# was found, its findings and rechecks are two more for all of them together.
BARE, FOUND = 14, 16
BARE_PROGRAM, FOUND_PROGRAM = 13, 15


def asked(w, client, person, address):
    client.force_login(person.user)
    with clock.driven(w.now):
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(address)
    assert answer.status_code == 200
    return len(seen), answer.content.decode()


def mended(w):
    finding = w.breach("ZJJ")
    w.report_rectified(finding)
    w.recheck(finding)


def test_as_many_queries_for_a_clause_with_everything_as_for_one_that_was_looked_at_once(
    building, people, client
):
    w = building
    first, other = w.clauses("ZJJ")[:2]
    page = reverse("inspection:clause", args=[w.filing.public_id, first.pk])
    api = f"/api/v1/clauses/{first.pk}/"

    def count(address):
        return asked(w, client, people.supervisor, address)[0]

    assert (count(page), count(api)) == (BARE, BARE_PROGRAM)
    mended(w)
    assert (count(page), count(api)) == (FOUND, FOUND_PROGRAM)
    for _again in range(2):
        mended(w)
    last = w.breach("ZJJ")
    w.now = last.due_at + timedelta(minutes=1)
    for kind in (MeasureKind.STOP, MeasureKind.EXIT):
        said = works.Intention(kind, Ground.NOT_MENDED, "逾期未改", "承诺书", last, scope="全部")
        w.do(works.propose_measure, w.filing, intention=said, by=people.department("ZJJ"))

    assert (count(page), count(api)) == (FOUND, FOUND_PROGRAM)
    _count, shown = asked(w, client, people.supervisor, page)
    assert shown.count("复查合格") == 2 * 3  # the state of each finding, and its recheck
    assert "停工整改" in shown
    # Another clause of the same letter, looked at as often and never found broken.
    beside = reverse("inspection:clause", args=[w.filing.public_id, other.pk])
    assert BARE <= count(beside) <= FOUND


def test_no_more_for_every_round_of_the_acceptance(people, client, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.ACCEPTING)
    clause = next(c for c in w.clauses("ZJJ") if c.number == "C09-3")
    page = reverse("inspection:clause", args=[w.filing.public_id, clause.pk])
    one, _shown = asked(w, client, people.supervisor, page)
    w.give(clause.number, Verdict.FAILED, problem="防火分隔缺失", demand="按图补做")
    w.pass_all()
    w.conclude_acceptance()
    entry = w.acceptance.verdicts.get(verdict=Verdict.FAILED)
    w.do(works.report_amendment, entry, text="已补做", by=w.enterprise)
    w.do(works.hand_in_amendment, w.filing, text="请复验", by=w.enterprise)

    two, shown = asked(w, client, people.supervisor, page)

    assert "联合验收第2轮" in shown
    assert two == one == BARE
