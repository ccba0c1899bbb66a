"""Keyset paging: a page begins after a row, so nothing is skipped or told twice while new rows come in."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

SIZE, MOST = 50, 100
DIGITS = 18  # what a key of the database can hold


class Keyset(BasePagination):
    """Newest first, by the key the database gave; `after` names the last row one has."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """Return one page; `view.things` says by which field a row is named."""
        self.request, self.key = request, view.things.key
        size = self._size(request.query_params.get("size", str(SIZE)))
        if after := request.query_params.get("after"):
            queryset = queryset.filter(pk__lt=self._place(after, view))
        rows = list(queryset.order_by("-pk")[: size + 1])
        self.more = len(rows) > size
        return rows[:size]

    def _size(self, asked: str) -> int:
        plain = asked.isascii() and asked.isdecimal() and len(asked) <= DIGITS
        if not (plain and 1 <= int(asked) <= MOST):
            raise ValidationError({"size": [_("每页 1 至 %(most)s 条。") % {"most": MOST}]})
        return int(asked)

    def _place(self, after: str, view: Any) -> int:
        """Return the key of the named row: looked up among all a person may see, not only what is filtered."""
        number = self.key == "pk"
        named = after.isascii() and (
            after.isdecimal() and len(after) <= DIGITS if number else after.isalnum()
        )
        seen = view.things.seen(view.by)
        pk = (
            seen.filter(**{self.key: after}).values_list("pk", flat=True).first() if named else None
        )
        if pk is None:
            raise ValidationError({"after": [_("没有这一条，请用上一页的 next。")]})
        return int(pk)

    def get_paginated_response(self, data: Any) -> Response:
        """Return the rows with the address of the next page."""
        following = None
        if self.more:
            last = data[-1]["id"]
            following = replace_query_param(self.request.build_absolute_uri(), "after", last)
        return Response({"next": following, "results": data})

    def get_paginated_response_schema(self, schema: Any) -> dict[str, Any]:
        """Describe a page."""
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {
                "next": {"type": ["string", "null"], "format": "uri"},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Describe the two parameters."""
        number = {"type": "integer", "minimum": 1, "maximum": MOST, "default": SIZE}
        after: dict[str, Any] = {"type": "string", "minLength": 1}
        size_said, after_said = gettext_lazy("每页几条"), gettext_lazy("从这一条之后开始（其 id）")
        return [
            {"name": "after", "in": "query", "schema": after, "description": str(after_said)},
            {"name": "size", "in": "query", "schema": number, "description": str(size_said)},
        ]
