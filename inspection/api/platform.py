"""What the credit platform takes, for programs of the county's staff."""

from django.core.exceptions import PermissionDenied
from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.policies import staff
from core import clock
from core.steps.api import Table
from inspection.api.of_case import LABEL
from inspection.queries.platform import for_the_platform


class Handed(serializers.Serializer):
    """The whole file, in the format of docs/credit-export.md."""

    format = serializers.CharField()
    county = serializers.DictField()
    made_at = serializers.DateTimeField()
    records = serializers.ListField(child=serializers.DictField())
    marks = serializers.ListField(child=serializers.DictField())


class CreditPlatform(Table):
    """报送信用平台."""

    serializer_class = Handed
    operation = "credit_platform_read"
    tag = LABEL
    title = _("报送信用平台的文件")
    explain = _("践诺记录和失信认定，按调用时的状态；格式见文档。")

    def get(self, request: Request) -> Response:
        """Return what the page hands out."""
        if not staff(None, self.by):
            raise PermissionDenied
        return Response(for_the_platform(clock.now()))


ADDRESSES = [path("credit-platform/", CreditPlatform.as_view(), name="credit_platform_read")]
