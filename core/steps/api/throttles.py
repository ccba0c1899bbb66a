"""How often an address may be asked by one caller who has no token."""

from rest_framework.request import Request
from rest_framework.throttling import ScopedRateThrottle

from core.steps.tries import origin_of


class OriginThrottle(ScopedRateThrottle):
    """Counts by where a request really comes from; the library would believe whatever the caller forwards."""

    def get_ident(self, request: Request) -> str:
        """Return the origin, as the guards against guessing know it."""
        return origin_of(request)
