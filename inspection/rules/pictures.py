"""Pictures of time without a script: where a day lies on a line, and whose a stage's days are. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from approvals.stages import S

WIDTH, LEAST = 640, 3  # of the line and of a bar, in units of the picture
MOST_TICKS = 8
ENTERPRISE, WINDOW, DEPARTMENTS, PUBLIC = "enterprise", "window", "departments", "public"
WHOSE = {
    S.SUBMITTED: WINDOW, S.LISTED: ENTERPRISE, S.RECEIVED: WINDOW, S.CORRECTING: ENTERPRISE, S.ACCEPTED: WINDOW,
    S.SURVEYING: DEPARTMENTS, S.PREREVIEWING: DEPARTMENTS, S.COMMITTING: ENTERPRISE, S.COMMITTED: WINDOW,
    S.NOTICED: PUBLIC, S.CLEARED: DEPARTMENTS, S.START_NOTIFIED: ENTERPRISE, S.BUILDING: ENTERPRISE,
    S.ACCEPTING: DEPARTMENTS, S.AMENDING: ENTERPRISE,
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A line from one day through another."""

    first: date
    last: date

    def x(self, day: date) -> int:
        """Return where a day begins on the line, 0 through WIDTH; what lies outside is put at its end."""
        days = (self.last - self.first).days + 1
        return round(min(max((day - self.first).days, 0), days) * WIDTH / days)

    def bar(self, start: date, end: date) -> tuple[int, int]:
        """Return where a bar of both days begins and how wide it is; it is always to be seen."""
        x = self.x(start)
        return x, max(LEAST, self.x(end + timedelta(days=1)) - x)

    def ticks(self) -> list[tuple[int, date]]:
        """Return the first days of months on the line, at most as many as can be read."""
        found = list(self._months())
        step = -(-len(found) // MOST_TICKS) or 1
        return [(self.x(day), day) for day in found[::step]]

    def _months(self) -> Iterator[date]:
        day = self.first.replace(day=1)
        while day <= self.last:
            if day >= self.first:
                yield day
            day = (day + timedelta(days=32)).replace(day=1)
