"""先行施工: building without the gate is recorded with what was missing; its true day is told later."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone, translation

from approvals.stages import Stage
from inspection import services as works
from inspection.models import EarlyStart
from inspection.queries.closing import facts_of
from tests.api.programs import Program
from tests.inspection.browse import Browser, text
from tests.stories.telling import refused, told
from tests.walk import NO_NODES, acts, walk

pytestmark = pytest.mark.django_db


def record(w, by, **differs):
    said = {"began_on": timezone.localdate(w.now), "text": "基坑已开挖", **differs}
    return w.do(works.record_early_start, w.filing, by=by, **said)


def test_recorded_with_what_was_missing_and_never_changed(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.CLEARED)
    clerk = people.department("ZJJ")
    for stranger in (people.enterprise, people.other_enterprise, people.supervisor):
        with refused(error=PermissionDenied):
            record(w, stranger)
    day = timezone.localdate(w.now)
    for wrong in ({"began_on": day + timedelta(days=1)}, {"text": " "}):
        with refused(error=ValidationError):
            record(w, clerk, **wrong)

    found = record(w, clerk)

    assert found.missing == w.filing.gate_missing()
    assert {"subject", "whose", "reason"} == set(found.missing[0])
    assert "record_early_start" in acts(w.filing.book)
    assert told(people.enterprise, "停止施工")
    assert told(people.supervisor, "先行施工")
    with refused("已经记录过"):
        record(w, people.window)
    with pytest.raises(DatabaseError), transaction.atomic():
        EarlyStart.objects.update(text="无事")


def test_what_was_missing_is_kept_in_chinese_whoever_records_it(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.CLEARED)
    kept = w.filing.gate_missing()
    with translation.override("en"):
        assert w.filing.gate_missing() != kept
        found = record(w, people.department("ZJJ"))
        assert translation.get_language() == "en"
    assert found.missing == kept


def test_the_true_day_of_the_start_is_taken_once_it_is_on_record(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.CLEARED)
    early = timezone.localdate(w.now)
    record(w, people.department("ZJJ"))
    w.to(Stage.START_NOTIFIED)
    before = {"text": "基础开挖", "nodes": NO_NODES, "by": people.enterprise}
    with refused("不能早于开工告知书", error=ValidationError):
        w.do(works.report_start, w.filing, happened_on=early - timedelta(days=1), **before)

    w.do(works.report_start, w.filing, happened_on=early, **before)

    assert w.filing.stage == Stage.BUILDING


def test_promise_and_reality_say_it_to_people_programs_and_the_bundle(people, at, client):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.CLEARED)
    found = record(w, people.department("ZJJ"))
    n = len(found.missing)
    w.to(Stage.COMPLETED)
    said = {"began_on": found.began_on.isoformat(), "missing": n}
    assert facts_of(w.filing)["early_starts"] == [said]
    page = Browser(w.enterprise, w.now).get("closing", w.filing.public_id)
    assert f"开工条件还差{n}项时已经施工" in text(page)
    firm = Program(client, w.enterprise)
    assert firm.get(f"filings/{w.filing.public_id}/promise/").json()["early_starts"] == [said]


def test_not_once_the_start_was_notified(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.START_NOTIFIED)
    with refused("开工条件没有关上"):
        record(w, people.window)
