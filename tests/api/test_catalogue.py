"""The catalogue's editions by the API: the same drafts, the same rules, the same second person as on the pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core import clock
from core.ledger.services import county_book
from desk.rules.pack.catalogue import name_of
from tests.api.programs import Program
from tests.conftest import SHIPPED

pytestmark = pytest.mark.django_db
TODAY = "2018-06-11 09:00"
R04 = name_of("catalogue.csv", {"code": "R04"})
SOURCE = {"in_force_from": "2018-06-20", "source": "示例：县政府常务会议决定（示例数据）"}


@pytest.fixture
def programs(client, people, at):
    """The administrator's program and the supervisor's, at one instant."""
    with clock.driven(at(TODAY)):
        yield Program(client, people.administrator), Program(client, people.supervisor)


@pytest.fixture
def draft(programs):
    made = programs[0].post("catalogue-drafts/", {"title": "示例"})
    assert made.status_code == 201
    return f"catalogue-drafts/{made.json()['id']}/"


def changed(program, draft, **cells):
    said = {"table": "catalogue", "row": R04, "cells": cells}
    return program.post(f"{draft}change/", said)


def test_from_a_draft_to_an_edition_and_back(programs, draft):
    administrator, supervisor = programs
    assert changed(administrator, draft, promised_days="2").json()["version"] == 1
    seen = administrator.get(draft).json()["difference"]
    early = supervisor.post(f"{draft}adopt/")
    proposed = administrator.post(f"{draft}propose/", SOURCE)
    alone = administrator.post(f"{draft}adopt/")
    adopted = supervisor.post(f"{draft}adopt/")
    again = supervisor.post(f"{draft}adopt/")
    rows = administrator.get("catalogue-editions/").json()["results"]

    cell = {"column": "promised_days", "before": "3", "after": "2", "direction": "lighter"}
    assert [change["cells"] for change in seen["changes"]] == [[cell]]
    assert (seen["faults"], seen["untouched"]) == ([], 0)
    assert (early.status_code, alone.status_code, again.status_code) == (409, 409, 409)
    assert (proposed.json()["state"], adopted.json()["state"]) == ("proposed", "adopted")
    assert [(row["number"], row["origin"]) for row in rows] == [(2, "draft"), (1, "pack")]
    assert adopted.json()["edition"] == rows[0]["id"]

    address = f"catalogue-editions/{rows[0]['id']}/"
    whole = {row["row"]: row["cells"] for row in administrator.get(address).json()["rows"]}
    revoked = supervisor.post(f"{address}revoke/", {"reason": "示例"}).json()

    assert whole[R04]["promised_days"] == "2"
    assert (revoked["number"], revoked["revokes"], revoked["origin"]) == (3, 2, "revocation")
    acts = county_book().entries.order_by("-sequence").values_list("act", flat=True)[:3]
    assert list(acts) == ["revoke_catalogue", "adopt_catalogue", "propose_catalogue"]


def test_a_broken_red_line_is_a_sentence_with_its_article(programs, draft):
    administrator, _supervisor = programs

    deemed = changed(administrator, draft, opinion_default="yes")
    struck = administrator.post(f"{draft}strike/", {"table": "catalogue", "row": R04})
    unknown = changed(administrator, draft, no_such_column="x")

    assert {deemed.status_code, struck.status_code, unknown.status_code} == {422}
    assert "城乡规划法第40条" in deemed.json()["errors"]["opinion_default"][0]
    assert "城乡规划法第40条" in struck.json()["errors"]["code"][0]
    assert "no_such_column" in str(unknown.json()["errors"])


def test_who_looked_before_somebody_else_changed_it_looks_again(programs, draft):
    administrator, _supervisor = programs
    changed(administrator, draft, promised_days="2")
    said = {"table": "catalogue", "row": R04, "cells": {"promised_days": "1"}, "after": 0}

    assert administrator.post(f"{draft}change/", said).status_code == 409


def test_tables_come_as_files(programs, draft):
    administrator, _supervisor = programs
    file = (SHIPPED / "catalogue.csv").read_bytes()
    good = file.replace(b"20,working_day,10", b"20,working_day,9", 1)
    wrong = file.replace(b"20,working_day,10", b"20,working_day,21", 1)

    refused = administrator.post(
        f"{draft}upload/", {"catalogue": SimpleUploadedFile("catalogue.csv", wrong)}, files=True
    )
    taken = administrator.post(
        f"{draft}upload/", {"catalogue": SimpleUploadedFile("c.csv", good)}, files=True
    )

    assert (refused.status_code, taken.status_code) == (422, 200)
    assert "promised_days" in str(refused.json())
    assert taken.json()["version"] == 1


def test_sent_back_and_withdrawn(programs, draft):
    administrator, supervisor = programs
    changed(administrator, draft, promised_days="2")
    administrator.post(f"{draft}propose/", SOURCE)

    back = supervisor.post(f"{draft}send-back/", {"reason": "示例"})
    gone = administrator.post(f"{draft}withdraw/", {"reason": "示例"})

    assert (back.json()["state"], gone.json()["state"]) == ("open", "withdrawn")


def test_others_read_editions_and_no_drafts(client, people, at, draft):
    with clock.driven(at(TODAY)):
        window, enterprise = Program(client, people.window), Program(client, people.enterprise)
        answers = [
            window.get("catalogue-editions/").status_code, window.get("catalogue-drafts/").status_code,
            window.get(draft).status_code, enterprise.get("catalogue-editions/").status_code,
            window.post("catalogue-drafts/", {"title": "示例"}).status_code,
        ]  # fmt: skip

    assert answers == [200, 403, 404, 403, 403]
