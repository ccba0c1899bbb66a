"""Eligibility, licence, list, materials: the window and the enterprise in the browser."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from approvals.services import save_answers, submit
from approvals.stages import MaterialState, Stage
from tests.approvals.browse import Browser, text
from tests.walk import Walk, pdf, walk

pytestmark = pytest.mark.django_db
NOW = "2018-03-05 09:00"


def submitted(people, at):
    """A filing whose enterprise's licence nobody has seen."""
    w = Walk(people, at(NOW)).to(Stage.DRAFT)
    w.do(submit, w.filing, by=people.enterprise)
    return w, Browser(people.window, w.now)


def test_licence_is_confirmed_once(people, at):
    w, window = submitted(people, at)
    page = text(window.get("licence", w.filing.public_id))
    assert people.enterprise.organisation.uscc in page
    assert window.post("licence", w.filing.public_id).status_code == 302
    assert w.filing.limits.filter(rule="P1", ended_at=None).exists()
    assert "已经核对过" in text(window.get("licence", w.filing.public_id))


def test_eligibility_shows_what_the_rules_say_and_needs_a_reason_against_them(people, at):
    w, window = submitted(people, at)
    pk = w.filing.public_id
    assert "没有发现不适用的情形" in text(window.get("eligibility", pk))
    assert window.post("eligibility", pk, decision="ordinary", reason=" ").status_code == 422
    assert window.post("eligibility", pk, decision="eligible", reason="").status_code == 302
    assert w.filing.eligible_at is not None
    assert window.post("eligibility", pk, decision="ordinary", reason="属禁止类").status_code == 302
    assert (w.filing.stage, w.filing.ended_because) == (Stage.ORDINARY, "属禁止类")


def test_deciding_against_the_rules_is_said_why(people, at):
    w = Walk(people, at(NOW)).to(Stage.DRAFT)
    w.do(save_answers, w.filing, answers={"procedure_type": "government"}, by=people.enterprise)
    w.do(submit, w.filing, by=people.enterprise)
    window = Browser(people.window, w.now)
    assert "提示：不适用" in text(window.get("eligibility", w.filing.public_id))
    refused = window.post("eligibility", w.filing.public_id, decision="eligible", reason="")
    assert refused.status_code == 422
    assert "请写明理由" in text(refused)
    assert w.filing.eligible_at is None


def test_list_is_previewed_then_served_and_signed_for(people, at):
    w, window = submitted(people, at)
    pk = w.filing.public_id
    page = text(window.get("checklist", pk))
    assert "红线" in page
    assert "窗口尚未核对企业营业执照" in page
    assert window.post("checklist", pk).status_code == 409
    window.post("licence", pk)
    window.post("eligibility", pk, decision="eligible")
    assert "前未办理的，转效能监督督办。" in text(window.get("checklist", pk))
    assert window.post("checklist", pk).status_code == 302
    assert w.filing.stage == Stage.LISTED

    enterprise = Browser(people.enterprise, w.now)
    assert "签收告知书" in text(enterprise.get("checklist", pk))
    assert enterprise.post("checklist", pk).status_code == 403
    assert enterprise.post("acknowledge", pk).status_code == 302
    assert w.filing.acknowledged_at is not None
    assert "已经签收过了" in text(enterprise.get("acknowledge", pk))


def test_a_struck_item_stays_visible_with_its_reason_and_asks_for_nothing(people, at):
    w = walk(people, at(NOW), to=Stage.LISTED)
    window, pk = Browser(people.window, w.now), w.filing.public_id
    item = w.filing.items.first()
    assert (
        window.post("strike", pk, item.code, reason="不涉及").status_code == 409
    )  # it applies: the list binds
    w.filing.items.filter(pk=item.pk).update(applies=None)
    own = [m for m in w.filing.materials.all() if m.item_codes == [item.code]]
    assert window.post("strike", pk, item.code, reason="").status_code == 422
    assert window.post("strike", pk, item.code, reason="不涉及").status_code == 302
    page = text(window.get("checklist", pk))
    assert "已核减" in page
    assert "不涉及" in page
    for material in own:
        material.refresh_from_db()
        assert material.state == MaterialState.VOID
    assert window.post("strike", pk, item.code, reason="再来").status_code != 500
    assert window.get("strike", pk, "X99").status_code == 404


def first(w):
    return w.filing.intake_open().first()


