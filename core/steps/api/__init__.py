"""The kit of the API: a step, a list and one thing, each said in a few lines by the desk it belongs to."""

from core.steps.api.endpoint import Endpoint
from core.steps.api.exporting import Export
from core.steps.api.paging import Keyset
from core.steps.api.reading import Listing, One, Table
from core.steps.api.step import Step, StepEndpoint, addresses
from core.steps.api.things import Things
from core.steps.api.throttles import OriginThrottle

__all__ = [
    "Endpoint",
    "Export",
    "Keyset",
    "Listing",
    "One",
    "OriginThrottle",
    "Step",
    "StepEndpoint",
    "Table",
    "Things",
    "addresses",
]
