"""A new edition of the catalogue: one limit shorter, one paper more, signed by two, and nobody's open case touched."""

import json
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from approvals import services as filings
from approvals.models import CatalogueEdition
from approvals.queries import catalogue_at
from approvals.stages import Stage
from core.ledger.queries import verify
from core.ledger.services import county_book
from core.notify.models import Message
from core.steps.reasons import NotNow
from desk.models import CatalogueDraft
from desk.rules.pack.catalogue import name_of
from desk.services.adoption import adopt_catalogue, propose_catalogue, revoke_catalogue
from desk.services.catalogue import change_row, open_catalogue_draft
from tests.calendars import Person
from tests.walk import ANSWERS, walk

pytestmark = pytest.mark.django_db
TODAY = "2018-06-11 09:00"
DAY = "2018-06-20"
SOURCE = "示例：县政府常务会议决定（示例数据）"
R04 = name_of("catalogue.csv", {"code": "R04"})
PAPER = {
    "item_code": "R04", "name_zh": "示例：日照分析说明", "name_en": "Example: note on daylight", "form": "original",
    "copies": "1", "tolerable": "no", "template_hint": "", "source": "示例", "certainty": "I",
    "needed_by": "intake", "produced_by": "", "only_if": "",
}  # fmt: skip


@pytest.fixture
def three(people, at):
    """Three cases of the county, each at another stage, and a draft that nobody but its enterprise sees."""
    for stage in (Stage.SUBMITTED, Stage.LISTED, Stage.ACCEPTED):
        walk(people, at("2018-06-04 09:00"), to=stage)
    filings.open_draft(by=people.enterprise, at=at("2018-06-04 09:00"))


@pytest.fixture
def administrator(people, at):
    return Person(people.administrator, at(TODAY))


@pytest.fixture
def supervisor(people, at):
    return Person(people.supervisor, at("2018-06-12 09:00"))


def open_draft(person):
    """Open a draft on the page and return it with its address."""
    answer = person.post("/catalogue-drafts/new/", title="缩短规划许可承诺时限（示例）")
    assert answer.status_code == 302, answer.content.decode()
    return CatalogueDraft.objects.get(), answer["Location"]


def typed(person, path, **cells):
    """Open a row on the page, change some cells, send it."""
    form = person.get(path).context["form"]
    given = {name: form[name].value() or "" for name in form.fields}
    return person.post(path, **{**given, **cells})


@pytest.fixture
def changed(three, administrator):
    """The draft with a shorter limit and a paper more."""
    draft, address = open_draft(administrator)
    assert typed(administrator, f"{address}row/catalogue/{R04}/", promised_days="2").status_code == 302  # fmt: skip
    assert typed(administrator, f"{address}row/materials/new/", **PAPER).status_code == 302
    draft.refresh_from_db()
    return draft, address


@pytest.fixture
def adopted(changed, administrator, supervisor):
    """The edition, signed by the supervisor."""
    _draft, address = changed
    said = {"in_force_from": DAY, "source": SOURCE}
    assert administrator.post(f"{address}propose/", **said).status_code == 302
    assert supervisor.post(f"{address}decide/", approved="yes").status_code == 302
    return CatalogueEdition.objects.get(number=2)


def test_the_draft_shows_what_it_changes_and_whom_it_does_not_touch(changed, administrator):
    page = administrator.get(changed[1])

    assert page.status_code == 200
    rows = {g["name"]: [r["what"] for r in g["rows"]] for g in page.context["groups"]}
    assert {name: len(found) for name, found in rows.items()} == {"heavier": 1, "lighter": 1}
    assert (page.context["reach"].kept, page.context["reach"].drafts) == (3, 1)
    assert page.context["reach"].touched == 1  # nothing answered yet: R04 is every project's
    text = page.content.decode()
    assert "承诺时限（工作日）" in text
    assert "日照分析说明" in text
    assert [one["change"].by.role for one in page.context["history"]] == ["administrator"] * 2


def test_who_files_before_gets_the_old_list_and_who_files_on_the_day_the_new(adopted, people, at):
    before = walk(people, at("2018-06-19 23:30"), to=Stage.SUBMITTED)
    after = walk(people, at("2018-06-20 00:00"), to=Stage.SUBMITTED)
    before.serve()
    after.serve()

    old, new = (w.filing.items.get(code="R04") for w in (before, after))
    assert (old.item.promised_days, new.item.promised_days) == (3, 2)
    papers = [set(w.filing.materials.values_list("name", flat=True)) for w in (before, after)]
    assert papers[1] - papers[0] == {PAPER["name_zh"]}
    assert (before.filing.catalogue.number, after.filing.catalogue.number) == (1, 2)


