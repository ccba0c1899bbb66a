"""A notice that runs, and the words of somebody who objects to it."""

import pytest

from approvals.stages import Stage
from tests.conftest import instant
from tests.standing import standing
from tests.walk import walk

OBJECTION = {
    "name": "王示例",
    "contact": "13800138000",
    "interest": "相邻住户",
    "text": "承诺的排水标准与现场不符，我的电话13800138000。",
}


def _noticed(people):
    """Walk to a notice that was published on Thursday, 31 May 2018."""
    w = walk(people, instant("2018-05-14 09:00"), to=Stage.COMMITTED)
    w.until(instant("2018-05-31 10:00"))
    return w.to(Stage.NOTICED)


walked, noticed = standing(_noticed)


@pytest.fixture
def notice_one(people):
    """`notice_one()` is one more walk whose notice was published on that day."""
    return lambda: _noticed(people)


@pytest.fixture
def words():
    """What somebody says against a notice."""
    return dict(OBJECTION)
