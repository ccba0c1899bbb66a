"""A list of the API as a file for a spreadsheet: the rows of the list, with its filters, all of them at once."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from core import clock
from core.documents.sheets import CSV, TYPES, Sheet, handed_out
from core.steps.api.files import AnyType
from core.steps.api.reading import Listing
from core.steps.watching import watch_of

FORM = OpenApiParameter(
    "form",
    {"type": "string", "enum": sorted(TYPES), "default": CSV},
    OpenApiParameter.QUERY,
    description=gettext_lazy("文件的格式。"),
)


WATCH = OpenApiParameter(
    "watch", str, description=gettext_lazy("32位十六进制，自定；以它在 /watch/ 查询进展。")
)


class Export(Listing):
    """A list as a file; `sheet` makes the table of its rows. It stands beside the list, at `export/`."""

    listed = True
    pagination_class: Any = None
    renderer_classes = (AnyType,)
    asks: Any = (FORM, WATCH)
    explain = gettext_lazy("与清单同样的行、同样的筛选，一次全部；单元格不会被当作公式。")

    def sheet(self, rows: Any) -> Sheet:
        """Return the rows as a table."""
        raise NotImplementedError

    def form(self, request: Request) -> str:
        """Return the form that is asked for; ValidationError for one that there is none of."""
        form = request.query_params.get("form", CSV)
        if form not in TYPES:
            raise ValidationError({"form": [_("格式只有 csv 和 xlsx。")]})
        return form

    def get(self, request: Request) -> Any:
        """Hand the file out."""
        form = self.form(request)
        rows = self.filter_queryset(self.get_queryset()).order_by("-pk")
        return handed_out(self.sheet(rows), form, at=clock.now(), watch=watch_of(request))

    def said(self, what: str, method: str) -> Any:
        """Name the address after its things."""
        if what == "operation":
            return self.operation or f"{self.things.one}_export"
        return getattr(self, what)

    def answers(self, method: str) -> dict[Any, Any]:
        """Return the types that can come."""
        kinds = [kind.partition(";")[0] for kind in TYPES.values()]
        return {(200, kind): OpenApiTypes.BINARY for kind in kinds}
