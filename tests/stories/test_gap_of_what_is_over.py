"""A case that has left the road waits for no promised paper: nothing says so, and no clock runs on."""

import pytest
from django.urls import reverse

from approvals import services as filings
from approvals.models import Filing
from approvals.queries import with_gaps
from approvals.stages import Stage
from core import clock
from tests.api.programs import Program
from tests.approvals.browse import Browser, text
from tests.stories.test_gap_not_filled import gap, listed, tolerated, walked

pytestmark = pytest.mark.django_db
__all__ = ["listed", "tolerated", "walked"]


def said(w, who):
    with clock.driven(w.now):
        page = Browser(who, w.now).client.get(reverse("desk:case", args=[w.filing.public_id]))
    return text(page)


def test_withdrawn_it_waits_for_nothing(tolerated, people, client):
    w = tolerated
    for who in (people.enterprise, people.window):
        assert "尚缺1件材料" in said(w, who)
    w.do(filings.withdraw, w.filing, reason="不建了", by=people.enterprise)

    assert w.filing.stage == Stage.WITHDRAWN
    assert gap(w).ended_at is not None
    for who in (people.enterprise, people.window):
        page = said(w, who)
        assert "尚缺" not in page
        assert "补交容缺材料" not in page
        assert "待补齐" not in page
    assert with_gaps(Filing.objects.filter(pk=w.filing.pk)).get().gaps_open == 0
    with clock.driven(w.now):
        found = Program(client, people.enterprise).get(f"filings/{w.filing.public_id}/")
    assert found.json()["gaps_open"] == 0
