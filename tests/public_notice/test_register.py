"""The register: found by any part of its words, narrowed, read on from any row, and followed by a feed."""

import random
from io import StringIO

import pytest
from django.core.management import call_command
from django.test.utils import override_settings
from django.urls import reverse

from approvals.models import Filing, Industry
from core.grams import _everywhere, folded, grams
from public_notice.models import Notice, NoticeText
from public_notice.queries import notices
from public_notice.queries.register import MOST_COUNTED, WORDS, Asked, matching, page_of, search
from tests.chance import drawn

pytestmark = pytest.mark.django_db

DRAWN = "左左左权县麻田桐峪食品储能光伏示例ab12ab12ab12"


@pytest.fixture
def many(noticed, at):
    """`many(n)` puts n more notices beside the one, each with a text of its own, the last the newest."""
    seed = drawn("register")
    chance = random.Random(seed)

    def made(n):
        print("seed", seed)
        first = Notice.objects.get(pk=noticed.notice.pk)
        same = {f.attname: getattr(first, f.attname) for f in Notice._meta.concrete_fields}
        rows = []
        for i in range(n):  # one after the other: of a filing one notice runs at a time
            Notice.objects.filter(stage="running").update(stage="clean")
            rows.append(
                Notice.objects.create(
                    **same | {"id": None, "public_id": f"{i:012x}", "title": f"项目{i}"}
                )
            )
        texts = ["".join(chance.choices(DRAWN, k=12)) for _row in rows]
        NoticeText.objects.bulk_create(
            NoticeText(notice=row, text=text, grams=" ".join(grams(text)))
            for row, text in zip(rows, texts, strict=True)
        )
        return texts

    return made


def found(words):
    keys = list(search(notices(), words).values_list("pk", flat=True))
    if words.strip():
        assert WORDS.keys(words, 1000) == sorted(keys, reverse=True)  # both ways of asking
    return set(keys)


@pytest.mark.parametrize("small", [0, 5_000])  # by the index of PostgreSQL, and past it
def test_the_hits_are_those_of_a_search_for_a_part(many, monkeypatch, small):
    monkeypatch.setattr("core.grams.SMALL", small)
    _everywhere.cache_clear()  # of these texts, and afterwards of none
    texts = many(150)
    chance = random.Random(drawn("register"))
    kept = list(NoticeText.objects.values_list("pk", "text"))
    for _turn in range(70):
        text = chance.choice(texts)
        start = chance.randrange(10)
        words = [
            text[start : start + chance.choice((1, 1, 2, 2, 3, 4))],
            *chance.choices(["权", "", "2左"], k=1),
        ]
        assert found(" ".join(words)) == {
            pk for pk, text in kept if all(word in text for word in words)
        }, words
    _everywhere.cache_clear()


@pytest.mark.parametrize(
    "words",
    [
        "粮", "小杂粮", "杂粮 新材料", "２０１８-140722-13", "2018-140722-13-03-000001", "slxzljgxm",
        "SLXZL", "新材料", "左承公", "tyz",
    ],
)  # fmt: skip
def test_it_is_found_by_name_enterprise_code_number_industry_and_initials(noticed, words):
    assert found(words) == {noticed.notice.pk}


def test_what_was_published_before_is_found_by_more_once_it_is_written_anew(noticed):
    kept = NoticeText.objects.get()
    NoticeText.objects.update(text="旧", grams="旧")
    assert found("tyz") == set()
    for said in ("1件", "0件"):  # safe to repeat
        told = StringIO()
        call_command("rebuild_register", stdout=told)
        assert said in told.getvalue()
        assert found("tyz") == {noticed.notice.pk}
    assert (kept.text, kept.grams) == NoticeText.objects.values_list("text", "grams").get()


@pytest.mark.parametrize(
    "words", ["粮小", "没有", "%", "_", '"', "' OR 1=1", "*", "NOT", "小杂粮 没有"]
)
def test_what_is_not_in_it_finds_nothing(noticed, words):
    assert found(words) == set()


