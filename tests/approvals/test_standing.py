"""企业常备材料: kept once with its validity, used again and again, and each filing keeps the version it used."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from approvals.models import Material, MaterialFile, Standing
from approvals.queries import sees_file
from approvals.rules.standing import Validity, misread, validity_on
from approvals.services import (
    acknowledge_checklist,
    check_material,
    grant_authority,
    hand_in,
    keep_standing,
    upload_material,
    use_standing,
)
from approvals.stages import MaterialState, Stage
from core import clock
from core.documents.scanning import FOUND
from core.documents.stages import Scan
from core.ledger.models import Entry
from core.ledger.queries import verify
from core.notify.models import Message
from core.steps.reasons import NotNow
from tests.api.programs import Program
from tests.conftest import instant
from tests.doors.visit import Visit, text
from tests.files import PDF
from tests.standing import standing
from tests.walk import pdf, walk

START = instant("2018-06-04 09:00")
walked, listed = standing(lambda people: walk(people, START, to=Stage.LISTED))
pytestmark = pytest.mark.django_db
IDENTITY = "委托人及委托代理人身份证（复印件）"


def other_pdf(name="换新.pdf", mark=b"other"):
    """A PDF that is not the other ones."""
    content = PDF.replace(b"%PDF-1.4\n", b"%PDF-1.4\n%" + mark + b"\n")
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def keep(way, *, by=None, upload=None, **said):
    given = {
        "kind": "representative",
        "valid_from": date(2018, 1, 1),
        "valid_to": date(2018, 12, 31),
    }
    return keep_standing(
        **{**given, **said}, uploads=[upload or pdf()], by=by or way.people.enterprise, at=way.now
    )


def identity_of(way):
    return way.filing.materials.get(name=IDENTITY)


def use(way, kept, material=None, by=None):
    return use_standing(
        material or identity_of(way), standing=kept, by=by or way.people.enterprise, at=way.now
    )


def says(refused, *words):
    return all(word in " ".join(refused.value.reasons) for word in words)


# — what is refused ————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": "passport"}, "kind"),
        ({"valid_to": date(2017, 12, 31)}, "valid_to"),
        ({"valid_from": date(2017, 1, 1), "valid_to": date(2018, 6, 3)}, "valid_to"),
    ],
    ids=["a kind nobody named", "an end before the beginning", "expired already"],
)
def test_what_cannot_be_kept_is_told_by_its_field(listed, said, field):
    with pytest.raises(ValidationError) as refused:
        keep(listed, **said)

    assert set(refused.value.message_dict) == {field}
    assert not Standing.objects.exists()


def test_only_an_enterprise_keeps(listed):
    for person in (listed.people.window, listed.people.supervisor, listed.people.administrator):
        with pytest.raises(PermissionDenied):
            keep(listed, by=person)
        assert Visit(person, listed).get("/standing/").status_code == 403


def test_a_file_that_is_none_is_refused_and_nothing_kept(listed):
    with pytest.raises(ValidationError):
        keep(listed, upload=other_pdf("程序.exe"))
    assert not Standing.objects.exists()


def test_the_paper_of_another_enterprise_is_used_by_nobody_else(listed):
    kept = keep(listed, by=listed.people.other_enterprise)

    with pytest.raises(PermissionDenied):
        use(listed, kept)
    with pytest.raises(PermissionDenied):
        use(listed, kept, by=listed.people.other_enterprise)
    answer = Visit(listed.people.enterprise, listed).case(
        "materials/", {"act": "use", "material": identity_of(listed).pk, "standing": kept.pk}
    )
    assert answer.status_code == 404


def test_an_agent_uses_what_the_enterprise_keeps_and_not_what_their_own_office_does(listed, client):
    agent, today = listed.people.other_enterprise, listed.now.date()
    kept, own = keep(listed), keep(listed, by=agent, upload=other_pdf())
    with clock.driven(listed.now):
        grant_authority(
            listed.filing, agent=agent, valid_from=today, valid_to=today, upload=pdf(),
            by=listed.people.enterprise, at=listed.now,
        )  # fmt: skip
        program, key = Program(client, agent), identity_of(listed).pk
        step = f"materials/{key}/use-standing/"
        assert program.post(step, {"standing": own.pk}).status_code == 422
        with transaction.atomic():
            assert program.post(step, {"standing": kept.pk}).status_code == 200
            transaction.set_rollback(True)
    visit = Visit(agent, listed)
    sent = {"act": "use", "material": key}
    assert visit.case("materials/", {**sent, "standing": own.pk}).status_code == 404
    assert visit.case("materials/", {**sent, "standing": kept.pk}).status_code == 302
    assert identity_of(listed).state == MaterialState.RECEIVED


def test_an_expired_one_is_not_offered_and_says_so(listed):
    kept = keep(listed, valid_to=date(2018, 6, 10))
    listed.now = instant("2018-06-11 09:00")
    page = text(Visit(listed.people.enterprise, listed).get(f"{case(listed)}materials/"))

    assert "2018年6月10日已到期，不能用来交" in page
    assert 'value="use"' not in page
    with pytest.raises(NotNow) as refused:
        use(listed, kept)
    assert says(refused, "2018-06-10", "到期")


def test_one_that_is_not_valid_yet_waits(listed):
    kept = keep(listed, valid_from=date(2018, 7, 1))

    with pytest.raises(NotNow) as refused:
        use(listed, kept)
    assert says(refused, "起才有效")


def test_the_last_day_still_counts(listed):
    kept = keep(listed, valid_to=date(2018, 6, 10))
    listed.now = instant("2018-06-10 23:59")

    assert use(listed, kept).state == MaterialState.RECEIVED


def test_a_version_that_was_replaced_is_not_used_any_more(listed):
    first = keep(listed)
    keep(listed, upload=other_pdf())

    with pytest.raises(NotNow) as refused:
        use(listed, first)
    assert says(refused, "新的一版")


def test_it_serves_only_the_papers_it_is_kept_for(listed):
    kept = keep(listed)
    other = listed.filing.materials.exclude(name__contains="身份").intake().first()

    with pytest.raises(NotNow) as refused:
        use(listed, kept, other)
    assert says(refused, "不能当作")


def test_a_harmful_one_is_offered_nowhere_and_both_are_told(listed):
    kept = keep(listed)
    [file] = [one.attachment for one in kept.files.all()]
    file.scan, file.scan_found = Scan.INFECTED, "Eicar"
    file.save()
    with transaction.atomic():
        for follow in FOUND:
            follow(file, listed.now)

    with pytest.raises(NotNow) as refused:
        use(listed, kept)
    assert says(refused, "恶意代码")
    told = set(Message.objects.filter(key__contains="infected").values_list("to__role", flat=True))
    assert {"window", "enterprise"} <= told
    assert "查毒没有通过" in text(
        Visit(listed.people.enterprise, listed).get(f"{case(listed)}materials/")
    )


def test_twice_is_once_too_often(listed):
    kept = keep(listed)
    use(listed, kept)

    with pytest.raises(ValidationError, match="同一个文件"):
        use(listed, kept)


def test_once_the_paper_is_accepted_it_is_not_wanted(listed):
    kept = keep(listed)
    Material.objects.filter(pk=identity_of(listed).pk).update(state=MaterialState.ACCEPTED)

    with pytest.raises(NotNow):
        use(listed, kept)


# — what is done ———————————————————————————————————————————————————————————————


def case(way):
    return f"/cases/{way.filing.public_id}/"


def test_kept_on_its_page_and_used_with_one_press(listed):
    browser = Visit(listed.people.enterprise, listed)
    assert "还没有存过" in text(browser.get("/standing/"))
    sent = {
        "kind": "representative",
        "valid_from": "2018-01-01",
        "valid_to": "2018-12-31",
        "number": "示例001",
    }
    wrong = browser.post("/standing/", {**sent, "valid_to": "2018-06-01", "uploads": pdf()})
    assert wrong.status_code == 422
    assert "已经过期" in text(wrong)
    assert browser.post("/standing/", {**sent, "uploads": [pdf(), other_pdf()]}).status_code == 302
    page = text(browser.get("/standing/"))
    assert "有效期2018年1月1日至2018年12月31日" in page
    assert "示例001" in page
    assert "赵示例甲" in page  # who kept it

    materials = text(browser.get(f"{case(listed)}materials/"))
    assert "用常备的“法定代表人、委托代理人身份证明”（有效期至2018年12月31日）" in materials
    kept = Standing.objects.get()
    done = browser.case(
        "materials/", {"act": "use", "material": identity_of(listed).pk, "standing": kept.pk}
    )
    assert done.status_code == 302
    material = identity_of(listed)
    assert material.state == MaterialState.RECEIVED
    assert [one.standing_id for one in material.present] == [kept.pk, kept.pk]
    after = browser.get(f"{case(listed)}materials/")
    assert "取自企业常备材料第1版，有效期至2018年12月31日" in text(after)
    offered = {
        row["material"].name
        for g in after.context["groups"]
        for row in g["rows"]
        if row["standing"]
    }
    assert offered == {
        "申请人身份证明"
    }  # another paper that it serves, and not the one that has it


def test_what_a_filing_used_stays_what_it_was(listed):
    first = keep(listed)
    use(listed, first)
    before = [(one.attachment.sha256, one.standing.version) for one in identity_of(listed).present]
    second = keep(listed, upload=other_pdf(), valid_to=None)

    assert second.version == 2
    assert [
        (o.attachment.sha256, o.standing.version) for o in identity_of(listed).present
    ] == before
    page = text(Visit(listed.people.enterprise, listed).get("/standing/"))
    assert "长期" in page
    assert "第1版" in page  # the one before is still there to be looked at
    for change in (
        "UPDATE approvals_standing SET kind = 'licence'",
        "DELETE FROM approvals_standingfile",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def test_a_returned_paper_is_met_by_the_new_version_alone(listed):
    use(listed, keep(listed))
    Material.objects.filter(pk=identity_of(listed).pk).update(
        state=MaterialState.RETURNED, reason="过期"
    )
    second = keep(listed, upload=other_pdf())
    done = use(listed, second)

    assert (done.state, done.reason) == (MaterialState.RECEIVED, "")
    assert [one.standing_id for one in identity_of(listed).present] == [second.pk]
    assert len(identity_of(listed).earlier) == 1


def test_it_stands_beside_what_was_handed_in_and_stays_known_for_what_it_is(listed):
    upload_material(
        identity_of(listed), upload=other_pdf(), by=listed.people.enterprise, at=listed.now
    )
    kept = keep(listed)
    use(listed, kept)
    upload_material(
        identity_of(listed), upload=other_pdf(mark=b"third"), adding=True, by=listed.people.enterprise, at=listed.now,
    )  # fmt: skip

    assert [one.standing_id for one in identity_of(listed).present] == [None, kept.pk, None]


def test_departments_and_the_window_see_it_through_the_filing_alone(listed):
    kept = keep(listed)
    [own] = [one.attachment for one in kept.files.all()]
    use(listed, kept)
    [used] = [one.attachment for one in identity_of(listed).present]
    people = listed.people

    assert used.pk != own.pk
    assert used.sha256 == own.sha256
    assert sees_file(own, people.enterprise)
    assert sees_file(used, people.enterprise)
    assert sees_file(used, people.window)
    assert not sees_file(own, people.window)
    assert not sees_file(own, people.other_enterprise)
    assert not sees_file(used, people.other_enterprise)
    assert Visit(people.enterprise, listed).get(f"/attachments/{own.pk}/").status_code == 200
    assert Visit(people.window, listed).get(f"/attachments/{own.pk}/").status_code == 404


def test_the_ledger_says_who_replaced_what_and_which_version_was_used(listed):
    keep(listed, number="示例001")
    kept = keep(listed, upload=other_pdf(), number="示例002")
    use(listed, kept)
    own = Entry.objects.filter(book=kept.book).order_by("sequence")

    assert [entry.act for entry in own] == ["keep_standing", "keep_standing"]
    assert '"replaces":1' in own[1].payload
    assert all(entry.actor == listed.people.enterprise for entry in own)
    assert "示例00" not in "".join(entry.payload for entry in own)
    used = Entry.objects.filter(book=listed.filing.book, act="use_standing").get()
    assert '"standing":2' in used.payload
    assert verify(kept.book) is None
    timeline = text(Visit(listed.people.enterprise, listed).get(case(listed)))
    assert "用企业常备材料提交一件材料" in timeline


def test_the_window_checks_it_like_any_other(listed):
    use(listed, keep(listed))
    for material in listed.filing.intake_open():
        if material.state == MaterialState.WANTED:
            upload_material(material, upload=pdf(), by=listed.people.enterprise, at=listed.now)
    acknowledge_checklist(listed.filing, by=listed.people.enterprise, at=listed.now)
    hand_in(listed.filing, by=listed.people.enterprise, at=listed.now)
    check_material(identity_of(listed), fine=True, by=listed.people.window, at=listed.now)

    page = text(Visit(listed.people.window, listed).get(f"{case(listed)}materials/"))
    assert "取自企业常备材料第1版" in page
    assert 'value="use"' not in page


def test_before_it_ends_the_desk_says_so_and_after_a_month_no_more(listed):
    keep(listed, valid_to=date(2018, 7, 10))
    browser, seen = Visit(listed.people.enterprise, listed), {}
    for day in ("2018-06-09", "2018-06-10", "2018-07-10", "2018-07-11", "2018-08-09", "2018-08-10"):
        listed.now = instant(f"{day} 09:00")
        page = text(browser.get("/desk/"))
        seen[day] = next(
            (word for word in ("即将到期：", "已到期：") if f"常备材料{word}" in page), ""
        )

    assert [*seen.values()] == ["", "即将到期：", "即将到期：", "已到期：", "已到期：", ""]


def test_a_program_keeps_and_uses_it_too(client, listed):
    with clock.driven(listed.now):
        mine, other = (
            Program(client, person)
            for person in (listed.people.enterprise, listed.people.other_enterprise)
        )
        window = Program(client, listed.people.window)
        sent = {"kind": "representative", "valid_from": "2018-01-01", "upload": pdf()}
        assert window.post("standing/", {**sent, "upload": pdf()}, files=True).status_code == 403
        assert mine.post("standing/", {**sent, "kind": "x"}, files=True).status_code == 422
        made = mine.post("standing/", {**sent, "upload": pdf()}, files=True)
        assert made.status_code == 201
        kept = made.json()
        assert (kept["version"], kept["valid_to"]) == (1, None)
        assert [one["id"] for one in mine.get("standing/").json()["results"]] == [kept["id"]]
        assert other.get("standing/").json()["results"] == []
        assert window.get("standing/").json()["results"] == []
        kinds = {one["code"] for one in mine.get("standing-kinds/").json()}
        assert {"licence", "representative", "land_title"} <= kinds

        step = f"materials/{identity_of(listed).pk}/use-standing/"
        assert other.post(step, {"standing": kept["id"]}).status_code == 404
        assert window.post(step, {"standing": kept["id"]}).status_code == 403
        assert mine.post(step, {"standing": kept["id"] + 1}).status_code == 422
        done = mine.post(step, {"standing": kept["id"]})
        assert done.status_code == 200
        [file] = done.json()["files"]
        assert (file["standing"]["version"], done.json()["state"]) == (1, "received")
        assert mine.post(step, {"standing": kept["id"]}).status_code == 422


def test_the_page_of_materials_asks_the_same_number_of_questions_whatever_is_kept(listed):
    browser, counts = Visit(listed.people.enterprise, listed), []
    kinds = ["representative", "authority", "licence", "land_title"]
    keep(listed, kind=kinds[0])
    for kind in kinds:
        if kind != kinds[0]:
            keep(listed, kind=kind, upload=other_pdf(mark=kind.encode()))
        for address in (f"{case(listed)}materials/", "/standing/"):
            browser.get(address)
            with CaptureQueriesContext(connection) as seen:
                browser.get(address)
            counts.append(len(seen))

    assert len(set(counts[::2])) == 1
    assert len(set(counts[1::2])) == 1
    assert not MaterialFile.objects.exclude(standing=None).exists()


@pytest.mark.parametrize(
    ("days", "state"),
    [(-1, Validity.COMING), (0, Validity.VALID), (69, Validity.VALID), (70, Validity.ENDING), (100, Validity.ENDING),
     (101, Validity.EXPIRED)],
)  # fmt: skip
def test_validity_day_by_day(days, state):
    first = date(2018, 1, 1)

    assert (
        validity_on(first + timedelta(days=days), first, first + timedelta(days=100), 30) == state
    )
    assert validity_on(first, first, None, 30) == Validity.VALID


def test_a_kind_that_is_not_whole_is_named():
    whole = {
        "code": "a", "name_zh": "甲", "name_en": "A", "words": ["甲"], "remind_days": 30, "certainty": "I",
    }  # fmt: skip

    assert misread(
        {"standing_materials": [whole, {**whole, "code": "b", "words": []}, whole, "x"]}
    ) == [1, 2, 3]
