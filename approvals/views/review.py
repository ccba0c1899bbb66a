"""逐件核收: the answers, the papers with what is in them, and the list, side by side; one save for all decisions."""

import secrets
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import prefetch_related_objects
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from approvals.models import Filing
from approvals.policies import window
from approvals.queries import preview
from approvals.queries.answers import answers_said
from approvals.rules import limits
from approvals.services import review_materials
from approvals.services.review import MOST_REASON, Decision, gap_is_possible
from approvals.services.tolerance import why_barred
from approvals.stages import MaterialState, NeededBy, Stage, Then, Verdict
from approvals.views.base import CaseStep, case_url, just_issued, outcome
from approvals.views.deadlines import silences
from approvals.views.intake import DECIDED_IN_TIME
from approvals.views.material_rows import rows_by_need
from core.steps.api.step import KEY
from core.steps.idempotency import KeyReused, fingerprint, once
from core.steps.reasons import NotNow

VERDICT, REASON, SEEN = "verdict-", "reason-", "seen-"
DIGITS = 18  # of a key, at most
# What is wrong most often, each with the digit that says it; the notice is Chinese, the page says it in its language.
USUAL = (
    gettext_noop("缺页或者不完整"),
    gettext_noop("看不清楚"),
    gettext_noop("没有盖章或者签字"),
    gettext_noop("已经过期"),
    gettext_noop("与问卷回答不一致"),
)


