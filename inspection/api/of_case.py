"""What the desk's things share: they are those of the filings a person may see."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from approvals.models import Filing

LABEL = _("建设与联合验收")


def of_case(model: Any, *related: str, by: str = "filing") -> Callable[[Any], Any]:
    """Return what finds the things of the filings a person may see; `by` leads from the thing to its filing."""

    def seen(person: Any) -> Any:
        filings = Filing.objects.visible_to(person).order_by().values("pk")
        return model.objects.filter(**{f"{by}__in": filings}).select_related(by, *related)

    return seen


class WithFile(serializers.Serializer):
    """What is said, with a file where there is one."""

    text = serializers.CharField(max_length=2000)
    upload = serializers.FileField(max_length=200, required=False)
