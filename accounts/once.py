"""Read once: what a batch asks again for each of its rows (the county, an office, an edition) is asked the first time.

Inside `reading_once()` a read that is marked `once` is answered with what it was answered before, for the same
arguments. It belongs into one transaction of bounded size; outside of one every read is a read.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

Read = TypeVar("Read", bound=Callable[..., Any])
Found = TypeVar("Found")
_kept: ContextVar[dict[Any, Any] | None] = ContextVar("read_once", default=None)


@contextmanager
def reading_once() -> Iterator[None]:
    """Keep what is read inside; one batch within another reads what that one has read."""
    if _kept.get() is not None:
        yield
        return
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def shared(key: tuple[Any, ...], make: Callable[[], Found]) -> Found:
    """Return what a batch has made under a key, which names all that it is made of; outside of a batch make it."""
    if (kept := _kept.get()) is None:
        return make()
    if (found := kept.get(key)) is None:
        found = kept[key] = make()
    return found  # type: ignore[no-any-return]


def once(read: Read) -> Read:
    """Mark a read whose answer does not change within a batch; its arguments are plain values or lists of them."""

    @wraps(read)
    def asked(*args: Any) -> Any:
        if (kept := _kept.get()) is None:
            return read(*args)
        try:
            return kept[read, args]
        except KeyError:
            found = kept[read, args] = read(*args)
            return found
        except TypeError:  # a list has no hash
            key = read, tuple(tuple(arg) if isinstance(arg, list) else arg for arg in args)
            if key not in kept:
                kept[key] = read(*args)
            return kept[key]

    return asked  # type: ignore[return-value]
