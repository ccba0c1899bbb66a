"""What is typed at a door: a body that its form takes, made from the form's own fields."""

from django import forms
from rest_framework import serializers

from approvals.models import Region
from core import clock
from core.deadlines.services import local
from tests.walk import NO_NODES, PROJECT, pdf

OBJECTION = {"name": "王示例", "contact": "13800138000", "text": "与现场不符。", "step": "send"}


def _project(way, role):
    town = Region.objects.get(code="140722101").pk
    days = {"planned_start": "2018-08-01", "planned_completion": "2019-08-01"}
    return {**PROJECT, **days, "site": town}


def _materials(way, role):
    material = way.filing.materials.order_by("pk").first()
    pk = material.pk if material else 0
    if role == "enterprise":
        return {"act": "upload", f"file-{pk}": pdf()}
    return {"act": "fine", "material": pk}


def _call(way, role):
    return {"filings": [way.pk], "opens_at": "2018-12-03 09:00", "place": "二楼会议室"}


def _begun(way, role):
    return {
        "happened_on": _day(),
        "text": "示例说明",
        **{f"without_{code}": "on" for code in NO_NODES},
    }


def _changed(way, role):
    return {
        "node": "N2" if way.filing.site_nodes.exists() else "",
        "promised_on": _day(),
        "reason": "示例说明",
    }


def _object(way, role):
    return OBJECTION


def _excuse(way, role):
    return {"ground": "不可抗力", "text": "道路中断"}


# Forms that depend on more than their own class.
OWN = {
    "approvals:project": _project,
    "approvals:materials": _materials,
    "inspection:report_start": _begun,
    "inspection:change_node": _changed,
    "prereview:call": _call,
    "prereview:plan": _call,
    "prereview:excuse": _excuse,
    "public_notice:object": _object,
    "public_notice:propose": lambda _way, _role: {"reason": "示例", "back_to": "committing"},
}


def _day():
    return clock.now().date().isoformat()


def _first(field):
    if getattr(field, "queryset", field) is None:  # is set for each case
        return ""
    offered = [str(value) for value, _label in field.choices if str(value)]
    return offered[0] if offered else ""


# From the special to the general: the first kind that fits says what is typed.
KINDS = (
    (forms.FileField, lambda _field: pdf()),
    (forms.BooleanField, lambda _field: "on"),
    (forms.MultipleChoiceField, lambda field: [one for one in [_first(field)] if one]),
    (forms.ChoiceField, _first),
    (forms.DateTimeField, lambda _field: local(clock.now().date(), 9).isoformat()),
    (forms.DateField, lambda _field: _day()),
    (forms.DecimalField, lambda _field: "1"),
    (forms.IntegerField, lambda _field: "1"),
    (forms.CharField, lambda _field: "示例说明"),
)


def _typed(field):
    return next((typed(field) for kind, typed in KINDS if isinstance(field, kind)), "")


# The same for what programs send; only what must be said.
WORDS = (
    (serializers.FileField, lambda _field: pdf()),
    (serializers.BooleanField, lambda _field: True),
    (serializers.ChoiceField, lambda field: next(iter(field.choices))),
    (serializers.DateTimeField, lambda _field: local(clock.now().date(), 9).isoformat()),
    (serializers.DateField, lambda _field: _day()),
    (serializers.IntegerField, lambda _field: 1),
    (serializers.DecimalField, lambda _field: "1"),
    (serializers.ListField, lambda _field: []),
    (serializers.ManyRelatedField, lambda _field: []),
    (serializers.DictField, lambda _field: {}),
    (serializers.BaseSerializer, lambda _field: {}),
    (serializers.Field, lambda _field: "示例说明"),
)
OWN_WORDS = {
    "api:filing_project": lambda _way: {
        **PROJECT,
        "site": "140722101",
        "planned_start": "2018-08-01",
    },
    # Beside a file, as a form sends them.
    "api:filing_report_start": lambda _way: {
        f"nodes[{n}]{name}": said
        for n, code in enumerate(NO_NODES)
        for name, said in (("code", code), ("promised_on", ""))
    },
    "api:filing_change_node": lambda _way: {"node": "N2"},
    "api:filing_strike_node": lambda _way: {"node": "N2"},
    "api:notice_object": lambda _way: {k: v for k, v in OBJECTION.items() if k != "step"},
    "api:notice_propose": lambda _way: {"kind": "take_down", "back_to": "committing"},
    "api:material_upload": lambda _way: {"upload": pdf()},
    "api:session_call": lambda way: {"filings": [way.filing.public_id], "place": "二楼会议室"},
}


def _said(field):
    return next(said(field) for kind, said in WORDS if isinstance(field, kind))


def body(door, way, role):
    """Return what a person of that role types at a door for the filing of a walk."""
    if not door.ours:
        return {}
    if door.name in OWN:
        return OWN[door.name](way, role) if way else {}
    form = getattr(getattr(door.callback, "view_class", None), "form_class", None)
    typed = {name: _typed(field) for name, field in form.base_fields.items()} if form else {}
    return {name: value for name, value in typed.items() if value}


def message(door, way):
    """Return what a program sends to an address, and whether a file is in it."""
    step = getattr(door.callback, "initkwargs", {}).get("step") or getattr(
        getattr(door.callback, "cls", None), "step", None
    )
    fields = step.body().fields if step else {}
    said = {name: _said(field) for name, field in fields.items() if field.required}
    own = OWN_WORDS[door.name](way) if way and door.name in OWN_WORDS else {}
    return {**said, **own}, bool(step and step.files)
