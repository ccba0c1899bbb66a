"""What a meeting resolves besides opinions: how contradictions are settled, and who does what until when."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.functional import lazy

from accounts.models import Membership, Organisation
from accounts.queries import people_of
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import act, permit
from core.steps.reasons import NotNow, require
from core.steps.templatetags.look import date_long
from prereview import policies
from prereview.models import ActionPoint, AgendaItem, Settlement
from prereview.services.conclusion import held
from prereview.stages import DraftState

DAY = lazy(date_long, str)  # a message is written in both languages, its dates too


def _not_being_read(agenda: AgendaItem) -> None:
    """Refuse to change what the room is reading, or what stands in the paper already."""
    require(agenda, policies.not_concluded)
    if agenda.drafts.filter(state=DraftState.READ).exists():
        raise NotNow([_("纪要稿已经宣读，正等待记录人确认：要改的，请先退回或者收回。")])


@transaction.atomic
def settle_conflict(
    agenda: AgendaItem, *, item: str, reasons: str, by: Membership, at: datetime
) -> Settlement:
    """处理分歧: by the convenor, with reasons, on an item (its code) on which departments contradict each other."""
    agenda = held(agenda)
    permit(agenda, policies.convenor, by=by, at=at)
    _not_being_read(agenda)
    if not reasons.strip():
        raise ValidationError({"reasons": _("请写明处理意见和理由。")})
    found = agenda.filing.items.filter(code=item).first()
    opinions = agenda.unsettled_conflicts().get(found.pk) if found else None
    if found is None or opinions is None:
        raise NotNow([_("这个事项没有待处理的分歧。")])
    act(
        agenda, "settle_conflict", policy=policies.convenor, by=by, at=at, filing=agenda.filing.number,
        item=item, reasons=reasons, opinions=len(opinions),
    )  # fmt: skip
    return Settlement.objects.create(
        agenda=agenda, item=found, opinions=opinions, reasons=reasons, settled_by=by, settled_at=at
    )


def owners(agenda: AgendaItem) -> list[Organisation]:
    """Return who can be charged with something: the departments summoned, the convenor's office, the enterprise."""
    summoned = agenda.session.invitations.values("department_id")
    offices = Organisation.objects.filter(pk__in=summoned).order_by("code")
    return [*offices, agenda.session.convenor.organisation, agenda.filing.enterprise]


@transaction.atomic
def add_action(
    agenda: AgendaItem,
    *,
    text: str,
    owner: Organisation,
    due_on: date,
    by: Membership,
    at: datetime,
) -> ActionPoint:
    """列入行动清单: by the convenor or the recorder, before the minutes; who owes it finds it on the desk."""
    agenda = held(agenda)
    permit(agenda, policies.keeps_the_room, by=by, at=at)
    _not_being_read(agenda)
    if not text.strip():
        raise ValidationError({"text": _("请写明做什么。")})
    if due_on < timezone.localdate(at):
        raise ValidationError({"due_on": _("期限不能早于今天。")})
    if owner.pk not in {one.pk for one in owners(agenda)}:
        raise ValidationError({"owner": _("责任单位须是到会部门、召集单位或者申报企业。")})
    act(
        agenda, "add_action", policy=policies.keeps_the_room, by=by, at=at, filing=agenda.filing.number,
        text=text, owner=owner.code, due_on=due_on,
    )  # fmt: skip
    added = ActionPoint.objects.create(
        agenda=agenda, text=text, owner=owner, due_on=due_on, added_by=by, added_at=at
    )
    tell(
        people_of([owner.pk], timezone.localdate(at)),
        _("%(project)s：%(until)s前完成“%(text)s”")
        % {"project": agenda.filing.project_name, "until": DAY(due_on), "text": text},
        about=f"action:{added.pk}",
        at=at,
        link="/actions/",
    )
    return added


def _open(action: ActionPoint) -> ActionPoint:
    held(action.agenda)
    found = ActionPoint.objects.select_related(
        "agenda__session__convenor", "agenda__filing", "owner"
    )
    action = found.get(pk=action.pk)
    require(action, policies.action_is_open)
    return action


@transaction.atomic
def finish_action(action: ActionPoint, *, note: str, by: Membership, at: datetime) -> ActionPoint:
    """完成行动事项: by whose it is, with what was done; the convenor is told."""
    permit(action, policies.owes_the_action, by=by, at=at)
    action = _open(action)
    if not note.strip():
        raise ValidationError({"note": _("请写明办理情况。")})
    act(
        action, "finish_action", policy=policies.owes_the_action, by=by, at=at,
        filing=action.agenda.filing.number, text=action.text, note=note,
    )  # fmt: skip
    action.done_at, action.done_by, action.note = at, by, note
    action.save()
    tell(
        [action.agenda.session.convenor],
        _("%(owner)s已完成“%(text)s”") % {"owner": action.owner, "text": action.text},
        about=f"action:{action.pk}:done",
        at=at,
        link="/actions/",
    )
    return action


@transaction.atomic
def drop_action(action: ActionPoint, *, reason: str, by: Membership, at: datetime) -> ActionPoint:
    """删去行动事项: what was put on the list by mistake, before it stands in the minutes."""
    permit(action.agenda, policies.keeps_the_room, by=by, at=at)
    action = _open(action)
    _not_being_read(action.agenda)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})
    act(
        action.agenda, "drop_action", policy=policies.keeps_the_room, by=by, at=at,
        filing=action.agenda.filing.number, text=action.text, reason=reason,
    )  # fmt: skip
    action.dropped_at = at
    action.save()
    return action
