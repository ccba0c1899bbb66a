"""What is typed at a door: a body that its form takes, made from the form's own fields."""

from django import forms

from approvals.models import Region
from core import clock
from core.deadlines.services import local
from tests.walk import PROJECT, pdf

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


def _object(way, role):
    return OBJECTION


# Forms that depend on more than their own class.
OWN = {
    "approvals:project": _project,
    "approvals:materials": _materials,
    "prereview:call": _call,
    "public_notice:object": _object,
}


def _day():
    return clock.now().date().isoformat()


def _first(field):
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


def view_of(door):
    """Return the class of a door's view, or its function."""
    callback = door.callback
    return getattr(callback, "view_class", None) or getattr(callback, "cls", callback)


def body(door, way, role):
    """Return what a person of that role types at a door for the filing of a walk."""
    if door.name in OWN:
        return OWN[door.name](way, role) if way else {}
    form = getattr(view_of(door), "form_class", None)
    if form is None or not door.ours:
        return {}
    typed = {name: _typed(field) for name, field in form.base_fields.items()}
    return {name: value for name, value in typed.items() if value}
