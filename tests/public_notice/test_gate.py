"""Nothing personal passes the gate: a table of spellings, and generated people in hostile ones."""

import os
import random
from datetime import date, timedelta

import pytest

from accounts.rules import with_check_characters
from public_notice.rules import gate
from public_notice.rules.gate import (
    admit,
    mask,
    name_in_public,
    personal_left,
    still_personal,
    words_in_public,
)
from public_notice.rules.personal import check_digit, is_identity

SEED = int(os.environ.get("CHENGNUO_SEED", "20180615"))
IDENTITY = "140722198503071233"[:17] + check_digit("14072219850307123")
HIDDEN = f"14*************{IDENTITY[-3:]}"

MASKED = [
    ("请拨13812345678找我", "请拨138****5678找我"),
    ("１３８１２３４５６７８", "138****5678"),
    ("138 1234 5678", "138****5678"),
    ("138-1234-5678", "138****5678"),
    ("138.1234.5678", "138****5678"),
    ("138，1234，5678", "138****5678"),
    ("1 3 8 1 2 3 4 5 6 7 8", "138****5678"),
    ("+86 13812345678", "+86 138****5678"),
    ("0086-138-1234-5678", "0086-138****5678"),
    ("8613812345678", "86138****5678"),
    ("138\u200b1234\u20605678", "138****5678"),
    ("①③⑧①②③④⑤⑥⑦⑧", "138****5678"),
    ("1\ufe0f\u20e33\ufe0f\u20e38\ufe0f\u20e312345678", "138****5678"),
    ("١٣٨١٢٣٤٥٦٧٨", "138****5678"),
    ("一三八一二三四五六七八", "138****5678"),
    ("幺三八壹贰叁肆伍陆柒捌", "138****5678"),
    ("138\n12345678", "138****5678"),
    ("13812345678@qq.example", "138****5678@qq.example"),
    (f"身份证{IDENTITY}。", f"身份证{HIDDEN}。"),
    (f"sfz{IDENTITY}", f"sfz{HIDDEN}"),
    (" ".join(IDENTITY), HIDDEN),
    (f"{IDENTITY[:6]} {IDENTITY[6:14]} {IDENTITY[14:]}", HIDDEN),
    (f"{IDENTITY}13812345678", f"{HIDDEN}138****5678"),
    (f"13812345678 {IDENTITY}", f"138****5678 {HIDDEN}"),
    ("140722850307123", "14**********123"),
    (".".join(IDENTITY), HIDDEN),
    ("%31%33%38%31%32345678", "138****5678"),
    ("&#49;&#x33;812345678", "138****5678"),
    ("\\u00313812345678", "138****5678"),
    ("1<b>38</b>1234<!-- x -->5678", "138****5678"),
    ("l38О2345678", "138****5678"),
    ("卡号6222021234567890128", "卡号***************0128"),
    ("家住辽阳镇西关村3号院2单元501室", "家住辽阳镇***"),
    ("西关村3号，养牛", "西关村***，养牛"),
    ("住桐峪镇3号楼201室", "住桐峪镇***"),
    ("联系人张三，已到", "联系人张某，已到"),
    ("负责人：马小明 主任", "负责人：马某 主任"),
    ("村民欧阳小明反映", "村民欧阳某反映"),
]


@pytest.mark.parametrize(("written", "shown"), MASKED)
def test_a_personal_number_is_masked_however_it_is_spelt(written, shown):
    assert personal_left(written)
    assert mask(written) == shown
    assert not personal_left(shown)
    assert mask(shown) == shown


@pytest.mark.parametrize(
    "text",
    [
        "左权县示例（山西）新材料有限公司",
        "项目代码2018-140722-39-03-012345",
        "2107-140722-89-01-123456",
        "左承公〔2018〕12号",
        "2018年6月15日至2018年6月22日，共5个工作日",
        "2018-06-15 08:30—2018-06-22 17:30",
        "年产1500、2000、3500吨；总投资13800.5万元；占地15.38亩",
        "0354-0000000（示例）",
        "12345",
        "校验摘要3f1380b2c7",
        with_check_characters("91140722MA0K1234"),
        "统一社会信用代码：9114072211023344X5",
        "ＡＢＣ（全角）保持原样",
        "石匣村3号地块，建设3栋厂房、2号楼和1号车间",
        "负责人应当到场，申请人程序违法，业主周边道路",
        "法定代表人：赵示例甲",
        "A < B，100%达标，R&D中心，C:\\u盘",
        "OIlSZ品牌138系列",
    ],
)
def test_what_is_no_personal_number_stays_as_it_was_written(text):
    assert mask(text) == text
    assert not personal_left(text)


def test_an_identity_number_is_known_by_its_check_digit_or_by_its_shape():
    wrong = IDENTITY[:17] + ("1" if IDENTITY[17] != "1" else "2")
    assert is_identity(IDENTITY)
    assert is_identity(wrong)  # mistyped, and still somebody's
    assert not is_identity(wrong, alone=False)
    assert not is_identity("140722198513071234")  # no thirteenth month
    assert not is_identity("990722198503071234")  # no such province


