"""A program narrows the register by the same names as the page, and finds the same."""

import pytest

from approvals.models import Filing, Industry
from core import clock
from public_notice.models import Notice
from public_notice.queries.register import Asked, matching

pytestmark = pytest.mark.django_db


@pytest.fixture
def w(noticed):
    """Three notices of one filing, the last of which runs."""
    Filing.objects.filter(pk=noticed.filing.pk).update(industry=Industry.objects.get(section="C"))
    first = Notice.objects.get(pk=noticed.notice.pk)
    same = {f.attname: getattr(first, f.attname) for f in Notice._meta.concrete_fields}
    for number, stage in enumerate(("withdrawn", "clean")):
        Notice.objects.filter(stage="running").update(stage=stage)
        Notice.objects.create(**same | {"id": None, "public_id": f"{number:012x}"})
    return noticed


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 3), ({"state": "running"}, 1), ({"state": "ended"}, 2), ({"state": "withdrawn"}, 1),
        ({"state": "upheld"}, 0), ({"view": "projects"}, 1), ({"view": "projects", "state": "ended"}, 0),
        ({"industry": "C"}, 3), ({"industry": "Z"}, 0), ({"since": "2018-06-01"}, 3), ({"since": "2018-07-01"}, 0),
        ({"until": "2018-05-01"}, 0), ({"item": "X99"}, 0), ({"department": "NONE"}, 0), ({"q": "没有"}, 0),
    ],
)  # fmt: skip
def test_page_and_program_ask_by_the_same_names(w, client, query, count):
    with clock.driven(w.now):
        found = client.get("/api/v1/notices/", query).json()["results"]
    expected = matching(Asked(**query), w.now).values_list("public_id", flat=True)

    assert {one["id"] for one in found} == set(expected)
    assert len(found) == count


def test_office_and_item_of_a_clause_are_found(w, client):
    clause = w.notice.letter.clauses.select_related("item", "checked_by").first()
    for query in ({"department": clause.checked_by.code}, {"item": clause.item.code}):
        with clock.driven(w.now):
            assert len(client.get("/api/v1/notices/", query).json()["results"]) == 3


@pytest.mark.parametrize("query", [{"state": "x"}, {"view": "map"}, {"since": "soon"}])
def test_what_cannot_be_meant_is_refused_with_its_field(w, client, query):
    answer = client.get("/api/v1/notices/", query)

    assert answer.status_code in (400, 422)
    assert next(iter(query)) in answer.content.decode()
