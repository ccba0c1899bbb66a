"""Stage 3 on one page: the enterprise hands in, the window checks, each paper in its place."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import ProhibitNullCharactersValidator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.forms.steps import ENDINGS, PromiseForm
from approvals.models import Gap, Material, Standing
from approvals.policies import checks_material, disposes, own_enterprise, sees, window
from approvals.rules import limits
from approvals.rules.tolerance import DECLARATION
from approvals.services import (
    check_all_fine,
    check_gap,
    check_material,
    promise_gap,
    upload_materials,
    use_standing,
)
from approvals.services.files import MOST_FILES
from approvals.services.tolerance import why_barred
from approvals.stages import MaterialState, NeededBy, Stage
from approvals.views.base import CaseStep
from approvals.views.deadlines import card
from approvals.views.material_rows import asks, rows_by_need
from core.documents.receiving import whole
from core.steps.offers import offered
from core.steps.reasons import NotNow

STEPS = ("acknowledge", "hand_in", "hand_in_correction", "accept", "ask_correction", "refuse")
# At which step of the strip which papers are at hand; the others are one line each.
OPENED_AT = {
    2: NeededBy.INTAKE,
    3: NeededBy.INTAKE,
    4: NeededBy.PREREVIEW,
    5: NeededBy.PREREVIEW,
    6: NeededBy.PAPER,
    7: NeededBy.PAPER,
    8: NeededBy.PAPER,
    9: NeededBy.ACCEPTANCE,
    10: NeededBy.ACCEPTANCE,
}
DIGITS = 18  # of a key, at most
SENT = "sent-"  # a file that was sent before, piece by piece


class Materials(CaseStep):
    """材料: one page, an anchor for each; every act is a small form that works without scripts."""

    template_name = "approvals/materials.html"
    policy = staticmethod(sees)
    rules = (limits.ACCEPTANCE.code, limits.STATUTORY_ACCEPTANCE.code, limits.CORRECTION.code)
    title = gettext_lazy("申报材料")
    touched: Material | None = None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do one thing with one paper (or check all at once); a refusal stays beside the paper with what was typed."""
        act = ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        material = self.material_of(request.POST.get("material", ""))
        if material is None and act not in WITHOUT_ONE:
            raise Http404
        try:
            said = act(self, material)
        except NotNow as refusal:
            return self._refused(self.touched or material, refusal.reasons, 409)
        except ValidationError as error:
            return self._refused(self.touched or material, error.messages, 422)
        messages.success(request, said)
        material = self.touched or material
        here = reverse("approvals:materials", args=[self.subject.public_id])
        return HttpResponseRedirect(f"{here}#m{material.pk}" if material else here)

    def material_of(self, pk: str) -> Material | None:
        """Return a paper of this filing; 404 for one of another."""
        if not pk.isdecimal() or len(pk) > DIGITS:
            return None
        return get_object_or_404(self.subject.materials.select_related("filing"), pk=int(pk))

    def chosen(self) -> Iterator[tuple[Material, UploadedFile]]:
        """Yield every file that was chosen on the page, or sent before piece by piece, with its paper."""
        for key, files in self.request.FILES.lists():
            yield from ((self._paper(key.removeprefix("file-")), upload) for upload in files)
        for key, tokens in self.request.POST.lists():
            if key.startswith(SENT):
                material = self._paper(key.removeprefix(SENT))
                if len(tokens) > MOST_FILES:  # each opens a file
                    raise ValidationError(
                        _("一件材料最多%(n)d个文件，请合并后再传。") % {"n": MOST_FILES}
                    )
                once = dict.fromkeys(tokens)
                yield from ((material, whole(token, by=self.acting)) for token in once)

    def _paper(self, pk: str) -> Material:
        material = self.material_of(pk)
        if material is None:
            raise Http404
        return material

    def adds_to(self, material: Material) -> bool:
        """Tell whether the present files of a paper stay beside the new ones."""
        return f"add-{material.pk}" in self.request.POST

    def _refused(self, material: Material | None, reasons: list[str], status: int) -> HttpResponse:
        self.refusal = {
            "pk": material.pk if material else None,
            "name": str(material) if material else "",
            "reasons": reasons,
            "typed": self.request.POST.get("reason", ""),
            "day": self.request.POST.get("by_day", ""),
        }
        return self.render_to_response(self.get_context_data(form=None), status=status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the papers by when they are needed, and the steps that follow."""
        filing = self.subject
        groups = self._groups()
        intake = [
            row for group in groups if group["key"] == NeededBy.INTAKE for row in group["rows"]
        ]
        return super().get_context_data(
            groups=groups,
            offers=offered(filing, self.acting, STEPS),
            missing=sum(
                row["material"].state in (MaterialState.WANTED, MaterialState.RETURNED)
                for row in intake
            ),
            unchecked=sum(row["may_check"] and row["has_file"] for row in intake),
            mine=own_enterprise(filing, self.acting),
            reviewing=window(filing, self.acting) and filing.stage == Stage.RECEIVED,
            refusal=getattr(self, "refusal", None),
            endings=ENDINGS,
            barred=why_barred(filing, self.now()) if own_enterprise(filing, self.acting) else [],
            declaration=DECLARATION,
            may_promise=any(row["may_promise"] for group in groups for row in group["rows"]),
            **kwargs,
        )

    def _groups(self) -> list[dict[str, Any]]:
        filing = self.subject
        rows = rows_by_need(filing, self.acting)
        refused = getattr(self, "refusal", {}).get("pk")
        opened = {OPENED_AT.get(filing.step, ""), self.request.GET.get("open", "")}
        return [
            {
                "key": key,
                "label": NeededBy(key).label,
                "rows": found,
                "opened": key in opened or asks(found, refused),
            }
            for key, found in rows.items()
            if found
        ]


def _need(page: Materials, policy: Callable[[Any, Any], bool]) -> None:
    if not policy(page.subject, page.acting):
        raise PermissionDenied


def _may_check(page: Materials, material: Material) -> None:
    if not checks_material(material, page.acting):
        raise PermissionDenied


def _typed(page: Materials) -> str:
    reason = page.request.POST.get("reason", "").strip()
    if len(reason) > Material._meta.get_field("reason").max_length:  # type: ignore[operator]
        raise ValidationError(_("理由最多300字。"))
    ProhibitNullCharactersValidator()(reason)
    return reason


def _upload(page: Materials, material: Material | None) -> str:
    """Keep every file that was chosen on the page, each for its paper; none, if one cannot be taken."""
    _need(page, own_enterprise)
    uploads = list(page.chosen())
    if not uploads:
        raise ValidationError(_("请选择要上传的文件。"))
    adding = {wanted.pk for wanted, _upload in uploads if page.adds_to(wanted)}
    try:
        done = upload_materials(
            page.subject,
            uploads=uploads,
            adding=adding,
            by=page.acting,
            at=page.now(),
        )
    except (NotNow, ValidationError) as refusal:
        page.touched = getattr(refusal, "about", None)
        raise
    page.touched = done[-1]
    return _("已上传：%(names)s。") % {"names": _("、").join(str(one) for one in done)}


def _use(page: Materials, material: Material) -> str:
    """Hand in what the enterprise keeps at hand; its agent does, too."""
    _need(page, own_enterprise)
    key = page.request.POST.get("standing", "")
    if not key.isdecimal() or len(key) > DIGITS:
        raise Http404
    kept = get_object_or_404(Standing, enterprise_id=page.subject.enterprise_id, pk=int(key))
    done = use_standing(material, standing=kept, by=page.acting, at=page.now())
    return _("已用常备材料交：%(name)s。以后换新，不影响本件。") % {"name": done}


def _promise(page: Materials, material: Material) -> str:
    _need(page, disposes)
    promised = PromiseForm(page.request.POST)
    if not promised.is_valid():
        raise ValidationError([said for errors in promised.errors.values() for said in errors])
    gap = promise_gap(
        material, reason=_typed(page), **promised.cleaned_data, by=page.acting, at=page.now()
    )
    until = card(gap, page.now())
    return _("已承诺补交：%(name)s。%(silence)s") % {"name": material, "silence": until["silence"]}


def _fine(page: Materials, material: Material) -> str:
    _may_check(page, material)
    check_material(material, fine=True, by=page.acting, at=page.now())
    return _("已核收：%(name)s。") % {"name": material}


def _return(page: Materials, material: Material) -> str:
    _may_check(page, material)
    check_material(material, fine=False, reason=_typed(page), by=page.acting, at=page.now())
    if material.needed_by != NeededBy.INTAKE:
        return _("已退回并告知企业：%(name)s。") % {"name": material}
    return _("已标为需补正：%(name)s。“一次告知补正”后企业才会收到。") % {"name": material}


def _fine_all(page: Materials, material: Material | None) -> str:
    _need(page, window)
    done = check_all_fine(page.subject, by=page.acting, at=page.now())
    return _("已核收%(n)d件材料。") % {"n": len(done)}


def _gap_fine(page: Materials, material: Material) -> str:
    _need(page, window)
    check_gap(get_object_or_404(Gap, material=material), fine=True, by=page.acting, at=page.now())
    return _("容缺材料已补齐：%(name)s。") % {"name": material}


def _gap_wrong(page: Materials, material: Material) -> str:
    _need(page, window)
    gap = get_object_or_404(Gap, material=material)
    check_gap(gap, fine=False, reason=_typed(page), by=page.acting, at=page.now())
    return _("已告知企业再次补正：%(name)s。") % {"name": material}


WITHOUT_ONE = (_upload, _fine_all)
ACTS: dict[str, Callable[[Materials, Any], str]] = {
    "upload": _upload,
    "use": _use,
    "promise": _promise,
    "fine": _fine,
    "return": _return,
    "fine_all": _fine_all,
    "gap_fine": _gap_fine,
    "gap_wrong": _gap_wrong,
}