def test_a_draft_answered_before_is_asked_what_is_new(three, people, at):
    """The answers stand under the old edition; a question that the new one adds keeps the draft back."""
    w = walk(people, at("2018-06-15 09:00"), to=Stage.DRAFT)
    filings.save_answers(w.filing, answers=ANSWERS, by=people.enterprise, at=at("2018-06-15 09:10"))
    draft = open_catalogue_draft(title="示例", by=people.administrator, at=at(TODAY))
    cells = {
        "fact": "near_school", "question_zh": "是否紧邻学校（示例）？", "question_en": "Next to a school (example)?",
        "type": "yes_no", "asked_if": "always", "order": "99", "multiple": "no", "certainty": "I",
    }  # fmt: skip
    by = {"by": people.administrator, "at": at(TODAY)}
    change_row(draft, table="questions", row="new", cells=cells, **by)
    propose_catalogue(draft, in_force_from=date(2018, 6, 20), source=SOURCE, **by)
    adopt_catalogue(draft, by=people.supervisor, at=at(TODAY))

    with pytest.raises(NotNow):
        filings.submit(w.filing, by=people.enterprise, at=at("2018-06-20 00:00"))
    kept = w.filing
    kept.refresh_from_db()
    assert kept.stage == Stage.DRAFT
    sent = filings.submit(kept, by=people.enterprise, at=at("2018-06-19 23:59"))
    assert sent.catalogue.number == 1


def test_the_county_book_says_what_was_decided(adopted, people, changed):
    acts = list(county_book().entries.order_by("sequence"))
    said = json.loads(acts[-1].payload)

    assert [e.act for e in acts[-5:]] == [
        "open_catalogue_draft", "change_catalogue_draft", "change_catalogue_draft", "propose_catalogue",
        "adopt_catalogue",
    ]  # fmt: skip
    assert acts[-1].actor == people.supervisor
    assert (said["digest"], said["in_force_from"], said["source"]) == (adopted.digest, DAY, SOURCE)
    assert said["counts"] == {"catalogue:changed": 1, "materials:added": 1}
    assert ["promised_days", "3", "2"] in said["changes"][0][2]
    assert verify(county_book()) is None
    told = Message.objects.filter(key__startswith=f"catalogue:{changed[0].pk}:proposed")
    assert {message.to.role for message in told} == {"supervisor"}


def test_no_second_person_no_edition(changed, administrator, people, at):
    draft, address = changed
    assert administrator.post(f"{address}decide/", approved="yes").status_code == 409
    administrator.post(f"{address}propose/", in_force_from=DAY, source=SOURCE)

    refused = administrator.post(f"{address}decide/", approved="yes")

    assert refused.status_code == 409
    assert "须由另一人签字" in refused.content.decode()
    assert CatalogueEdition.objects.count() == 1
    draft.refresh_from_db()
    draft.state, draft.edition = "adopted", CatalogueEdition.objects.get()
    draft.decided_by, draft.decider = people.administrator, people.administrator.user
    with pytest.raises(IntegrityError), transaction.atomic():
        draft.save()  # the database refuses it too


def test_sent_back_it_is_changed_and_proposed_again(changed, administrator, supervisor):
    draft, address = changed
    administrator.post(f"{address}propose/", in_force_from=DAY, source=SOURCE)
    locked = typed(administrator, f"{address}row/catalogue/{R04}/", promised_days="1")
    assert locked.status_code == 409
    assert supervisor.post(f"{address}decide/", approved="no").status_code == 422  # says why

    sent = supervisor.post(f"{address}decide/", approved="no", reason="示例：改为1天")

    assert sent.status_code == 302
    assert typed(administrator, f"{address}row/catalogue/{R04}/", promised_days="1").status_code == 302  # fmt: skip
    draft.refresh_from_db()
    assert (draft.state, draft.note) == ("open", "示例：改为1天")


