"""双随机抽取 for programs, open to everybody: the draws, and all that is needed to repeat one."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core import clock
from core.documents.sheets import Sheet
from core.steps.api import Export, Listing, Things
from inspection.models import Draw
from public_notice.api.notices import LABEL
from public_notice.queries.draws import draws_in_public, head_of, marks_over, sheet_of_draws


class PublicDraw(serializers.ModelSerializer):
    """A draw as the public reads it; where it is `opened`, `data` holds what is needed to repeat it."""

    projects = serializers.SerializerMethodField()
    drawn = serializers.SerializerMethodField()
    digest = serializers.SerializerMethodField()
    reason = serializers.SerializerMethodField()
    opened = serializers.SerializerMethodField()
    data = serializers.SerializerMethodField()

    class Meta:
        model = Draw
        fields = (
            "id", "quarter", "turn", "reason", "drawn_at", "algorithm", "digest", "projects", "drawn", "opened", "data",
        )  # fmt: skip

    def _head(self, draw: Draw) -> dict[str, Any]:
        at = clock.now()
        if "marks_over" not in self.context:
            self.context["marks_over"] = marks_over(at)
        return head_of(draw, at, self.context["marks_over"])

    def get_projects(self, draw: Draw) -> int | None:
        """Return how many projects were under construction; nothing where a mark of theirs is over."""
        return self._head(draw)["projects"]  # type: ignore[no-any-return]

    def get_drawn(self, draw: Draw) -> int | None:
        """Return how many were drawn; nothing before the draw is opened."""
        return self._head(draw)["drawn"]  # type: ignore[no-any-return]

    def get_digest(self, draw: Draw) -> str:
        """Return the digest of the list; empty where a mark in it is over."""
        return str(self._head(draw)["digest"])

    def get_reason(self, draw: Draw) -> str:
        """Return why it was drawn anew, masked as everywhere."""
        return str(self._head(draw)["reason"])

    def get_opened(self, draw: Draw) -> bool:
        """Return whether seed, list and result are public."""
        return bool(self._head(draw)["opened"])

    def get_data(self, draw: Draw) -> str:
        """Return where the data of the draw are."""
        return f"/draws/{draw.quarter}/{draw.turn}/data/"


def _draws(_by: Any) -> Any:
    return draws_in_public()


DRAWS = Things("public-draws", "public_draw", LABEL, Draw, _draws, PublicDraw)


class PublicDraws(Listing):
    """双随机抽取."""

    things = DRAWS
    public = True
    title = _("双随机抽取公开清单")


class PublicDrawExport(Export):
    """The draws as a file."""

    things = DRAWS
    public = True
    title = _("导出双随机抽取公开清单")

    def sheet(self, rows: Any) -> Sheet:
        """Return the table of the page."""
        return sheet_of_draws(rows, clock.now())


ADDRESSES = [
    path("public-draws/", PublicDraws.as_view(), name="public_draw_list"),
    path("public-draws/export/", PublicDrawExport.as_view(), name="public_draw_export"),
]
