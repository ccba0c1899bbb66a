"""The public pages: for everyone, with a fixed number of queries, and nothing on them that should not be."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.stages import Stage
from core import clock
from public_notice.models import Objection
from public_notice.services import lodge_objection, reply_objection
from public_notice.stages import Finding
from tests.walk import walk

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script>"


def page(client, name, *args, status=200, **query):
    response = client.get(reverse(f"public_notice:{name}", args=args), query)
    assert response.status_code == status
    return response.content.decode()


def as_(membership):
    client = Client()
    client.force_login(membership.user)
    return client


def test_the_public_reads_without_a_login_and_writes_nothing(client, noticed, driven):
    with driven("2018-06-01 09:00"), CaptureQueriesContext(connection) as seen:
        front = page(client, "front")
        assert "示例小杂粮加工项目" in front
        assert "还剩4个工作日" in front
        assert "示例小杂粮加工项目" in page(client, "list")
        text = page(client, "notice", noticed.notice.public_id)
        assert noticed.notice.paper.number in text
        assert noticed.notice.paper.content_sha256 in text
        assert f"/papers/{noticed.notice.paper.code}/" in text
        assert "提出异议" in page(client, "object", noticed.notice.public_id)
        page(client, "objection_lookup")
    assert [q["sql"] for q in seen if re.match(r"INSERT|UPDATE|DELETE", q["sql"])] == []


def test_an_empty_county_has_a_front_page(client, county):
    assert "现在没有正在进行的公示" in page(client, "front")
    assert "没有符合条件的公示" in page(client, "list", q="没有这个项目")


@pytest.mark.parametrize("year", ["0000", "9999", "２０１８", "20a8", "-001"])
def test_a_year_nobody_can_mean_is_no_error(client, county, year):
    page(client, "list", year=year)


def test_an_unknown_notice_is_not_found(client, county):
    for name in ("notice", "object"):
        page(client, name, "0123456789ab", status=404)


def test_the_list_takes_the_same_queries_for_one_and_for_three(
    client, noticed, notice_one, django_assert_num_queries, driven
):
    with driven("2018-06-01 09:00"), django_assert_num_queries(5):
        page(
            client, "list"
        )  # the county in the head; rows with their count; filters, which are kept for a minute
    notice_one()
    notice_one()
    with driven("2018-06-01 09:00"), django_assert_num_queries(5):
        assert "共3件" in page(client, "list")


def test_filters_and_search(client, noticed, driven):
    name = "示例小杂粮加工项目"
    with driven("2018-06-01 09:00"):
        for wanted in (
            {"state": "running"},
            {"year": "2018"},
            {"q": "小杂粮"},
            {"q": "新材料 小杂粮"},
            {"q": "2018-140722-13-03-000001"},
            {"town": noticed.filing.site.code},
        ):
            assert f">{name}<" in page(client, "list", **wanted)
        for other in (
            {"state": "ended"},
            {"year": "2017"},
            {"q": "没有"},
            {"town": "1"},
            {"q": "%"},
        ):
            assert f">{name}<" not in page(client, "list", **other)
        for odd in ({"year": "²"}, {"page": "x"}, {"q": "\0"}, {"state": SCRIPT}):
            assert SCRIPT not in page(client, "list", **odd)
    with driven("2018-06-08 09:00"):  # no sweep has come, and yet the period is over
        assert f">{name}<" in page(client, "list", state="ended")


def test_markup_in_a_name_is_shown_as_text(client, people, at):
    w = walk(
        people, at("2018-05-14 09:00"), to=Stage.NOTICED, project_name=f"项目{SCRIPT}", scale=SCRIPT
    )
    with clock.driven(w.now):
        for name, args in (("front", ()), ("list", ()), ("notice", (w.notice.public_id,))):
            text = page(client, name, *args)
            assert SCRIPT not in text
            assert "&lt;script&gt;" in text


def test_an_objection_in_two_steps_with_a_receipt(client, noticed, words, driven):
    address = reverse("public_notice:object", args=[noticed.notice.public_id])
    with driven("2018-06-01 09:00"):
        assert client.post(address, {**words, "text": ""}).status_code == 422
        preview = client.post(address, {**words, "step": "preview"}).content.decode()
        shown = preview[
            preview.index("card-line") : preview.index('<form method="post" class="form"')
        ]
        assert "王某" in shown
        assert words["name"] not in shown
        assert "13800138000" not in shown
        assert not Objection.objects.exists()
        assert words["text"] in client.post(address, {**words, "step": "edit"}).content.decode()

        sent = client.post(address, {**words, "step": "send"}, follow=True)
        objection = Objection.objects.get()
        text = sent.content.decode()
        assert sent.redirect_chain[-1][0].endswith("/object/receipt/")
        assert objection.number in text
        assert objection.code in text
        assert page(Client(), "receipt", noticed.notice.public_id, status=302) == ""

        public = page(Client(), "notice", noticed.notice.public_id)
        assert objection.number in public
        assert "王某" in public
        for secret in (words["name"], words["contact"], words["interest"], objection.code):
            assert secret not in public


def test_following_an_objection(client, noticed, words, driven, people):
    objection = lodge_objection(noticed.notice, at=noticed.now, **words)
    address = reverse("public_notice:objection_lookup")
    typed = {
        "number": objection.number.replace("〔", "[").replace("〕", "] "),
        "code": f" {objection.code.lower()}",
    }
    with driven("2018-06-01 09:00"):
        assert "办理中" in client.post(address, typed).content.decode()
        for wrong in ({**typed, "code": "A" * 10}, {**typed, "number": "左承异〔2018〕99号"}):
            answer = client.post(address, wrong)
            assert answer.status_code == 422
            assert "没有找到" in answer.content.decode()
        reply_objection(
            objection,
            finding=Finding.NOT_UPHELD,
            reply="经核查，标准一致。",
            by=people.window,
            at=noticed.now,
        )
        assert "经核查，标准一致。" in client.post(address, typed).content.decode()
        assert "经核查，标准一致。" in page(client, "notice", noticed.notice.public_id)


def test_after_the_end_the_page_says_what_remains(client, noticed, words, driven):
    noticed.wait_out()
    with driven("2018-06-08 09:00"):
        text = page(client, "notice", noticed.notice.public_id)
        assert "公示期满，没有未决异议" in text
        assert "行政复议" in text
        address = reverse("public_notice:object", args=[noticed.notice.public_id])
        assert "现在不能提出异议" in client.get(address).content.decode()
        late = client.post(address, {**words, "step": "send"})
        assert late.status_code == 409
        assert not Objection.objects.exists()


def test_the_window_publishes_from_a_preview(people, at, driven):
    w = walk(people, at("2018-05-14 09:00"), to=Stage.COMMITTED)
    address = reverse("public_notice:publish", args=[w.filing.public_id])
    client = as_(people.window)
    with driven("2018-05-31 10:00"):
        preview = client.get(address).content.decode()
        assert "6月7日" in preview
        assert "承诺事项和标准" in preview
        assert not w.filing.notices.exists()
        assert client.post(address).status_code == 302
        assert w.filing.stage == Stage.NOTICED
        again = client.post(address)
        assert again.status_code == 409
        assert w.filing.notices.count() == 1


def test_others_do_not_publish_or_reply(noticed, words, people, driven):
    objection = lodge_objection(noticed.notice, at=noticed.now, **words)
    addresses = [
        reverse("public_notice:publish", args=[noticed.filing.public_id]),
        reverse("public_notice:objections", args=[noticed.filing.public_id]),
        reverse("public_notice:reply", args=[objection.pk]),
    ]
    with driven("2018-06-01 09:00"):
        for address in addresses:
            assert Client().get(address).status_code == 302
            assert as_(people.other_enterprise).get(address).status_code == 404
            assert as_(people.enterprise).get(address).status_code == 403
            assert as_(people.supervisor).get(address).status_code == 403
        reply = {"finding": "not_upheld", "reply": "无。"}
        assert as_(people.enterprise).post(addresses[2], reply).status_code == 403
        assert as_(people.supervisor).post(addresses[0]).status_code == 403


def test_the_window_replies(noticed, words, people, driven):
    objection = lodge_objection(noticed.notice, at=noticed.now, **words)
    client = as_(people.window)
    address = reverse("public_notice:reply", args=[objection.pk])
    with driven("2018-06-01 09:00"):
        listed = client.get(reverse("public_notice:objections", args=[noticed.filing.public_id]))
        assert address in listed.content.decode()
        assert words["contact"] in client.get(address).content.decode()
        assert client.post(address, {"finding": "upheld", "reply": "有错误。"}).status_code == 422
        wanted = {"finding": "upheld", "reply": "有错误。", "back_to": "committing"}
        assert client.post(address, wanted).status_code == 302
        assert noticed.filing.stage == Stage.COMMITTING
        assert client.post(address, wanted).status_code == 409


def test_the_case_offers_publishing_and_replying(noticed, words, people, driven):
    from core.steps.offers import offered

    lodge_objection(noticed.notice, at=noticed.now, **words)
    with driven("2018-06-01 09:00"):
        found = {offer.name: offer for offer in offered(noticed.filing, people.window)}
        assert "1件异议待答复" in found["reply"].silence
        assert "reply" not in {offer.name for offer in offered(noticed.filing, people.enterprise)}
        w = walk(
            people, noticed.now, to=Stage.COMMITTED, by=people.other_enterprise, project_code=""
        )
        found = {offer.name: offer for offer in offered(w.filing, people.window)}
        assert found["publish"].allowed
