"""Handing out a file: its bytes as they are kept, or a problem."""

from typing import Any

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from core.steps.api.reading import One


class AnyType(JSONRenderer):
    """Whatever is asked for: the file has its own type, and a problem is written as JSON."""

    media_type = "*/*"


class Download(One):
    """The content of one thing; `kept` returns file, name and type."""

    renderer_classes = (AnyType,)
    types: tuple[str, ...] = ()

    def kept(self, thing: Any) -> tuple[Any, str, str]:
        """Return the file, its name and its type; NotNow where it is not there yet."""
        raise NotImplementedError

    def get(self, request: Request, **named: Any) -> Any:
        """Hand the file out, to be saved and never shown in a page."""
        file, name, content_type = self.kept(self.things.find(self.by, **named))
        answer = FileResponse(
            file.open("rb"), as_attachment=True, filename=name, content_type=content_type
        )
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Cache-Control"] = "private, no-store"
        return answer

    def answers(self, method: str) -> dict[Any, Any]:
        """Return the types that can come."""
        return {(200, *self.types): OpenApiTypes.BINARY}
