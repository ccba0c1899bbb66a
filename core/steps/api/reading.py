"""Reading by the API: a list in pages, one thing in full, a table that is whole."""

from typing import Any

from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.request import Request
from rest_framework.response import Response

from core.deadlines.counting import load_interruptions
from core.deadlines.models import Timed
from core.steps.api.paging import Keyset
from core.steps.api.step import Takes


class Listing(Takes):
    """A list, newest first, narrowed by its filters; with a `step` that opens a new thing, it takes that, too.

    `rows` adds to what a person may see what each row shows: the number of queries is that of one row.
    """

    listed = True
    things: Any = None
    filter_backends = (DjangoFilterBackend,)
    pagination_class = Keyset

    @property
    def tag(self) -> Any:  # type: ignore[override]
        """Group the list with its things."""
        return self.things.label

    def rows(self, seen: Any) -> Any:
        """Return the rows with what they show."""
        return seen

    def get_queryset(self) -> Any:
        """Return what the person may see."""
        if getattr(self, "swagger_fake_view", False):
            return self.things.model._default_manager.none()
        return self.rows(self.things.seen(self.by))

    def get_serializer_class(self) -> Any:
        """Show rows as the thing is shown."""
        return self.things.shown

    def get(self, request: Request) -> Response:
        """Return one page."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        load_interruptions(row for row in page or () if isinstance(row, Timed))
        assert self.paginator is not None
        return self.paginator.get_paginated_response(self.get_serializer(page, many=True).data)

    @property
    def allowed_methods(self) -> list[str]:
        """Offer POST only where a step opens something."""
        return [m for m in super().allowed_methods if m != "POST" or self.step is not None]

    def post(self, request: Request, **named: Any) -> Response:
        """Open a new thing; a list without such a step takes no POST."""
        if self.step is None:
            self.http_method_not_allowed(request)
        return super().post(request, **named)

    def said(self, what: str, method: str) -> Any:
        """Name the list after its things."""
        if method == "GET" and what == "operation":
            return self.operation or f"{self.things.one}_list"
        return super().said(what, method)

    def answers(self, method: str) -> dict[Any, Any]:
        """Return a page, or what was opened."""
        return {200: self.things.shown} if method == "GET" else super().answers(method)


class One(Takes):
    """One thing in full, shown by `serializer_class`."""

    things: Any = None
    http_method_names = ["get", "head", "options"]

    @property
    def tag(self) -> Any:  # type: ignore[override]
        """Group the thing with its kind."""
        return self.things.label

    def get(self, request: Request, **named: Any) -> Response:
        """Return the thing."""
        found = self.things.find(self.by, among=self.whole(), **named)
        return Response(self.shown_by()(found, context=self.get_serializer_context()).data)

    def whole(self) -> Any:
        """Return what may be seen, with what one thing in full shows; None: as it is found for its steps."""
        return None

    def shown_by(self) -> Any:
        """Return the serializer."""
        return self.serializer_class or self.things.shown

    def said(self, what: str, method: str) -> Any:
        """Name the address after the thing."""
        return (
            (self.operation or f"{self.things.one}_read")
            if what == "operation"
            else getattr(self, what)
        )

    def answers(self, method: str) -> dict[Any, Any]:
        """Return the thing."""
        return {200: self.shown_by()}


class Table(Takes):
    """A table that is whole: `table` returns what `serializer_class` shows, many of it with `many`."""

    http_method_names = ["get", "head", "options"]
    also: tuple[int, ...] = (409,)  # where no edition is in force yet
    many = False

    def table(self, by: Any) -> Any:
        """Return what is shown to a person."""
        raise NotImplementedError

    def get(self, request: Request) -> Response:
        """Return the table."""
        made = self.table(self.by)
        context = self.get_serializer_context()
        return Response(self.serializer_class(made, many=self.many, context=context).data)

    def said(self, what: str, method: str) -> Any:
        """Return what the address says of itself."""
        return getattr(self, what)

    def answers(self, method: str) -> dict[Any, Any]:
        """Return the table."""
        return {200: self.serializer_class(many=self.many)}
