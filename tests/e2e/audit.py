"""What is wrong with a page as a browser shows it: axe's rules and the rules of this house.

Axe comes with the tests. What the driver evaluates is no script of the page, so the content policy stays as it is.
"""

from pathlib import Path

from tests.share import SHARED, turns

HERE = Path(__file__).parent
AXE = (HERE / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = (HERE / "audit.js").read_text(encoding="utf-8")

WIDEST = 42  # characters of running text in a line; forty, and what a line may borrow
SMALLEST = 13  # pixels of a letter
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1440, "height": 900}


def audit(page, views=(PHONE, DESK), *, axe=()):
    """Return what is wrong with the open page in each view, one sentence each; axe's rules are asked in `axe` alone.

    Where nothing is said, alone in every view, in `make test` in one of the two that turns with the seed.
    """
    axe = axe or (((PHONE,) if turns(page.title(), of=2) else (DESK,)) if SHARED else views)
    page.evaluate(AXE)
    page.keyboard.press("Tab")
    found = []
    for view in views:
        page.set_viewport_size(view)
        asked = {"widest": WIDEST, "smallest": SMALLEST, "access": view in axe}
        faults = page.evaluate(RULES, asked)
        found += [f"at {view['width']} px: {fault}" for fault in faults]
    return found
