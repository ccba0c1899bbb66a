"""What docs/openapi.yaml says of an address: every answer that can come, the problems among them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from core.steps.api.problems import KINDS, MEDIA_TYPE

KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[A-Za-z0-9_-]{16,64}$"},
    OpenApiParameter.HEADER,
    required=True,
    description=_("自选的键，重发同一请求时不变；30 天内同一个键只生效一次。"),
)


# How far a database's integers reach: no promise of ours, and not the same on every engine.
REACH = {32767, 2147483647, 9223372036854775807, -32768, -2147483648, -9223372036854775808}


def without_the_engine(result: Any, **_context: Any) -> Any:
    """Take out of a schema what only the database at hand says of its integers."""
    if isinstance(result, list):
        return [without_the_engine(part) for part in result]
    if not isinstance(result, dict):
        return result
    kept = {name: without_the_engine(part) for name, part in result.items()}
    for name in ("maximum", "minimum"):
        if isinstance(kept.get(name), int) and kept[name] in REACH:
            del kept[name]
    if kept.get("format") == "int64":
        del kept["format"]
    return kept


class Problem(serializers.Serializer):
    """A no (RFC 9457): `reasons` are sentences for the person, `errors` the same by field of the body."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField()
    reasons = serializers.ListField(child=serializers.CharField())
    errors = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()), allow_empty=True
    )


class Described(AutoSchema):
    """The schema of our endpoints, read from what they say of themselves."""

    def get_operation_id(self) -> str:
        """Return the name of the operation."""
        return str(self.view.said("operation", self.method))

    def get_tags(self) -> list[str]:
        """Return the group."""
        return [str(self.view.tag)]

    def get_summary(self) -> str:
        """Return the verb as it stands on the button of the page."""
        return str(self.view.said("title", self.method))

    def get_description(self) -> str:
        """Return one or two sentences more."""
        return str(self.view.said("explain", self.method))

    def get_override_parameters(self) -> list[Any]:
        """Add the key of a step, and what a question names behind its mark."""
        if self.method == "POST":
            return [KEY] if self.view.keyed else []
        asks = getattr(self.view, "asks", None) or ()
        return [*asks] if isinstance(asks, tuple) else [asks]

    def get_request_serializer(self) -> Any:
        """Return the body of a step."""
        return self.view.body_of(self.method)

    def get_response_serializers(self) -> Any:
        """Return the answer and every problem."""
        return {
            **self.view.answers(self.method),
            **{
                (status, MEDIA_TYPE): OpenApiResponse(Problem, description=str(KINDS[status][1]))
                for status in self._problems()
            },
        }

    def _problems(self) -> list[int]:
        view = self.view
        found = {404, 405, 406, *view.also}
        if not view.public:
            found |= {401, 403}
        if self.method == "POST":
            found |= {400, 409, 413, 415, 422}
        elif self._is_list():
            found.add(422)
        if view.get_throttles():
            found.add(429)
        return sorted(found)

    def _is_list(self) -> bool:
        return bool(getattr(self.view, "listed", False)) and self.method == "GET"

    def _is_list_view(self, serializer: Any = None) -> bool:
        """Lists are pages; a whole table says of itself that it has rows."""
        rows = isinstance(serializer, serializers.ListSerializer)
        whole = isinstance(serializer, Problem | OpenApiTypes)
        return rows or (self._is_list() and not whole)
