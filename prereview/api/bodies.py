"""What a program sends with a step of a session or an opinion; the fields are the arguments of the service."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.models import Membership, Organisation
from accounts.stages import Kind
from approvals.models import ChecklistItem, Filing
from approvals.stages import BY_HAND
from core.steps.api.named import Key
from prereview.models import Session
from prereview.services import Decision
from prereview.stages import GIVEN, Authority, Conclusion, Position, SessionKind

MANY = 50
MOST_MINUTES = 600


def _words(most: int, *, needed: bool = False) -> serializers.CharField:
    if needed:
        return serializers.CharField(max_length=most)
    return serializers.CharField(max_length=most, required=False, allow_blank=True, default="")


def _of(*positions: Position) -> serializers.ChoiceField:
    return serializers.ChoiceField([(p.value, p.label) for p in positions])


class Call(serializers.Serializer):
    """Which filings, when and where."""

    kind = serializers.ChoiceField(SessionKind.choices)
    filings = serializers.ListField(
        child=serializers.SlugField(max_length=12), min_length=1, max_length=MANY
    )
    opens_at = serializers.DateTimeField()
    place = _words(120)
    room = _words(20)
    minutes = serializers.IntegerField(required=False, min_value=0, max_value=MOST_MINUTES)
    stops = serializers.ListField(
        child=serializers.DateTimeField(), required=False, allow_null=True, max_length=MANY
    )


class Move(serializers.Serializer):
    """To when and where, and why; what is not said stays as it was."""

    opens_at = serializers.DateTimeField()
    reason = _words(300, needed=True)
    place = _words(120)
    room = _words(20)
    minutes = serializers.IntegerField(required=False, min_value=0, max_value=MOST_MINUTES)


class AddDepartment(serializers.Serializer):
    """Which department by its code, why, and on what: items of a meeting by their ids, stops of a survey by theirs."""

    department = _words(20, needed=True)
    reason = _words(300, needed=True)
    items = serializers.ListField(child=Key(), required=False, max_length=MANY)
    agenda = serializers.ListField(child=Key(), required=False, max_length=MANY)


def added(session: Session, data: dict[str, Any], _by: Membership) -> dict[str, Any]:
    """Find the department, the items and the stops; what is unknown is an error of the body."""
    found = Organisation.objects.filter(code=data["department"], kind=Kind.DEPARTMENT).first()
    if found is None:
        raise ValidationError({"department": _("没有这个部门。")})
    items = ChecklistItem.objects.filter(filing__agenda_items__session=session)
    return {
        "department": found,
        "reason": data["reason"],
        "items": _all(items, data.get("items", []), "items"),
        "agenda": _all(session.agenda.all(), data.get("agenda", []), "agenda"),
    }


def _all(rows: Any, wanted: list[int], name: str) -> list[Any]:
    found = rows.in_bulk(wanted)
    if strange := [str(pk) for pk in wanted if pk not in found]:
        said = {"ids": "、".join(strange)}
        raise ValidationError({name: _("本会次没有：%(ids)s。") % said})
    return [found[pk] for pk in dict.fromkeys(wanted)]


class RouteStop(serializers.Serializer):
    """One stop of a route and when it is reached."""

    agenda = Key()
    planned_at = serializers.DateTimeField()


class Route(serializers.Serializer):
    """Every stop of the survey, in the order in which they are visited."""

    stops = RouteStop(many=True, allow_empty=False)


def routed(session: Session, data: dict[str, Any], _by: Membership) -> dict[str, Any]:
    """Find the stops."""
    wanted = [stop["agenda"] for stop in data["stops"]]
    return {
        "order": _all(session.agenda.all(), wanted, "stops"),
        "times": [stop["planned_at"] for stop in data["stops"]],
    }


class Away(serializers.Serializer):
    """A day on which the department cannot come, and why."""

    day = serializers.DateField()
    reason = _words(120, needed=True)


class QuestionBody(serializers.Serializer):
    """What is asked."""

    text = _words(500, needed=True)


class AnswerBody(serializers.Serializer):
    """The answer, to who asked or to all that are summoned."""

    answer = _words(1000, needed=True)
    to_all = serializers.BooleanField(default=False)


def chosen(_nothing: None, data: dict[str, Any], by: Membership) -> dict[str, Any]:
    """Find the filings by their ids; one that is unknown or not theirs is an error of the body."""
    wanted = dict.fromkeys(data["filings"])
    found = {f.public_id: f for f in Filing.objects.visible_to(by).filter(public_id__in=wanted)}
    if strange := [name for name in wanted if name not in found]:
        raise ValidationError(
            {"filings": _("没有找到申报件：%(ids)s。") % {"ids": "、".join(strange)}}
        )
    return {**data, "filings": [found[name] for name in wanted]}


class Representative(serializers.Serializer):
    """Who comes: name and office."""

    representative = _words(60, needed=True)


class CheckIn(serializers.Serializer):
    """Who is here, and by what authority; blank keeps the name that was announced."""

    representative = _words(60)
    authority = serializers.ChoiceField(
        Authority.choices, required=False, allow_blank=True, default=""
    )
    upload = serializers.FileField(max_length=200, required=False)


class Excuse(serializers.Serializer):
    """Why nobody can come, whom the department would send instead, and the paper that shows the ground."""

    ground = _words(40, needed=True)
    text = _words(300, needed=True)
    substitute = _words(60)
    upload = serializers.FileField(max_length=200, required=False)


class DecideExcuse(serializers.Serializer):
    """Granted or refused; a refusal says why."""

    granted = serializers.BooleanField()
    reason = _words(300)
    substitute = _words(60)
    opinion_by = serializers.DateField(required=False, allow_null=True, default=None)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """Want a reason for a refusal."""
        if not data["granted"] and not data["reason"].strip():
            raise serializers.ValidationError({"reason": [_("不准假的，必须写明理由。")]})
        return data


class SecondChannel(serializers.Serializer):
    """Service on paper or by telephone: with its proof, or an attempt that reached nobody with what happened."""

    channel = serializers.ChoiceField([(c.value, c.label) for c in BY_HAND])
    received = serializers.BooleanField(default=True)
    received_by = _words(60)
    witness = _words(60)
    note_text = _words(200)
    upload = serializers.FileField(max_length=200, required=False)


class OpinionBody(serializers.Serializer):
    """One opinion; a disagreement needs reason and clause, conditions are said one by one."""

    position = _of(*GIVEN)
    reason = _words(2000)
    clause = _words(200)
    conditions = serializers.ListField(
        child=_words(400, needed=True), required=False, max_length=MANY
    )


class DraftBody(serializers.Serializer):
    """An opinion that was begun; nothing must be filled in yet."""

    position = serializers.ChoiceField(
        [(p.value, p.label) for p in GIVEN], required=False, allow_blank=True, default=""
    )
    reason = _words(2000)
    clause = _words(200)
    conditions = serializers.ListField(
        child=_words(400, needed=True), required=False, max_length=MANY
    )


class EnteredBody(DraftBody):
    """What a department said on paper or by telephone, as it was said, with the scan or the record of two persons."""

    channel = serializers.ChoiceField([(c.value, c.label) for c in BY_HAND])
    speaker = _words(60, needed=True)
    witness = _words(60)
    upload = serializers.FileField(max_length=200)


class LateOpinionBody(serializers.Serializer):
    """An opinion after its limit."""

    position = _of(Position.AGREE, Position.CONDITIONS, Position.DISAGREE)
    reason = _words(2000)
    clause = _words(200)


class NotOurs(serializers.Serializer):
    """Whether an item belongs to the department."""

    accepted = serializers.BooleanField()
    reason = _words(300, needed=True)


class Conclude(serializers.Serializer):
    """The conclusion; what it demands is checked against the opinions."""

    conclusion = serializers.ChoiceField(Conclusion.choices)
    reasons = _words(2000)
    changes = serializers.ListField(child=_words(300, needed=True), required=False, max_length=MANY)
    changes_due = serializers.DateField(required=False, allow_null=True)


def decided(_agenda: Any, data: dict[str, Any], _by: Membership) -> dict[str, Any]:
    """Return the decision as the service takes it."""
    return {"decision": Decision(**data)}


class Contest(serializers.Serializer):
    """What a department has against a default."""

    text = _words(2000, needed=True)


class DecideContest(serializers.Serializer):
    """Upheld or not; a contest upheld is a withdrawal and names its basis."""

    upheld = serializers.BooleanField()
    reason = _words(2000, needed=True)
    legal_basis = _words(200)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """Want the basis of a withdrawal."""
        if data["upheld"] and not data["legal_basis"].strip():
            raise serializers.ValidationError({"legal_basis": [_("撤回默认必须写明依据。")]})
        return data


class Withdraw(serializers.Serializer):
    """Why a default is to be withdrawn, and on what basis."""

    reason = _words(2000, needed=True)
    legal_basis = _words(200, needed=True)


class DecideWithdrawal(serializers.Serializer):
    """The second person's word."""

    approved = serializers.BooleanField()
    decision = _words(2000, needed=True)


class FollowUpBody(serializers.Serializer):
    """What was done."""

    note = _words(2000, needed=True)
