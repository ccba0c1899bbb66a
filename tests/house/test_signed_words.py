"""Nothing is called signed or sealed without a verified method: each place that says so names its method here."""

import re

import pytest

from tests.house.source import PACKAGES, ROOT

SAYS_SO = re.compile(r"已经?(?:由[^，。；：“”\"]{1,4})?(?:签署|签章|盖章|签名|签字|用印)")
# Where it is said, and by which method: what stands behind the word.
METHODS = {
    "approvals/stages.py": "the supervisor's own account, in the ledger with time and person (later materials)",
    "approvals/views/later.py": "the same, said to the supervisor who has just done it",
    "approvals/views/sealing.py": "said after `pades.look` has verified it; and that nothing else is called so",
    "prereview/views/site.py": "the person's own account, on the spot, over the record with its digest",
    "inspection/services/onsite_record.py": "a drawn signature, which the same row calls none of 电子签名法",
    "public_notice/queries/figure_words.py": "counts what a supervisor signed as a step of their own login, no paper",
    "templates/papers/public_notice.html": "published only after verify_letter: the scan was compared by the window",
}


def places():
    """Each file of code or pages, without comments and docstrings of pages, that says it."""
    for package in (*PACKAGES, "templates", "counties"):
        for path in sorted((ROOT / package).rglob("*")):
            if (
                path.suffix not in (".py", ".html", ".csv", ".yaml", ".js")
                or "migrations" in path.parts
            ):
                continue
            said = re.sub(
                r"{% comment %}.*?{% endcomment %}", "", path.read_text("utf-8"), flags=re.DOTALL
            )
            if SAYS_SO.search(said):
                yield path.relative_to(ROOT).as_posix()


def test_each_place_that_calls_something_signed_has_its_method():
    assert set(places()) == set(METHODS)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("承诺书已签署", True),
        ("已经盖章", True),
        ("已由企业签字", True),
        ("请签署承诺书", False),
        ("未签章", False),
    ],
)
def test_the_words_that_are_looked_for(text, found):
    assert bool(SAYS_SO.search(text)) is found