def test_enterprise_uploads_and_hands_in(people, at):
    w = walk(people, at(NOW), to=Stage.LISTED)
    browser, pk = Browser(people.enterprise, w.now), w.filing.public_id
    browser.post("acknowledge", pk)
    material = first(w)
    done = browser.post("materials", pk, act="upload", **{f"file-{material.pk}": pdf()})
    assert done.status_code == 302
    assert done.url.endswith(f"#m{material.pk}")
    material.refresh_from_db()
    assert material.state == MaterialState.RECEIVED
    page = text(browser.get("materials", pk))
    assert "材料.pdf" in page
    assert browser.post("hand_in", pk).status_code == 302
    assert w.filing.stage == Stage.RECEIVED


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.exe", b"MZ\x90\x00", "只接收 PDF"),
        ("a.pdf", b"", "文件是空的"),
        ("a.pdf", b"hello", "只接收 PDF"),
    ],
)
def test_a_file_of_the_wrong_kind_is_refused_beside_its_paper(people, at, name, content, said):
    w = walk(people, at(NOW), to=Stage.LISTED)
    browser = Browser(people.enterprise, w.now)
    upload = SimpleUploadedFile(name, content)
    material = first(w)
    page = browser.post(
        "materials", w.filing.public_id, act="upload", **{f"file-{material.pk}": upload}
    )
    assert page.status_code == 422
    assert said in text(page)
    assert f"#m{material.pk}" in text(page)


def test_only_marked_papers_can_be_promised(people, at):
    w = walk(people, at(NOW), to=Stage.LISTED)
    browser, pk = Browser(people.enterprise, w.now), w.filing.public_id
    firm = w.filing.materials.intake().filter(tolerable=False).first()
    page = browser.post("materials", pk, act="promise", material=firm.pk, reason="还在办")
    assert page.status_code == 409
    assert "可以容缺" in text(page)
    soft = w.filing.materials.wanted().filter(tolerable=True).first()
    assert (
        browser.post("materials", pk, act="promise", material=soft.pk, reason="").status_code == 422
    )
    assert (
        browser.post(
            "materials", pk, act="promise", material=soft.pk, reason="还在办", signed="yes"
        ).status_code
        == 302
    )
    page = text(browser.get("materials", pk))
    assert "还在办" in page
    assert "未补齐的，中止办理" in page


def test_window_returns_with_a_reason_and_the_enterprise_corrects(people, at):
    w = walk(people, at(NOW), to=Stage.RECEIVED)
    window, enterprise = Browser(people.window, w.now), Browser(people.enterprise, w.now)
    pk = w.filing.public_id
    material = w.filing.materials.intake().first()
    assert "没有标为“需补正”的材料" in text(window.get("ask_correction", pk))
    assert (
        window.post("materials", pk, act="return", material=material.pk, reason="").status_code
        == 422
    )
    assert (
        window.post("materials", pk, act="return", material=material.pk, reason="缺页").status_code
        == 302
    )
    refused = window.post("accept", pk)
    assert refused.status_code == 409
    assert "还没有全部核收" in text(refused)
    assert window.post("ask_correction", pk).status_code == 302
    assert w.filing.stage == Stage.CORRECTING
    page = text(enterprise.get("materials", pk))
    assert "退回理由：缺页" in page
    assert "未补交的，退件，可以重新申报" in page
    assert enterprise.post("hand_in_correction", pk).status_code == 409
    enterprise.post("materials", pk, act="upload", **{f"file-{material.pk}": pdf()})
    assert enterprise.post("hand_in_correction", pk).status_code == 302
    assert w.filing.stage == Stage.RECEIVED


def test_window_accepts_and_sees_what_silence_would_do(people, at):
    w = walk(people, at(NOW), to=Stage.RECEIVED)
    window, pk = Browser(people.window, w.now), w.filing.public_id
    page = text(window.get("accept", pk))
    assert "3月12日（周一） 24:00前未决定的，视为受理。" in page
    assert window.post("materials", pk, act="fine_all").status_code == 302
    assert window.post("accept", pk).status_code == 302
    assert w.filing.stage == Stage.ACCEPTED
    page = window.get("accept", pk)
    assert "当前阶段是“已受理”" in text(page)


def test_refusal_is_in_writing(people, at):
    w = walk(people, at(NOW), to=Stage.RECEIVED)
    window, pk = Browser(people.window, w.now), w.filing.public_id
    assert window.post("refuse", pk, reason="").status_code == 422
    assert window.post("refuse", pk, reason="不属本县职权").status_code == 422  # on which ground?
    said = {"ground": "not_in_scope", "reason": "不属本县职权"}
    assert window.post("refuse", pk, **said).status_code == 302
    assert w.filing.stage == Stage.REFUSED
    assert not w.filing.limits.filter(ended_at=None).exists()


