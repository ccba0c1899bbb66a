"""Articles stand in papers as laws are cited: named in brackets, numbers in words, paragraph and item told apart."""

import csv
import re
from pathlib import Path

import pytest
from django.conf import settings

from approvals.rules.citing import hanzi, in_words

PACK = Path(settings.BASE_DIR) / "counties" / "zuoquan"


@pytest.mark.parametrize(
    ("short", "words"),
    [
        ("行政许可法 42", "《中华人民共和国行政许可法》第四十二条"),
        ("行政许可法 42(2)", "《中华人民共和国行政许可法》第四十二条第二款"),
        ("行政许可法 32(4)、82", "《中华人民共和国行政许可法》第三十二条第一款第（四）项、第八十二条"),
        ("政府信息公开条例 20(5)、26", "《中华人民共和国政府信息公开条例》第二十条第（五）项、第二十六条"),
        ("消防法 11–13", "《中华人民共和国消防法》第十一条至第十三条"),
        ("防洪法 27、33；行政许可法 42",
         "《中华人民共和国防洪法》第二十七条、第三十三条；《中华人民共和国行政许可法》第四十二条"),
        ("文物保护法(2017) 17、18；(2024) 43",
         "《中华人民共和国文物保护法》（2017年）第十七条、第十八条；（2024年）第四十三条"),
        ("提供虚假材料（行政许可法78）", "提供虚假材料（《中华人民共和国行政许可法》第七十八条）"),
        ("建设工程质量管理条例 13；某某管理办法 3", "《建设工程质量管理条例》第十三条；《某某管理办法》第三条"),
        ("防洪法 27", "《中华人民共和国防洪法》第二十七条"),
        ("中华人民共和国防洪法 27", "《中华人民共和国防洪法》第二十七条"),
        ("民法典 201；县级规定建议值", "《中华人民共和国民法典》第二百零一条；县级规定建议值"),
        ("县级规定建议值；参照行政许可法 42(1)", "县级规定建议值；参照《中华人民共和国行政许可法》第四十二条第一款"),
        ("参照政府信息公开条例 30", "参照《中华人民共和国政府信息公开条例》第三十条"),
        ("县级规定建议值；行政许可法 42 为上限", "县级规定建议值；《中华人民共和国行政许可法》第四十二条为上限"),
        ("专门法律、法规的规定（如政府信息公开条例 33）",
         "专门法律、法规的规定（如《中华人民共和国政府信息公开条例》第三十三条）"),
        ("建筑法 8(5)", "《中华人民共和国建筑法》第八条第一款第（五）项"),
        ("水土保持法第26条（未经批准的……不得开工建设）",
         "《中华人民共和国水土保持法》第二十六条（未经批准的……不得开工建设）"),
        ("文物保护法（2017）第17条：须经批准；第29条（2024年修订后第43条）：事先勘探",
         "《中华人民共和国文物保护法》（2017年）第十七条：须经批准；第二十九条（2024年修订后第四十三条）：事先勘探"),
        ("未见禁止性规定；建筑法第8条第1项，城乡规划法第36条只适用于划拨用地",
         ("未见禁止性规定；《中华人民共和国建筑法》第八条第一款第（一）项，"
          "《中华人民共和国城乡规划法》第三十六条只适用于划拨用地")),
        ("另一种写法的依据为电子签名法 11", "另一种写法的依据为《中华人民共和国电子签名法》第十一条"),
        ("statutory condition, 城乡规划法 37, 38",
         "statutory condition, 《中华人民共和国城乡规划法》第三十七条、第三十八条"),
        ("经批准后方可兴建（取水条例21）", "经批准后方可兴建（《取水许可和水资源费征收管理条例》第二十一条）"),
        ("EIA Law art. 25 (must not start)",
         "Environmental Impact Assessment Law of the People's Republic of China art. 25 (must not start)"),
        ("Cultural Relics Law (2017) art. 17", "Cultural Relics Law of the People's Republic of China (2017) art. 17"),
        ("土地管理法实施条例 20；招标投标法实施条例 9；企业信息公示暂行条例 10",
         ("《中华人民共和国土地管理法实施条例》第二十条；《中华人民共和国招标投标法实施条例》第九条；"
          "《企业信息公示暂行条例》第十条")),
    ],
)  # fmt: skip
def test_an_article_is_written_out(short, words):
    assert in_words(short) == words


@pytest.mark.parametrize(
    "words",
    ["", "县级规定建议值", "县级规定建议值；参照东莞（S30）", "国办发〔2020〕42号", "(2024) 43", "企业投资项目承诺书",
     "《城乡规划法》第四十条", "建设工程质量管理条例；现行工程建设强制性标准", "依法第3次会议", "承诺书第3条",
     "办法另行制定", "the rule of law", "art. 25"],
)  # fmt: skip
def test_what_is_no_article_stays_as_it_is(words):
    assert in_words(words) == words


def test_numbers_are_counted_as_articles_are():
    said = {1: "一", 10: "十", 11: "十一", 20: "二十", 99: "九十九", 100: "一百", 106: "一百零六", 110: "一百一十",
            217: "二百一十七"}  # fmt: skip
    assert {number: hanzi(number) for number in said} == said


def test_no_row_of_the_rulebook_names_a_law_that_there_is_not():
    """What stands before a law (参照, 如) is no part of its name."""
    with (PACK / "rulebook.csv").open(encoding="utf-8") as rows:
        said = "".join(in_words(row["basis"]) for row in csv.DictReader(rows))
    assert "参照《中华人民共和国" in said
    assert (
        re.findall(r"《(?:中华人民共和国)?(?:参照|比照|依照|按照|依据|根据|如)[^》]*》", said) == []
    )


def test_no_law_of_the_countys_items_keeps_its_short_form():
    """A citation that cannot be written out would stand on the checklist of every enterprise."""
    with (PACK / "catalogue.csv").open(encoding="utf-8") as rows:
        bases = [row["legal_basis_zh"] for row in csv.DictReader(rows)]
    assert len(bases) > 27
    assert [one for one in bases if re.search(r"[法例典] ?\(?\d", in_words(one))] == []
