"""现场检查: the inspector's page for a telephone that may have no network, and its forms for who has no scripts."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from approvals.models import Clause
from approvals.views.base import case_url, outcome
from approvals.views.device import ALLOWED
from core import clock
from core.steps.reasons import not_yours
from inspection import policies
from inspection.forms.onsite import CheckPhotoForm, SiteHoldForm, StatementForm
from inspection.models import Check
from inspection.queries.checks import checks_seen
from inspection.queries.onsite import photos_counted, statement_of
from inspection.queries.works import clauses_of, rectification_days
from inspection.services import enter_check_photo, take_statement
from inspection.services.apart import why_not_inspector
from inspection.views.base import person
from inspection.views.checks import CheckStep


def own_clauses(check: Check) -> list[Clause]:
    """Return the clauses that a check looks at."""
    return list(clauses_of(check.filing).filter(checked_by=check.department_id))


class CheckSite(View):
    """One check, made for a telephone; the people of its department alone."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the page; a fixed number of queries, however much was entered."""
        by = person(request)
        check = get_object_or_404(checks_seen(by), pk=pk)
        if not policies.own_department(check, by):
            raise not_yours(check, by)
        answer = render(request, "inspection/site.html", self.page(check, by))
        answer["Permissions-Policy"] = ALLOWED
        return answer

    def page(self, check: Check, by: Any) -> dict[str, Any]:
        """Return the context of the page."""
        clauses, photos, said = own_clauses(check), photos_counted(check), statement_of(check)
        own = {"person": by.pk}
        known = [str(one.uid) for one in (*photos, *([said] if said else []))]
        return {
            "check": check,
            "photos": photos,
            "said": said,
            "person": by.pk,
            "back_url": case_url(check.filing),
            "reasons": self.reasons(check, by),
            "photo": CheckPhotoForm(clauses=clauses, initial=own, auto_id="photo_%s"),
            "statement": StatementForm(initial=own, auto_id="statement_%s"),
            "hold": self.hold(check, clauses, {**own, "covers": " ".join(known)}),
        }

    @staticmethod
    def hold(check: Check, clauses: list[Clause], initial: dict[str, Any]) -> SiteHoldForm | None:
        """Return the form of the check itself; None once it was held or called off."""
        if not check.open:
            return None
        least, most = rectification_days(check.filing, clock.now())
        named = {f"officer_{n}": one["name"] for n, one in enumerate(check.officers, start=1)}
        return SiteHoldForm(
            clauses=clauses, least=least, most=most, initial={**initial, **named}, auto_id="hold_%s"
        )

    @staticmethod
    def reasons(check: Check, by: Any) -> list[str]:
        """Say why nothing can be entered here."""
        asked = (
            (policies.check_was_not_called_off, check),
            (policies.works_are_on, check.filing),
        )
        found = [str(one.reason) for one, thing in asked if not one(thing)]  # type: ignore[attr-defined]
        own = why_not_inspector(check.filing, by)
        return [*found, own] if own else found


class EntryView(CheckStep):
    """A form of the page, for who has no scripts."""

    conditions = (policies.check_was_not_called_off,)

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the form at hand: it says what the device said."""
        self.form = form
        return super().form_valid(form)

    def get_initial(self) -> dict[str, Any]:
        """Say whose entry it is."""
        return {"person": self.acting.pk}

    def reasons(self) -> list[str]:
        """Say why nothing can be entered."""
        return CheckSite.reasons(self.subject, self.acting)

    def get_success_url(self) -> str:
        """Go back to the page."""
        return reverse("inspection:check_site", args=[self.subject.pk])

    def entered(self, entry: Any, said: Any) -> str:
        """Say what became of an entry: on the record, or kept beside it."""
        if entry.counted:
            return outcome(said)
        return outcome(said, _("检查已经记录：这条只作留存，不写入检查记录。"))


class PhotoView(EntryView):
    """上传检查照片."""

    title = gettext_lazy("上传检查照片")
    verb = gettext_lazy("上传照片")
    form_class = CheckPhotoForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the department's clauses."""
        return {**super().get_form_kwargs(), "clauses": own_clauses(self.subject)}

    def perform(self, data: dict[str, Any]) -> str:
        """Keep the photograph."""
        done = enter_check_photo(
            self.subject, mark=self.form.mark(), upload=data["upload"], clause=data["clause"],
            sha256=data["sha256"], by=self.acting, at=self.now(),
        )  # fmt: skip
        return self.entered(done, _("照片已存卷，摘要 %(digest)s…") % {"digest": done.sha256[:12]})


class StatementView(EntryView):
    """记录被检查人陈述."""

    title = gettext_lazy("记录被检查人陈述")
    verb = gettext_lazy("记录陈述")
    form_class = StatementForm

    def perform(self, data: dict[str, Any]) -> str:
        """Keep what was said."""
        done = take_statement(
            self.subject, mark=self.form.mark(), said=self.form.said(), upload=data["upload"],
            sha256=data["sha256"], drawn=data["drawn"], by=self.acting, at=self.now(),
        )  # fmt: skip
        words = {"state": done.get_signing_display()}
        return self.entered(done, _("陈述已记录：%(state)s。") % words)
