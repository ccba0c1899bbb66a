"""Words are cut into characters and pairs: whoever holds a word has all of its grams."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.grams import folded, grams, wanted

TEXT = st.text(alphabet="左权县麻田镇项目AbcＡ１ 2-（）\n𠀀、", max_size=30)


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
    ],
)
def test_grams_are_characters_and_pairs(text, found):
    assert grams(text) == found


@pytest.mark.parametrize(
    ("word", "needed"),
    [
        ("麻", ["麻"]),
        ("麻田镇", ["田镇", "麻田"]),
        ("麻-田镇", ["田镇", "麻"]),
        ("—", []),  # a mark alone narrows nothing; the text itself is asked
    ],
)
def test_a_word_needs_its_pairs(word, needed):
    assert wanted(word) == needed


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