def test_nobody_is_found_by_what_is_not_published(noticed):
    text = noticed.notice.words.text
    assert folded(noticed.filing.enterprise.legal_representative or "赵示例甲") not in text
    assert noticed.filing.public_id not in text


def test_only_what_the_commitment_promises_narrows_by_office_and_matter(noticed, driven):
    industry = Industry.objects.get(section="C")
    Filing.objects.filter(pk=noticed.filing.pk).update(industry=industry)
    clause = noticed.notice.letter.clauses.select_related("item", "checked_by").first()
    at = noticed.now
    for asked in (
        Asked(department=clause.checked_by.code), Asked(item=clause.item.code), Asked(since="2018-06-01"),
        Asked(industry="C"), Asked(until="2018-06-01", since="2018-06-01"),
        Asked(year="2018", town=noticed.filing.site.code, q="粮"), Asked(since="soon"),
    ):  # fmt: skip
        assert list(matching(asked, at)) == [noticed.notice], asked
    for asked in (
        Asked(department="NONE"), Asked(item="X99"), Asked(industry="Z"), Asked(until="2018-05-01"), Asked(year="2017"),
        Asked(since="2018-07-01", q="粮"),
    ):  # fmt: skip
        assert not matching(asked, at).exists(), asked


@pytest.mark.parametrize("words", ["", "项"])
def test_pages_follow_each_other_without_a_gap_both_ways(many, at, words):
    many(57)
    NoticeText.objects.update(text="项", grams="项")
    asked, now = Asked(q=words), at("2018-06-20 09:00")
    forth, pages, page = [], [], page_of(asked, now)
    assert page.newer is None
    while True:
        pages.append(page.rows)
        forth += [row.pk for row in page.rows]
        if page.older is None:
            break
        page = page_of(asked, now, before=str(page.older))
    assert forth == sorted(Notice.objects.values_list("pk", flat=True), reverse=True)
    assert page.total == 58
    for rows in pages[-2::-1]:
        page = page_of(asked, now, after=str(page.newer))
        assert page.rows == rows
    assert page.newer is None


@pytest.mark.parametrize("odd", ["x", "-1", "²", "9" * 40, "0"])
def test_a_place_nobody_can_mean_is_no_error(noticed, client, odd):
    for name in ("before", "after"):
        assert client.get(reverse("public_notice:list"), {name: odd}).status_code == 200


def test_beyond_a_thousand_nobody_counts(many, client, driven, monkeypatch):
    many(3)
    monkeypatch.setattr("public_notice.queries.register.MOST_COUNTED", 2)
    assert MOST_COUNTED == 1000
    with driven("2018-06-01 09:00"):
        assert "1000件以上" in client.get(reverse("public_notice:list")).content.decode()


@pytest.mark.parametrize(
    ("query", "most"), [({}, 1), ({"q": "权"}, 2), ({"year": "2018", "town": "1"}, 2)]
)
def test_the_list_takes_one_query_and_found_by_words_two(
    many, client, driven, django_assert_max_num_queries, query, most
):
    many(30)  # where nothing is found, the count is one
    with override_settings(FACETS_KEPT=60), driven("2018-06-01 09:00"):
        client.get(reverse("public_notice:list"), query)
        with django_assert_max_num_queries(most):
            client.get(reverse("public_notice:list"), query)


def test_the_feed_has_the_newest_narrowed_as_the_list_is(noticed, many, client, driven):
    many(2)
    with driven("2018-06-01 09:00"):
        all_of_them = client.get(reverse("public_notice:feed")).content.decode()
        one = client.get(reverse("public_notice:feed"), {"q": "杂粮"}).content.decode()
    assert all_of_them.count("<entry>") == 3
    assert one.count("<entry>") == 1
    assert f"/notices/{noticed.notice.public_id}/" in one
    assert "/notices/feed/?q=%E6%9D%82%E7%B2%AE" in one