class Review(CaseStep):
    """One page for a clerk with all papers of a filing before them; a plain form, quicker by keys."""

    template_name = "approvals/review.html"
    policy = staticmethod(window)
    rules = DECIDED_IN_TIME
    judged_as = "check_material"
    title = gettext_lazy("逐件核收材料")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save all decisions or none; sent twice it happens once, and a refusal keeps what was decided."""
        if not self.allowed():
            raise PermissionDenied
        try:
            said = self._save()
        except NotNow as refusal:
            return self._refused(refusal, refusal.reasons, 409)
        except ValidationError as refusal:
            return self._refused(refusal, refusal.messages, 422)
        messages.success(request, said)
        here = reverse("approvals:review", args=[self.subject.public_id])
        return HttpResponseRedirect(case_url(self.subject) if self._then() else here)

    def _then(self) -> str:
        return self.request.POST.get("then", "")

    def _save(self) -> str:
        key = self.request.POST.get("key", "")
        if not KEY.fullmatch(key) or self._then() not in Then.values:
            raise ValidationError(_("页面不完整，请重新打开再办。"))
        at, by = self.now(), self.acting
        sent = {name: value for name, value in self.request.POST.items() if name[:4] != "csrf"}
        said = fingerprint(by.pk, self.request.path, sent)
        try:
            reply = once(f"user:{by.user_id}", key, said, at=at, act=self._act)
        except KeyReused:
            raise NotNow(
                [_("这一页的决定已经保存过；请重新打开页面，在新的情况下再决定。")]
            ) from None
        return str(reply.body)

    def _act(self) -> tuple[int, str]:
        decisions = self._decisions()
        filing = review_materials(
            self.subject, decisions=decisions, then=self._then(), by=self.acting, at=self.now()
        )
        return 200, _happened(filing, len(decisions), self._then())

    def _decisions(self) -> list[Decision]:
        given = self.request.POST
        found = []
        for name, verdict in given.items():
            pk = name.removeprefix(VERDICT)
            if name.startswith(VERDICT) and verdict:
                if verdict not in Verdict.values or not pk.isdecimal() or len(pk) > DIGITS:
                    raise ValidationError(_("页面不完整，请重新打开再办。"))
                reason = given.get(f"{REASON}{pk}", "").strip()
                if len(reason) > MOST_REASON or "\0" in reason:
                    raise ValidationError(_("理由最多%(n)d字。") % {"n": MOST_REASON})
                found.append(Decision(int(pk), verdict, reason, given.get(f"{SEEN}{pk}", "")))
        return found

    def _refused(self, refusal: Any, reasons: list[str], status: int) -> HttpResponse:
        self.refusal = {"reasons": reasons, "about": getattr(refusal, "about", {})}
        self.subject = self.find()
        return self.refuse(Form(), status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the three columns, and what was typed where it was refused."""
        filing: Filing = self.subject
        groups = rows_by_need(filing, self.acting)
        rows = [row for group in groups.values() for row in group if _before_the_window(row)]
        receiving = filing.stage == Stage.RECEIVED
        barred = bool(receiving and why_barred(filing, self.now()))
        for row in rows:
            possible = gap_is_possible(row["material"], row["gap"])
            row.update(self._typed(row), gap_offered=possible and not barred)
        return super().get_context_data(
            rows=rows,
            chosen=self._chosen(rows),
            answers=self._answers(),
            listed=self._listed(groups),
            refusal=getattr(self, "refusal", None),
            key=secrets.token_urlsafe(24),
            usual=USUAL,
            most=MOST_REASON,
            receiving=receiving,
            deciding=any(row["decides"] for row in rows),
            waiting=sum(row["decides"] and row["material"].state != "accepted" for row in rows),
            **kwargs,
        )

    def _typed(self, row: dict[str, Any]) -> dict[str, Any]:
        material, given = row["material"], self.request.POST
        stale = material.pk in getattr(self, "refusal", {}).get("about", {})
        fine = row["has_file"] and material.state != MaterialState.ACCEPTED
        unseen = given.get(f"{SEEN}{material.pk}", material.standing) != material.standing
        return {
            "decides": row["may_check"] or row["may_check_gap"],
            "stands": _stands(row),
            "fine": fine and not material.withheld,
            # What was decided over something that has changed since is decided anew, with the words at hand.
            "verdict": "" if unseen else given.get(f"{VERDICT}{material.pk}", ""),
            "typed": given.get(f"{REASON}{material.pk}", ""),
            "wrong": stale and self.refusal["about"][material.pk],
        }

    def _chosen(self, rows: list[dict[str, Any]]) -> int:
        """Return the paper that is open: the one asked for, the first that was refused, or the first that waits."""
        asked = self.request.GET.get("m", "")
        waits = (MaterialState.RECEIVED, MaterialState.WANTED)
        ranked = sorted(
            rows,
            key=lambda row: (
                str(row["material"].pk) != asked,
                not row["wrong"],
                not (row["decides"] and row["material"].state in waits),
            ),
        )
        return ranked[0]["material"].pk if ranked else 0

    def _answers(self) -> list[dict[str, Any]]:
        filing: Filing = self.subject
        edition = filing.catalogue
        if edition is None:
            return []
        return answers_said(preview(filing.answers, edition), edition, filing.answers)

    def _listed(self, groups: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
        items = list(self.subject.items.all())
        prefetch_related_objects(items, "department__names")
        papers = [row for group in groups.values() for row in group]
        return [
            {"item": item, "rows": [row for row in papers if item in row["items"]]}
            for item in items
        ]


def _stands(row: dict[str, Any]) -> str:
    """Say what a paper without a new decision means for what follows: done, back, left to decide, or of no account."""
    material = row["material"]
    if row["later"]:
        return "outside"
    if material.state == MaterialState.RETURNED:
        return "back"
    if material.state in (MaterialState.ACCEPTED, MaterialState.GAP):
        return "done"
    return "left" if material.needed_by == NeededBy.INTAKE else "beside"


def _before_the_window(row: dict[str, Any]) -> bool:
    """What the acceptance needs, and whatever else was handed in and waits for the window."""
    at_intake = row["material"].needed_by == NeededBy.INTAKE
    shown = row["material"].state != MaterialState.DEPENDENCY
    return (at_intake and shown) or row["may_check"] or row["may_check_gap"]


def _happened(filing: Filing, count: int, then: str) -> str:
    """Say what was done, what comes next and whose move it is."""
    saved = _("已保存%(n)d件材料的决定。") % {"n": count} if count else ""
    if then == Then.CORRECT:
        turn = silences(filing, limits.CORRECTION.code) + _("轮到企业。")
        return outcome(saved + _("已一次告知补正。"), turn, just_issued(filing))
    if then == Then.ACCEPT:
        what = _("已容缺受理。") if filing.tolerated else _("已受理。")
        silence = silences(filing, limits.SURVEY.code)
        turn = _("召集联合勘察；%(silence)s轮到召集人。") % {"silence": silence}
        return outcome(saved + what, turn, just_issued(filing))
    if filing.stage == Stage.RECEIVED:
        return outcome(saved, _("退回的还没有告知企业：看完以后“一次告知补正”。"))
    return outcome(saved)