def test_a_supplied_gap_is_checked(people, at):
    w = Walk(people, at(NOW)).to(Stage.LISTED)
    enterprise, window = Browser(people.enterprise, w.now), Browser(people.window, w.now)
    pk = w.filing.public_id
    soft = w.filing.materials.wanted().filter(tolerable=True).first()
    enterprise.post("materials", pk, act="promise", material=soft.pk, reason="还在办", signed="yes")
    w.to(Stage.ACCEPTED)
    enterprise.at = window.at = w.now
    enterprise.post("materials", pk, act="upload", **{f"file-{soft.pk}": pdf()})
    assert (
        window.post("materials", pk, act="gap_wrong", material=soft.pk, reason="").status_code
        == 422
    )
    assert (
        window.post("materials", pk, act="gap_wrong", material=soft.pk, reason="不清楚").status_code
        == 302
    )
    assert "不清楚" in text(enterprise.get("materials", pk))
    enterprise.post("materials", pk, act="upload", **{f"file-{soft.pk}": pdf()})
    assert window.post("materials", pk, act="gap_fine", material=soft.pk).status_code == 302
    assert not w.filing.gaps.exclude(state="closed").exists()


def test_acts_on_papers_are_for_their_people_only(people, at):
    w = walk(people, at(NOW), to=Stage.RECEIVED)
    pk, material = w.filing.public_id, w.filing.materials.intake().first()
    enterprise, window = Browser(people.enterprise, w.now), Browser(people.window, w.now)
    assert enterprise.post("materials", pk, act="fine", material=material.pk).status_code == 403
    assert (
        window.post("materials", pk, act="upload", **{f"file-{material.pk}": pdf()}).status_code
        == 403
    )
    assert window.post("materials", pk, act="nonsense", material=material.pk).status_code == 404
    assert window.post("materials", pk, act="fine", material="99999999").status_code == 404
    assert window.post("materials", pk, act="fine", material="").status_code == 404


def test_a_paper_of_another_filing_is_not_found(people, at):
    w = walk(people, at(NOW), to=Stage.RECEIVED)
    other = walk(people, w.now, to=Stage.RECEIVED, by=people.other_enterprise, project_code="")
    material = other.filing.materials.first()
    window = Browser(people.window, other.now)
    answer = window.post("materials", w.filing.public_id, act="fine", material=material.pk)
    assert answer.status_code == 404


def test_the_longest_page_of_materials_stays_small(people, at):
    everything = {
        "land_route": "conversion",
        "in_assessed_area": "no",
        "site_features": [
            "trees", "road", "pipes", "irrigation", "weather", "heritage", "minerals", "hazard",
            "forest", "river",
        ],
        "eia_class": "report",
        "energy_above_threshold": "yes",
        "soil_plan_needed": "yes",
        "takes_water": "yes",
        "builds_water_intake_works": "yes",
        "has_civil_building": "yes",
        "beyond_code_tall": "yes",
        "special_places": ["fire", "lightning"],
    }  # fmt: skip
    w = walk(people, at(NOW), to=Stage.LISTED, answers=everything)
    for person in (people.enterprise, people.window):
        browser = Browser(person, w.now)
        opened = browser.get("materials", w.filing.public_id, open="paper")
        assert len(opened.content) < 100_000, len(opened.content)
        for name in ("materials", "checklist", "questionnaire", "gate"):
            page = browser.get(name, w.filing.public_id)
            assert len(page.content) < 100_000, (name, len(page.content))


def test_several_files_go_up_at_once(people, at):
    w = walk(people, at(NOW), to=Stage.LISTED)
    browser, pk = Browser(people.enterprise, w.now), w.filing.public_id
    two = list(w.filing.intake_open()[:2])
    done = browser.post("materials", pk, act="upload", **{f"file-{m.pk}": pdf() for m in two})
    assert done.status_code == 302
    assert w.filing.materials.filter(state=MaterialState.RECEIVED).count() == 2
    assert browser.post("materials", pk, act="upload").status_code == 422


def test_of_several_files_none_is_kept_if_one_cannot_be_taken(people, at):
    w = walk(people, at(NOW), to=Stage.LISTED)
    browser, pk = Browser(people.enterprise, w.now), w.filing.public_id
    good, bad = w.filing.intake_open()[:2]
    wrong = SimpleUploadedFile("材料.pdf", b"no pdf")
    files = {f"file-{good.pk}": pdf(), f"file-{bad.pk}": wrong}
    refused = browser.post("materials", pk, act="upload", **files)
    assert refused.status_code == 422
    assert str(bad) in text(refused)
    assert not w.filing.materials.filter(state=MaterialState.RECEIVED).exists()