def test_twice_stale_and_too_late_are_refused(changed, administrator, supervisor, people, at):
    draft, address = changed
    other = administrator.post("/catalogue-drafts/new/", title="另一份（示例）")["Location"]
    typed(administrator, f"{other}row/catalogue/{R04}/", promised_days="1")
    for day in ("2018-06-10", "2018-06-11"):
        past = administrator.post(f"{address}propose/", in_force_from=day, source=SOURCE)
        assert past.status_code == 422
        assert "施行日最早是明天" in past.content.decode()
    administrator.post(f"{address}propose/", in_force_from=DAY, source=SOURCE)
    late = Person(people.supervisor, at(f"{DAY} 09:00"))
    assert late.post(f"{address}decide/", approved="yes").status_code == 409
    assert supervisor.post(f"{address}decide/", approved="yes").status_code == 302

    draft.refresh_from_db()
    with pytest.raises(NotNow, match="已经决定"):
        adopt_catalogue(draft, by=people.supervisor, at=at("2018-06-13 09:00"))
    stale = administrator.post(f"{other}propose/", in_force_from="2018-06-25", source=SOURCE)
    assert stale.status_code == 409
    assert "承接新的一版" in stale.content.decode()
    assert CatalogueEdition.objects.count() == 2


def test_a_broken_red_line_goes_no_further_than_its_row(changed, administrator):
    _draft, address = changed
    path = f"{address}row/catalogue/{R04}/"

    deemed = typed(administrator, path, opinion_default="yes")
    struck = administrator.post(f"{address}strike/catalogue/{R04}/")

    assert (deemed.status_code, struck.status_code) == (422, 422)
    assert "城乡规划法第40条" in deemed.content.decode()
    assert "不能直接删除" in struck.content.decode()


def test_somebody_else_was_quicker(changed, administrator):
    _draft, address = changed
    path = f"{address}row/catalogue/{R04}/"
    form = administrator.get(path).context["form"]
    mine = {name: form[name].value() or "" for name in form.fields}
    typed(administrator, path, promised_days="1")

    answer = administrator.post(path, **{**mine, "promised_days": "3"})

    assert answer.status_code == 409
    assert "刚刚有人改过" in answer.content.decode()


def test_withdrawn_it_is_kept_and_never_comes_into_force(changed, administrator):
    draft, address = changed
    assert administrator.post(f"{address}withdraw/", reason=" ").status_code == 422
    assert administrator.post(f"{address}withdraw/", reason="示例：不改了").status_code == 302
    later = {"withdraw": {"reason": "再来"}, "propose": {"in_force_from": DAY, "source": SOURCE}}
    for step, said in later.items():
        assert administrator.post(f"{address}{step}/", **said).status_code == 409

    draft.refresh_from_db()
    assert (draft.state, draft.changes.count()) == ("withdrawn", 2)
    assert "已作废" in administrator.get(address).content.decode()


# — before its day ———————————————————————————————————————————————————————————————————————


def test_before_its_day_it_is_to_come_and_can_be_revoked(adopted, administrator, supervisor, at):
    address = f"/catalogue/{adopted.digest}/"
    assert "将施行" in administrator.get("/catalogue/").content.decode()
    assert administrator.post(f"{address}revoke/", reason="示例").status_code == 403
    assert supervisor.post(f"{address}revoke/", reason="").status_code == 422

    done = supervisor.post(f"{address}revoke/", reason="示例：文件有误")

    assert done.status_code == 302
    third = CatalogueEdition.objects.get(number=3)
    assert (third.in_force_from, third.tables.revokes) == (date(2018, 6, 20), adopted)
    assert catalogue_at(at("2018-06-19 23:59")).number == 1
    assert catalogue_at(at("2018-06-20 00:00")).number == 3  # which says what the first said
    assert third.items.get(code="R04").promised_days == 3
    assert supervisor.post(f"{address}revoke/", reason="再来").status_code == 409
    assert "施行前撤销" in administrator.get("/catalogue/").content.decode()


def test_once_in_force_it_is_not_revoked(adopted, people, at):
    with pytest.raises(NotNow, match="已经施行"):
        revoke_catalogue(adopted, reason="示例", by=people.supervisor, at=at(f"{DAY} 00:00"))


@pytest.mark.parametrize("who", ["window", "convenor", "enterprise", "supervisor"])
def test_nobody_but_the_administrator_drafts(who, three, people, at):
    person = Person(getattr(people, who), at(TODAY))

    assert person.post("/catalogue-drafts/new/", title="示例").status_code == 403


PAGES = ("/catalogue/", "/catalogue/{digest}/", "/catalogue/{digest}/table/materials/")


def test_the_countys_staff_reads_and_nobody_else(adopted, people, at):
    paths = [path.format(digest=adopted.digest) for path in PAGES]
    asked = {}
    for who in ("window", "convenor", "supervisor", "administrator", "enterprise"):
        person = Person(getattr(people, who), at(TODAY))
        asked[who] = {person.get(path).status_code for path in paths}

    assert asked.pop("enterprise") == {403}
    assert all(statuses == {200} for statuses in asked.values()), asked
