"""会后: who was there, who was silent or late, what silence came to, what is owed; and a contest of the roll."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.views.base import outcome
from core.deadlines.queries import calendar_or_none
from core.steps.limits import card
from core.steps.templatetags.look import deadline
from prereview import policies, services
from prereview.forms.standing import ContestRollForm, DecideRollForm
from prereview.models import Session
from prereview.queries.after import MARKS, SAID_MARKS, after
from prereview.queries.roll import contest_of, resting_on, roll_contest_until
from prereview.services.roll_contests import why_not_contested
from prereview.stages import Presence, Spoken
from prereview.views.base import InvitationStep, SessionStep
from prereview.views.words import what


def after_url(session: Session) -> str:
    """Return the address of a session's after-view."""
    return reverse("prereview:after", args=[session.public_id])


class AfterView(SessionStep):
    """会后一览."""

    template_name = "prereview/after.html"
    policy: Any = staticmethod(policies.holds_office)
    title = gettext_lazy("会后一览")
    http_method_names = ["get", "head", "options"]
    explain = gettext_lazy(
        "到会按记录列出；沉默的后果按期限列出；法定审批与意见无关，按文号和文件取得。"
    )

    def cases(self) -> Any:
        """Return the sessions with the copy of their roll."""
        return super().cases().select_related("book", "convenor__user", "roll_copy__paper")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the rows in words."""
        at = self.now()
        found = after(self.subject, self.acting, at)
        for row in found["rows"]:
            row["presence_label"] = Presence(row["presence"]).label if row["presence"] else ""
            row["presence_mark"] = MARKS.get(row["presence"], "awaited")
            for one in row["slots"]:
                _in_words(one)
        calendar = calendar_or_none(at)
        owed = [
            {"item": item, "limits": [card(limit, at, calendar) for limit in item.limits.all()]}
            for item in found["owed"]
        ]
        return super().get_context_data(
            **{**found, "owed": owed},
            counted=_figures(Presence.choices, found["counts"], ROLL),
            outcomes=_figures(Spoken.choices, found["said"], WORDS),
            copy=getattr(self.subject, "roll_copy", None),
            **kwargs,
        )


# What every session is asked about, even where there was none of it; what is rare is named only where there is some.
ROLL = (Presence.PRESENT, Presence.LATE, Presence.EXCUSED, Presence.ABSENT)
WORDS = (Spoken.GIVEN, Spoken.LATE, Spoken.SILENT, Spoken.DEFAULTED)


def _figures(choices: Any, counts: Any, always: Any) -> list[dict[str, Any]]:
    return [
        {"label": label, "value": counts.get(name, 0)}
        for name, label in choices
        if name in always or counts.get(name)
    ]


def _in_words(one: dict[str, Any]) -> None:
    opinion, said = one["opinion"], one["said"]
    one["what"] = what(one["slot"])
    one["mark"] = opinion.position if opinion else SAID_MARKS.get(said, "awaited")
    one["label"] = opinion.get_position_display() if opinion else Spoken(said).label


class RollStep(InvitationStep):
    """A step about a department's row of the roll."""

    def back_url(self) -> str:
        """Go back to the after-view."""
        return after_url(self.subject.session)


class ContestRoll(RollStep):
    """对到会记录提出异议."""

    policy = staticmethod(policies.head_of_department)
    title = gettext_lazy("对到会记录提出异议")
    verb = gettext_lazy("提出异议")
    form_class = ContestRollForm
    conditions = (policies.roll_not_contested,)
    explain = gettext_lazy(
        "每个部门只能提出一次，由召集人以外的人决定。决定以前不再以到会记录认定本单位缺席，已认定的默认在撤回以前有效；此时提出的意见按迟到意见保存，异议成立的作数。"
    )

    def reasons(self) -> list[str]:
        """Say when it is too early or too late."""
        found = super().reasons()
        late = why_not_contested(self.subject, self.now()) if not found else ""
        return [*found, late] if late else found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say until when, and what silence does."""
        until = roll_contest_until(self.subject.session, self.now())
        said = _("%(until)s前未提出异议的，以到会记录为准。")
        silence = said % {"until": deadline(until)} if until else ""
        return {**super().get_context_data(**kwargs), "silence": silence}

    def perform(self, data: dict[str, Any]) -> str:
        """Lodge it."""
        made = services.contest_roll(self.subject, by=self.acting, at=self.now(), **data)
        stands = resting_on(self.subject).exists()
        rest = _("已认定的默认在撤回以前有效。") if stands else _("决定以前不认定缺席。")
        then = _("由效能监督决定。")
        if made.due_at:
            then = _("效能监督%(until)s前决定。") % {"until": deadline(made.due_at)}
        return outcome(_("异议已提出。"), f"{then}{rest}")


class DecideRoll(RollStep):
    """决定对到会记录的异议."""

    policy = staticmethod(policies.supervisor)
    template_name = "prereview/decide_roll.html"
    title = gettext_lazy("决定对到会记录的异议")
    verb = gettext_lazy("作出决定")
    form_class = DecideRollForm
    conditions = (policies.roll_contest_is_open,)
    explain = gettext_lazy(
        "异议成立的，未认定的默认不再以缺席认定，由召集人重新送达；已认定的，由您提出撤回、召集人批准。"
    )

    def reasons(self) -> list[str]:
        """Say who may not decide."""
        apart = (
            policies.not_the_convenor(self.acting),
            policies.not_of_the_department(self.acting),
        )
        said = [str(one.reason) for one in apart if not one(self.subject)]  # type: ignore[attr-defined]
        return [*super().reasons(), *said]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what is contested."""
        return {**super().get_context_data(**kwargs), "contest": contest_of(self.subject)}

    def perform(self, data: dict[str, Any]) -> str:
        """Decide."""
        services.decide_roll_contest(self.subject, by=self.acting, at=self.now(), **data)
        if data["upheld"]:
            return outcome(_("异议成立，不以缺席论。"), _("已通知该部门和召集人。"))
        return outcome(_("异议不成立，到会记录有效。"), _("已通知该部门和召集人。"))
