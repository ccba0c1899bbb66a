"""How far a long import or export has come, for whoever waits for it: told beside the database, never in it.

What is written in a transaction is seen by nobody before it stands; how far it has come is therefore said in a small
file of its own, which is gone when the work is over. It promises nothing: only the answer says what was done.
"""

import json
import re
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from django.conf import settings

TOKEN: Final = re.compile(r"[0-9a-f]{32}")
CHECKING, WRITING, EXPORTING = "checking", "writing", "exporting"
EVERY: Final = 500  # rows between two words
NOTHING: Final[dict[str, Any]] = {"phase": "", "done": 0, "all": None}


class Watch:
    """What is told under a token that the waiting page has chosen; nobody but the same person reads it."""

    def __init__(self, user: int, token: str) -> None:
        self.place = _place(user, token)

    def tell(self, phase: str, done: int, total: int | None) -> None:
        """Say that so many rows of so many (None: nobody has counted) are done."""
        self.place.parent.mkdir(parents=True, exist_ok=True)
        made = self.place.with_suffix(".new")
        made.write_text(json.dumps({"phase": phase, "done": done, "all": total}))
        made.replace(self.place)

    def done(self) -> None:
        """The work is over, well or not."""
        self.place.unlink(missing_ok=True)


def _place(user: int, token: str) -> Path:
    return Path(settings.INCOMING_DIR) / f"{int(user)}-{token}.watch"


def seen(user: int, token: str) -> dict[str, Any]:
    """Return how far a person's work has come; nothing before it begins and after its end."""
    if TOKEN.fullmatch(token):
        with suppress(OSError, ValueError):
            found: dict[str, Any] = json.loads(_place(user, token).read_text())
            return found
    return dict(NOTHING)


def forget_watches(before: float) -> None:
    """Remove what a broken-off work has left, older than an instant in seconds of the epoch."""
    for left in Path(settings.INCOMING_DIR).glob("*.watch"):
        with suppress(OSError):
            if left.stat().st_mtime < before:
                left.unlink()
