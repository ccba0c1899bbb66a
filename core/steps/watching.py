"""The progress that a request is watched by: `watch=` and a token, chosen by the page or program that waits."""

from collections.abc import Callable
from typing import Any

from core.documents.watching import TOKEN, Watch

NAME = "watch"


def watch_of(request: Any) -> Watch | None:
    """Return where to tell how far a request's work has come; None where nobody asked to be told."""
    token = request.GET.get(NAME) or request.POST.get(NAME, "")
    if not TOKEN.fullmatch(token) or not request.user.is_authenticated:
        return None
    return Watch(request.user.pk, token)


def told_to(watch: Watch | None, phase: str) -> Callable[[int, int], None] | None:
    """Return what a service calls with rows done and rows in all; None where nobody waits."""
    if watch is None:
        return None

    def tell(done: int, total: int) -> None:
        watch.tell(phase, done, total)

    return tell


def over(watch: Watch | None) -> None:
    """The work is over, well or not."""
    if watch is not None:
        watch.done()
