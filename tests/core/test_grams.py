"""Words are cut into characters and pairs: whoever holds a word has all of its grams."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.grams import folded, grams, wanted

TEXT = st.text(alphabet="左权县麻田镇项目Abcd01Ａ１ 2-（）\n𠀀、", max_size=30)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("麻", ["麻"]),
        ("麻田", ["田", "麻", "麻田"]),
        ("麻 田", ["田", "麻"]),
        ("（麻）田", ["田", "麻"]),  # a pair spans no mark
        ("a-1", ["1", "a"]),
        ("𠀀一", ["一", "𠀀", "𠀀一"]),  # rare characters are one character
        (
            "03a-12345",
            ["03", "0", "12", "1234", "1", "2345", "23", "2", "34", "3", "3a", "45", "4", "5", "a"],
        ),
    ],
)
def test_grams_are_characters_and_pairs(text, found):
    assert grams(text) == sorted(found)


@pytest.mark.parametrize(
    ("word", "needed"),
    [
        ("麻", ["麻"]),
        ("麻田镇", ["田镇", "麻田"]),
        ("麻-田镇", ["田镇", "麻"]),
        ("麻田镇项目", ["镇项", "项目", "麻田"]),  # each character in one of them
        ("03-073315", ["03", "0733", "3315"]),
        ("二期2018a麻", ["2018", "018a", "二期", "麻"]),
        ("—", []),  # a mark alone narrows nothing; the text itself is asked
    ],
)
def test_a_word_needs_its_pairs(word, needed):
    assert wanted(word) == sorted(needed)


@pytest.mark.parametrize(
    ("typed", "compared"),
    [("ＡＢＣ１２", "abc12"), ("  左权\u3000县 ", "左权 县"), ("Straße", "strasse")],
)
def test_width_case_and_spaces_are_alike(typed, compared):
    assert folded(typed) == compared


@given(TEXT, st.integers(0, 29), st.integers(1, 8))
def test_every_part_of_a_text_finds_its_grams_in_it(text, start, length):
    text = folded(text)
    part = text[start : start + length]
    assert set(wanted(part)) <= set(grams(text))
