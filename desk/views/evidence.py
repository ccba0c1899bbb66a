"""证据包: the packs of a case with how far each is, and the form that asks for one."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from approvals.models import Filing
from approvals.views.base import case_url
from core.steps.views import StepView
from desk import policies
from desk.forms.evidence import EvidenceForm
from desk.queries.evidence import packs_of, provable, shown_packs
from desk.services.evidence import ask_evidence
from desk.stages import PackState

PAUSE = 3  # seconds after which a page that tells a progress asks again by itself, without a script
MOST = 50


class Evidence(StepView):
    """证据包."""

    template_name = "desk/evidence.html"
    form_class = EvidenceForm
    title = gettext_lazy("证据包")
    verb = gettext_lazy("制作证据包")
    explain = gettext_lazy(
        "一个 ZIP 文件：文书、送达凭证、逐日计算、所用各版规则、台账节录、检查点和核对程序。"
        "任何人不用本系统、不联网，都能逐项核对，并重新推算每一件默认。"
    )

    def cases(self) -> Any:
        """Return the cases the person sees."""
        return Filing.objects.visible_to(self.acting)

    def allowed(self) -> bool:
        """Whoever may have to prove something of the case."""
        return policies.takes_evidence(self.subject, self.acting)

    def reasons(self) -> list[str]:
        """Say when there is nothing to prove."""
        if not self.subject.number:
            return [_("还没有申报，没有可以取证的内容。")]
        if self.for_department and not self.defaults.exists():
            return [_("本件没有认定过你单位的默认，没有可以取证的内容。")]
        return []

    @property
    def for_department(self) -> bool:
        """Whether a department asks: for its own defaults only."""
        return policies.department(None, self.acting)

    @property
    def defaults(self) -> Any:
        """The outcomes of silence that can be proven."""
        return provable(self.subject, self.acting)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer what there is."""
        office, whole = policies.of_office(None, self.acting), not self.for_department
        return {
            **super().get_form_kwargs(),
            "defaults": self.defaults,
            "office": office,
            "whole": whole,
        }

    def get_initial(self) -> dict[str, Any]:
        """Begin with the default whose page the person comes from."""
        return {"default": self.request.GET.get("default")}

    def perform(self, data: dict[str, Any]) -> str:
        """Ask for it."""
        pack = ask_evidence(
            self.subject, default=data["default"], purpose=data.get("purpose", ""), by=self.acting, at=self.now()
        )  # fmt: skip
        if pack.state == PackState.DONE:
            return _("这个证据包已经制成，内容没有变化，可以直接下载。")
        return _("已经排队，后台制作；制成后在本页下载，可以离开本页。")

    def get_success_url(self) -> str:
        """Stay where the pack will be."""
        return reverse("desk:evidence", args=[self.subject.public_id])

    def back_url(self) -> str:
        """Return the address of the case."""
        return case_url(self.subject)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the packs, and whether one is being made."""
        packs = list(shown_packs(self.acting).filter(filing=self.subject)[:MOST])
        waits = any(pack.open for pack in packs)
        # A page that asks again by itself would take away what somebody is typing.
        asks = (
            not waits
            or self.request.method == "POST"
            or bool({"ask", "default"} & {*self.request.GET})
        )
        return super().get_context_data(packs=packs, waits=waits, asks=asks, pause=PAUSE, **kwargs)


@require_safe
def evidence_file(request: HttpRequest, pk: int) -> FileResponse:
    """Hand out a pack to whom it was made for; 404 until it is made."""
    acting: Any = request.acting  # type: ignore[attr-defined]
    if acting is None:
        raise PermissionDenied
    made = get_object_or_404(
        packs_of(acting).filter(state=PackState.DONE).select_related("filing"), pk=pk
    )
    answer = FileResponse(
        made.file.open("rb"), as_attachment=True, filename=made.handed_as, content_type="application/zip"
    )  # fmt: skip
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
