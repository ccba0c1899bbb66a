"""修改要求: which item a line names, and why a change cannot be handed in, found done or sent back now."""

import re
from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

CODED = re.compile(r"([A-Za-z]{1,3}\d{1,4}[A-Za-z]?)(\s*[：:]\s*|[\s、，]+)(.+)", re.DOTALL)


def item_named(line: str, codes: Collection[str]) -> tuple[str, str]:
    """Return the code of the item that a line begins with ("" without one), and what is left of the line.

    Only a code of the list counts ("G20 国道" names no item); with a colon behind it a code that is
    not on the list is a slip, ValueError, so that a change does not go to the wrong desk unnoticed.
    """
    found = CODED.fullmatch(line.strip())
    if found is None:
        return "", line.strip()
    code, between, text = found[1].upper(), found[2].strip(), found[3].strip()
    if code in codes:
        return code, text
    if between:
        raise ValueError(code)
    return "", line.strip()


def _over(change: Any) -> list[str]:
    if change.filing.ended:
        return [_("本件已经终结。")]
    return [_("这一项修改已经核对完成。")] if change.done_at is not None else []


def why_not_handed_in(change: Any) -> list[str]:
    """Return why a change cannot be handed in: what somebody is looking at is not exchanged under their eyes."""
    if over := _over(change):
        return over
    waits = change.waits_for_check
    return [_("这一项修改已经交来，正在核对；退回以后可以再交。")] if waits else []


def why_not_checked(change: Any) -> list[str]:
    """Return why a change cannot be found done; the window may find what has no item done by itself, as on paper."""
    if over := _over(change):
        return over
    if change.item_id is not None and not change.waits_for_check:
        return [_("企业还没有交来这一项修改。")]
    withheld = change.handed_file.withheld if change.handed_file else ""
    return [withheld] if withheld else []


def why_not_returned(change: Any) -> list[str]:
    """Return why a change cannot be sent back: only what was handed in can."""
    if over := _over(change):
        return over
    return [] if change.waits_for_check else [_("企业还没有交来这一项修改。")]
