"""The map of the API: what each desk offers to programs, its schema, and a page to read it and try it on."""

from functools import lru_cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

import approvals.api
import desk.api
import inspection.api
import prereview.api
import public_notice.api

# Addresses of lists before those of things, or `filings/export/` would be a filing of that name.
VERSION_1 = sorted(
    [
        *desk.api.ADDRESSES,
        *approvals.api.ADDRESSES,
        *prereview.api.ADDRESSES,
        *inspection.api.ADDRESSES,
        *public_notice.api.ADDRESSES,
    ],
    key=lambda entry: "<" in str(entry.pattern),
)


class Schema(SpectacularAPIView):
    """docs/openapi.yaml as it is served: it holds no data, so anyone may read it."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(exclude=True)
    def get(self, request: Request, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Answer in the reader's language, as YAML or JSON; what is asked in the address changes nothing."""
        form: BaseRenderer = request.accepted_renderer  # type: ignore[attr-defined]
        written = _written(get_language() or "", str(form.format))
        shown = {"Content-Disposition": f'inline; filename="chengnuo.{form.format}"'}
        return HttpResponse(written, content_type=form.media_type, headers=shown)


@lru_cache(maxsize=16)
def _written(language: str, form: str) -> bytes:
    """Write the schema once for each language and form: half a second that anybody could ask for."""
    with override(language):
        found = SchemaGenerator().get_schema(request=None, public=True)
        writers: dict[str, BaseRenderer] = {one.format: one() for one in Schema.renderer_classes}  # type: ignore[attr-defined]
        return bytes(writers[form].render(found, renderer_context={}))


@login_not_required
@require_safe
def swagger(request: HttpRequest) -> HttpResponse:
    """Show the schema with the packaged Swagger files; steps are tried in the reader's own session or token."""
    return render(request, "api/swagger.html")


schema = Schema.as_view()
urlpatterns = [
    path("v1/", ([*VERSION_1], "api", "api")),
    path("schema/", schema, name="api_schema"),
    path("docs/", swagger, name="api_docs"),
]
