"""Who is told what becomes of a default: that it is contested, decided, proposed to be withdrawn, withdrawn."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import lazy

from accounts.models import Membership
from accounts.queries import holders, people_of
from accounts.stages import Role
from approvals.queries.people import enterprise_side
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.templatetags.look import deadline_long
from prereview.models import Contest, Slot, Withdrawal


def _names(slot: Slot) -> dict[str, Any]:
    def what() -> str:
        return str(slot.item.label if slot.item else slot.get_kind_display())

    return {
        "project": slot.filing.project_name,
        "department": slot.department,
        "what": lazy(what, str)(),
    }


def _say(slot: Slot, people: Any, sentence: Any, about: str, at: datetime) -> None:
    tell(people, sentence, about=about, at=at, link=f"/opinions/{slot.pk}/proof/")


def _parties(slot: Slot, at: datetime) -> list[Membership]:
    """Return the department and the enterprise, and who convened."""
    day = timezone.localdate(at)
    found = [*people_of([slot.department_id], day), *enterprise_side(slot.filing, day)]
    return [*found, slot.agenda.session.convenor]


def tell_contest(contest: Contest, at: datetime) -> None:
    """Tell the convenor that a default is contested, and until when it is to be decided."""
    slot = contest.opinion.slot
    names = {**_names(slot), "until": lazy(deadline_long, str)(contest.due_at)}
    sentence = _("%(project)s：%(department)s对“%(what)s”的默认提出异议，请在%(until)s前决定")
    about = f"contest:{contest.pk}"
    _say(slot, [slot.agenda.session.convenor], sentence % names, about, at)


def tell_contest_decided(contest: Contest, at: datetime) -> None:
    """Tell the department what was decided."""
    slot = contest.opinion.slot
    names = {**_names(slot), "result": lazy(contest.get_result_display, str)()}
    people = people_of([slot.department_id], timezone.localdate(at))
    sentence = _("%(project)s：对“%(what)s”默认的异议：%(result)s") % names
    _say(slot, people, sentence, f"contest:{contest.pk}:decided", at)


def tell_contest_overdue(contest: Contest, at: datetime) -> None:
    """Tell the supervisor that nobody has decided."""
    slot = contest.opinion.slot
    people = holders(Role.SUPERVISOR, timezone.localdate(at))
    sentence = _("%(project)s：%(department)s对默认的异议逾期未决定") % _names(slot)
    _say(slot, people, sentence, f"contest:{contest.pk}:overdue", at)


def tell_proposed(withdrawal: Withdrawal, at: datetime) -> None:
    """Ask the second person for their word: a supervisor; of what a supervisor proposed, who convened as well."""
    slot = withdrawal.opinion.slot
    people = list(holders(Role.SUPERVISOR, timezone.localdate(at)))
    if withdrawal.proposed_by.role == Role.SUPERVISOR:
        asked = [*people, slot.agenda.session.convenor]
        people = [one for one in asked if one.user_id != withdrawal.proposer_id]
    sentence = _("%(project)s：拟撤回%(department)s“%(what)s”的默认，请批准或者不批准")
    _say(slot, people, sentence % _names(slot), f"withdrawal:{withdrawal.pk}", at)


def tell_refused(withdrawal: Withdrawal, at: datetime) -> None:
    """Tell the department and the convenor that the default stands."""
    slot = withdrawal.opinion.slot
    people = [
        *people_of([slot.department_id], timezone.localdate(at)),
        slot.agenda.session.convenor,
    ]
    sentence = _("%(project)s：撤回%(department)s“%(what)s”的默认未获批准，默认继续有效")
    _say(slot, people, sentence % _names(slot), f"withdrawal:{withdrawal.pk}:refused", at)


def tell_withdrawn(withdrawal: Withdrawal, at: datetime) -> None:
    """Tell the department, the enterprise and the convenor that the default is withdrawn."""
    slot = withdrawal.opinion.slot
    sentence = _("%(project)s：%(department)s“%(what)s”的默认已撤回") % _names(slot)
    _say(slot, _parties(slot, at), sentence, f"withdrawal:{withdrawal.pk}:done", at)