def test_hidden_characters_do_not_pass_and_punctuation_stays():
    assert mask("（电话：138\u202e12345678）") == "（电话：138****5678）"
    assert mask("示例\u200b公司") == "示例公司"


def test_only_listed_fields_pass():
    content = {
        "title": "公示 13812345678",
        "contact_of_enterprise": "王某 13812345678",
        "project": {"name": "项目", "secret": "x"},
        "clauses": [{"item": "甲", "standard": IDENTITY, "checked_by_person": "李四"}],
        "issuer": {"name": "左权县审批局", "phone": "13900001111"},
    }
    assert admit(content) == {
        "title": "公示 138****5678",
        "project": {"name": "项目"},
        "clauses": [{"item": "甲", "standard": HIDDEN}],
        "issuer": {"name": "左权县审批局", "phone": "13900001111"},
    }


def test_a_shape_nobody_listed_is_refused():
    with pytest.raises(TypeError):
        admit({"title": {"text": "13812345678"}})


def test_what_was_admitted_is_read_again():
    assert still_personal({"clauses": [{"item": "甲"}, {"item": IDENTITY}]}) == ["clauses[1].item"]
    assert still_personal({"issuer": {"phone": "13900001111"}}) == []


def test_only_short_texts_without_anything_personal_are_remembered():
    gate.CLEAN.clear()
    long = "很长的一段话" * 100
    said = {"item": "甲", "text": f"联系{IDENTITY}", "note": long}
    for _time in range(2):  # the second time partly by what is remembered
        assert still_personal(said) == ["text"]
        assert set(gate.CLEAN) == {"甲"}
    assert still_personal({"item": f"甲{IDENTITY}"}) == ["item"]
    gate.CLEAN.update(dict.fromkeys(map(str, range(gate.MOST_CLEAN))))
    assert still_personal({"item": "乙"}) == []
    assert set(gate.CLEAN) == {"乙"}, "full, it begins anew"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王小明", "王某"),
        ("欧阳小明", "欧阳某"),
        ("Ann Smith", "A某"),
        ("  ", ""),
        ("左权县示例养殖有限公司", "左权县示例养殖有限公司"),
        ("辽阳镇西关村村民委员会", "辽阳镇西关村村民委员会"),
    ],
)
def test_a_person_is_named_by_family_name_an_organisation_in_full(name, shown):
    assert name_in_public(name) == shown


def test_the_objector_does_not_give_themselves_away():
    shown = words_in_public(
        "我是王小明，邮箱wang@mail.example。", name="王小明", contact="wang@mail.example"
    )
    assert shown == "我是王某，邮箱***。"


FULL_WIDTH = {ord(str(d)): 0xFF10 + d for d in range(10)} | {ord("X"): 0xFF38}
SPELT = str.maketrans("0123456789", "零一二三四五六七八九")
FRAMES = (
    "联系人张三，{}。",
    "电话：{}（本人）",
    "{}",
    "见附件（{}）及2018年6月15日来信",
    "他说{}，又说共3亩",
    "a{}b",
)


def _person(dice):
    birth = date(1935, 1, 1) + timedelta(days=dice.randrange(26_000))
    region = dice.choice(["140722", "110101", "310115", "440305", "532901", "650102", "810000"])
    body = f"{region}{birth:%Y%m%d}{dice.randrange(300):03d}"
    return body + check_digit(body), f"1{dice.randrange(3, 10)}{dice.randrange(10**9):09d}"


def _hostile(number, dice):
    way = dice.randrange(8)
    if way == 0:
        return number.translate(FULL_WIDTH)
    if way == 1:
        return number.translate(SPELT)
    if way == 2:
        return number.lower()
    between = {
        3: ["", " ", "  "],
        4: ["", "-", "—"],
        5: ["", "\u200b", "\u2060", "\u202e", "\ufeff"],
        6: ["\u3000", "\n", "·"],
        7: ["", "", "\u00ad"],
    }[way]
    return "".join(
        char.translate(FULL_WIDTH) + dice.choice(between)
        if dice.random() < 0.5
        else char + dice.choice(between)
        for char in number
    ).strip()


def test_of_many_generated_people_none_is_left():
    print(f"seed {SEED}")
    dice = random.Random(SEED)
    left = []
    for _ in range(300):
        identity, mobile = _person(dice)
        written = "；".join(
            dice.choice(FRAMES).format(_hostile(number, dice))
            for number in dice.sample([identity, mobile], 2)
        )
        shown = mask(written)
        digits = "".join(c for c in shown if c.isdigit() or c in "xX*")
        if personal_left(shown) or identity[2:15] in digits or mobile in digits:
            left.append((written, shown))
    assert left == []
