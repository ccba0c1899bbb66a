"""The signed slip of a service is read by the staff and by the department it was served on, by nobody else."""

import pytest
from django.test import Client
from django.urls import reverse

from approvals.stages import Channel, Stage
from core import clock
from prereview import services as sessions
from tests.walk import png, walk

pytestmark = pytest.mark.django_db


def test_a_proof_of_service_is_not_shown_to_other_departments(people, at):
    w = walk(people, at("2018-04-11 09:00"), to=Stage.PREREVIEWING)
    w.call_meeting()
    served = w.do(
        sessions.serve_by_second_channel,
        w.meeting.invitations.get(department__code="QXJ"),
        channel=Channel.PAPER,
        received_by="张示例",
        upload=png(),
        by=people.window,
    )

    def answer(membership):
        client = Client()
        client.force_login(membership.user, backend="django.contrib.auth.backends.ModelBackend")
        with clock.driven(w.now):
            found = client.get(reverse("approvals:attachment", args=[served.proof_id]))
        found.getvalue()  # read to its end, as a browser would
        return found.status_code

    assert w.meeting.invitations.filter(department__code="ZJJ").exists()
    assert answer(people.window) == answer(people.supervisor) == 200
    assert answer(people.department("QXJ")) == 200
    assert answer(people.department("ZJJ")) == 404
    assert answer(people.enterprise) == answer(people.other_enterprise) == 404
