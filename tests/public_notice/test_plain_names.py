"""A name has no character that turns its direction or that nobody sees (T64): refused where it is typed."""

import pytest
from django.core.exceptions import ValidationError

from accounts.rules import unseen_in
from approvals.rules.project import WRITTEN, faults_in_project
from approvals.services.counter import open_at_counter
from desk.services.register import register_enterprise

HIDDEN = {
    "right-to-left override": "\u202e", "isolate": "\u2066", "zero-width space": "\u200b", "joiner": "\u200d",
    "word joiner": "\u2060", "byte order mark": "\ufeff", "soft hyphen": "\u00ad", "tag letter": "\U000e0041",
    "nul": "\0", "bell": "\a", "private use": "\ue000", "no character": "\uffff", "half of one": "\ud800",
}  # fmt: skip


@pytest.mark.parametrize("char", HIDDEN.values(), ids=HIDDEN)
def test_a_hidden_character_is_named_by_place_and_code(char):
    said = unseen_in(f"左权{char}公司")
    assert "第3个字符" in said
    assert f"U+{ord(char):04X}" in said
    assert set(faults_in_project(dict.fromkeys(WRITTEN, f"甲{char}"))) >= set(WRITTEN)


@pytest.mark.parametrize("text", ["", "左权县示例（山西）公司", "A-1 ＡＢＣ", "𠮷野家", "é ü ٣"])
def test_what_is_seen_is_taken(text):
    assert unseen_in(text) == ""


def test_a_text_may_have_lines_and_a_name_may_not():
    assert "scale" not in faults_in_project({"scale": "一\r\n二\t三"})
    assert "project_name" in faults_in_project({"project_name": "一\n二"})


@pytest.mark.django_db
def test_neither_at_the_counter_nor_by_oneself_a_company_gets_such_a_name(people, at):
    name, uscc = "左权县\u202e示例公司", "91140722MA0K1A2B0M"
    with pytest.raises(ValidationError, match="看不见"):
        open_at_counter(uscc=uscc, name=name, by=people.window, at=at("2018-05-14 09:00"))
    with pytest.raises(ValidationError, match="看不见"):
        register_enterprise(
            uscc=uscc, name=name, person={}, password="x", at=at("2018-05-14 09:00")
        )
