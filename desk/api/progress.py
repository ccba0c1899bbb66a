"""办件进度查询 for programs: the same two words, the same answer, the same limit on guessing as on the page."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from approvals.api.filings import FILINGS
from approvals.stages import Stage
from core import clock
from core.steps.api import Endpoint
from core.steps.api.limits import Day
from core.steps.api.problems import MEDIA_TYPE, problem
from core.steps.tries import origin_of
from desk.queries.progress import progress
from desk.rules.progress import NOT_FOUND
from desk.services.progress import follow


class ProgressAsked(serializers.Serializer):
    """Number and query code of a filing; brackets, blanks, full width and small letters do not matter."""

    number = serializers.CharField(max_length=40)
    code = serializers.CharField(max_length=20)


class StripStep(serializers.Serializer):
    """One of the eleven steps."""

    number = serializers.IntegerField()
    label = serializers.CharField()
    state = serializers.ChoiceField(["done", "now", "next", "off", "stopped"])
    note = serializers.CharField()


class Awaited(serializers.Serializer):
    """Whose move it is, by institution, and what is waited for."""

    whose = serializers.CharField()
    what = serializers.CharField()


class GapLimit(serializers.Serializer):
    """A limit in short; `silence` says what happens if nothing is done."""

    label = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)
    provisional = serializers.BooleanField()
    suspended = serializers.BooleanField()
    light = serializers.ChoiceField(["green", "yellow", "red", "grey"])
    left = serializers.CharField(source="days_left_text")
    silence = serializers.CharField()


class RunningLimit(GapLimit):
    """A limit that runs, with its day table."""

    days = Day(source="rows", many=True)


class MaterialCounts(serializers.Serializer):
    """The papers of the file by their state; `later`: wanted, but not at filing."""

    wanted = serializers.IntegerField()
    later = serializers.IntegerField()
    received = serializers.IntegerField()
    accepted = serializers.IntegerField()
    returned = serializers.IntegerField()
    gaps = serializers.IntegerField()


class ReturnedMaterial(serializers.Serializer):
    """A paper that was sent back, and why."""

    material = serializers.CharField()
    reason = serializers.CharField()


class OpenGap(serializers.Serializer):
    """A paper that was promised for later."""

    material = serializers.CharField()
    state = serializers.CharField()
    limit = GapLimit()


class IssuedPaper(serializers.Serializer):
    """A paper issued to the enterprise; `check_url` only where it is public, `gone` why it stands no more."""

    title = serializers.CharField()
    number = serializers.CharField()
    issued_at = serializers.DateTimeField()
    check_url = serializers.CharField(allow_null=True)
    gone = serializers.CharField(allow_blank=True)


class Ending(serializers.Serializer):
    """How a case ended; where it is `contestable`, `paper` says why and how it is contested."""

    how = serializers.CharField()
    at = serializers.DateTimeField()
    paper = IssuedPaper(allow_null=True)
    contestable = serializers.BooleanField()


class ProgressShown(serializers.Serializer):
    """How a case stands, for whoever holds its two words: no person, no opinion, no file."""

    project = serializers.CharField()
    number = serializers.CharField()
    demonstration = serializers.BooleanField()
    stage = serializers.ChoiceField(Stage.choices)
    stage_label = serializers.CharField()
    since = serializers.DateTimeField()
    steps = StripStep(many=True)
    suspended_since = serializers.DateTimeField(allow_null=True)
    stopped_since = serializers.DateTimeField(allow_null=True)
    waiting = Awaited(allow_null=True)
    limits = RunningLimit(many=True)
    materials = MaterialCounts()
    returned = ReturnedMaterial(many=True)
    gaps = OpenGap(many=True)
    papers = IssuedPaper(many=True)
    ended = Ending(allow_null=True)


class Progress(Endpoint):
    """办件进度查询."""

    public = True
    keyed = (
        False  # a question: nothing changes, and no answer with a case in it is kept under a key
    )
    also = (429,)
    serializer_class = ProgressShown
    tag, title, operation = FILINGS.label, _("办件进度查询"), "progress_read"
    explain = _(
        "凭申报编号和查询码，不需要令牌。编号或者查询码不对，答复都一样（404）；连续输错的，过一刻钟再查（429）。"
    )

    def post(self, request: Request) -> Response:
        """Answer with how the case stands; the two words come in the body, so that no log keeps them."""
        asked = ProgressAsked(data=request.data)
        asked.is_valid(raise_exception=True)
        at = clock.now()
        found = follow(**asked.validated_data, origin=origin_of(request._request), at=at)  # noqa: SLF001 - the library's name for Django's request
        if found is None:
            body = problem(404, [str(NOT_FOUND)], instance=request.path)
            return Response(body, status=404, content_type=MEDIA_TYPE)
        shown = ProgressShown(progress(found, at)).data
        return Response(shown, headers={"Cache-Control": "no-store"})

    # — what the schema says ————————————————————————————————————————————————————

    def said(self, what: str, method: str) -> Any:
        """Return what is said of the address."""
        return getattr(self, what)

    def body_of(self, method: str) -> Any:
        """Return the body of the question."""
        return ProgressAsked

    def answers(self, method: str) -> dict[Any, Any]:
        """Return how a case stands."""
        return {200: ProgressShown}


ADDRESSES = [path("progress/", Progress.as_view(), name="progress")]
