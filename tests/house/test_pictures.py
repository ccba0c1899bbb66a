"""The pictures of README and docs/tour.md: each is taken by `make pictures`, shown, and light."""

import re

from deploy.pictures import HEAVIEST, PAPER, PICTURES
from tests.house.source import ROOT

TAKEN = {picture.name for picture in PICTURES} | {PAPER}


def test_each_picture_is_taken_kept_and_shown():
    kept = {file.stem for file in (ROOT / "docs" / "pictures").glob("*.png")}
    tour = (ROOT / "docs" / "tour.md").read_text(encoding="utf-8")
    shown = re.findall(r"!\[[^]]+\]\(pictures/([\w-]+)\.png\)", tour)

    assert kept == TAKEN, "run: make pictures"
    assert sorted(shown) == sorted(TAKEN)


def test_no_picture_is_heavy():
    heavy = [
        file.name
        for file in (ROOT / "docs" / "pictures").iterdir()
        if file.stat().st_size > HEAVIEST
    ]

    assert not heavy


def test_both_readmes_show_pictures_that_are_there():
    for name in ("README.md", "README.zh-CN.md"):
        page = (ROOT / name).read_text(encoding="utf-8")
        shown = re.findall(r"\(docs/pictures/([\w-]+)\.png\)", page)
        assert set(shown) <= TAKEN
        assert len(shown) >= 3
