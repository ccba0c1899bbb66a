"""A split over departments and their join: all that this project holds."""

import os
from typing import Any

from viewflow import this
from viewflow.workflow import flow, lock

DEPARTMENTS = int(os.environ["DEPARTMENTS"])


def nodes() -> dict[str, Any]:
    """Return the parts of the flow: start, a task for each department, a join, and the end."""
    split, found = flow.Split(), {"start": flow.StartHandle().Next(this.split)}
    for number in range(DEPARTMENTS):
        split = split.Next(getattr(this, f"department_{number}"))
        found[f"department_{number}"] = flow.Handle().Next(this.join)
    found |= {"split": split, "join": flow.Join().Next(this.end), "end": flow.End()}
    return found | {"lock_impl": lock.SelectForUpdateLock(), "__module__": __name__}


Round = type("Round", (flow.Flow,), nodes())
