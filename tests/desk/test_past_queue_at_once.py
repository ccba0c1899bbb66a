"""Two confirmations at the same moment: one file waits for the worker, the other is told so."""

import pytest

from core import clock
from core.steps.reasons import NotNow
from desk.models import PastLoad
from desk.services.past_queue import queue_past
from tests.conftest import everybody
from tests.core.threads import at_once, shared_database
from tests.desk.test_past import NOW, book
from tests.desk.test_past_queue import put_down


@pytest.mark.parametrize("files", [1, 2], ids=["the same file", "two files"])
def test_one_of_two_waits(transactional_db, settings, tmp_path, files):
    settings.INCOMING_DIR, settings.MEDIA_ROOT = tmp_path / "incoming", tmp_path / "files"
    by = everybody().administrator
    first = put_down(by)
    tokens = [first, first if files == 1 else put_down(by, book({}))]

    def ask(token):
        with clock.driven(NOW):
            return queue_past(token=token, rows=3, by=by, at=NOW)

    with shared_database(tmp_path):
        said = at_once(*(lambda token=token: ask(token) for token in tokens))
    assert {type(one) for one in said} == {PastLoad, NotNow}
