"""The map of the API: what each desk offers to programs, its schema, and a page to read it and try it on."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny

import approvals.api
import desk.api
import inspection.api
import prereview.api
import public_notice.api

VERSION_1 = [
    *desk.api.ADDRESSES,
    *approvals.api.ADDRESSES,
    *prereview.api.ADDRESSES,
    *inspection.api.ADDRESSES,
    *public_notice.api.ADDRESSES,
]


class Schema(SpectacularAPIView):
    """docs/openapi.yaml as it is served: it holds no data, so anyone may read it."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


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
