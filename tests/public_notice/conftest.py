"""A notice that runs, and the words of somebody who objects to it."""

import pytest

from approvals.stages import Stage
from tests.walk import walk

OBJECTION = {
    "name": "王示例",
    "contact": "13800138000",
    "interest": "相邻住户",
    "text": "承诺的排水标准与现场不符，我的电话13800138000。",
}


@pytest.fixture
def notice_one(people, at):
    """`notice_one()` is a walk whose notice was published on Thursday, 31 May 2018."""

    def walked():
        w = walk(people, at("2018-05-14 09:00"), to=Stage.COMMITTED)
        w.until(at("2018-05-31 10:00"))
        return w.to(Stage.NOTICED)

    return walked


@pytest.fixture
def noticed(notice_one):
    """A walk whose notice was published on Thursday, 31 May 2018."""
    return notice_one()


@pytest.fixture
def words():
    """What somebody says against a notice."""
    return dict(OBJECTION)
