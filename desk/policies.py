"""Who may do what with the catalogue, and what must be true of a draft first."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from accounts.policies import administrator, department, staff, supervisor, window
from accounts.stages import Role
from core.steps.reasons import because
from desk.stages import DraftState

if TYPE_CHECKING:
    from accounts.models import Membership
    from desk.models import CatalogueDraft

__all__ = ["administrator", "department", "staff", "supervisor", "window"]


def decides_catalogue(_thing: Any, by: "Membership | None") -> bool:
    """The supervisor, or another administrator than those who drafted it."""
    return administrator(None, by) or supervisor(None, by)


def reads_catalogue(_thing: Any, by: "Membership | None") -> bool:
    """The county's own staff: window, convenor, supervisor, administrator."""
    return by is not None and staff(None, by)


@because(_("这份草案已经提请签字或者已经结束，不能再改。要改的，请签字人退回。"))
def draft_is_open(draft: "CatalogueDraft") -> bool:
    """The draft can be changed."""
    return draft.state == DraftState.OPEN


@because(_("这份草案没有提请签字，或者已经决定。"))
def draft_is_proposed(draft: "CatalogueDraft") -> bool:
    """The draft waits for the second person."""
    return draft.state == DraftState.PROPOSED


@because(_("这份草案已经通过或者作废。"))
def draft_is_undecided(draft: "CatalogueDraft") -> bool:
    """The draft is neither adopted nor withdrawn."""
    return draft.state in (DraftState.OPEN, DraftState.PROPOSED)


def decided_by_another(by: "Membership", hands: set[int]) -> Callable[[Any], bool]:
    """Return the condition that a person neither proposed nor changed the draft; `hands` are the users who did."""

    @because(_("起草、修改或者提请的人不能自己签字，须由另一人签字。"))
    def another(_draft: "CatalogueDraft") -> bool:
        return by.user_id not in hands

    return another


def of_office(_thing: Any, by: "Membership | None") -> bool:
    """The window with its convenor, and the supervisor: those who answer for a case before a court."""
    return window(None, by) or supervisor(None, by)


def takes_evidence(_thing: Any, by: "Membership | None") -> bool:
    """Whoever may have to prove something of the case: its enterprise, its departments, the window, the supervisor."""
    return (
        of_office(None, by)
        or department(None, by)
        or (by is not None and by.role == Role.ENTERPRISE)
    )
