"""Every row of every table, by what it says: for comparing what two ways of doing the same have written."""

import json
import re

from django.apps import apps

from approvals.models import StageLimit
from core.documents.models import Paper
from prereview.models import MakeUp, Opinion

APPS = ("approvals", "prereview", "ledger", "documents", "notify", "deadlines")
BY_NUMBER = ("number", "code", "content_sha256", "digest", "previous", "head")


def tables(*, numbers):
    """Every row of every table, by what it says; keys that the database drew stand as the things they name.

    Without `numbers` a paper's number, and what follows from it, is left out: what is left to be done row by row comes
    later, so that other papers bear the next numbers.
    """
    names = {
        Opinion: {o.pk: f"of {o.slot_id}" for o in Opinion.objects.all()},
        Paper: {p.pk: p.number if numbers else "a paper" for p in Paper.objects.all()},
        StageLimit: {
            s.pk: f"{s.filing_id} {s.rule} {s.started_at}" for s in StageLimit.objects.all()
        },
        MakeUp: {m.pk: f"of {m.slot_id}" for m in MakeUp.objects.all()},
    }
    watched = [model for model in apps.get_models() if model._meta.app_label in APPS]
    found = {model._meta.label: map(repr, rows(model, names, numbers)) for model in watched}
    return {
        label: sorted(written if numbers else map(unnumbered, written))
        for label, written in found.items()
    }


def unnumbered(row):
    return re.sub(r"〔\d+〕\d+号", "〔〕号", row)


def rows(model, names, numbers):
    fields = [f for f in model._meta.concrete_fields if not f.primary_key]
    if not numbers:
        fields = [f for f in fields if f.name not in BY_NUMBER]
    for values in model.objects.values_list(*(f.attname for f in fields)):
        row = dict(zip((f.attname for f in fields), values, strict=True))
        for field in fields:
            if field.related_model in names and row[field.attname] is not None:
                row[field.attname] = names[field.related_model][row[field.attname]]
        yield {name: plain(name, value, names, numbers) for name, value in row.items()}


def plain(name, value, names, numbers):
    if name == "key":
        found = re.match(r"(default|makeup|escalated:approvals.stagelimit):(\d+)(.*)", value)
        of = {"default": Opinion, "makeup": MakeUp}.get(found[1], StageLimit) if found else None
        return f"{found[1]} {names[of][int(found[2])]}{found[3]}" if found else value
    if name in ("content", "payload"):
        said = json.loads(value) if isinstance(value, str) else value
        left_out = () if numbers else ("number", "verify_url", "paper", "sha256", "english")
        return {key: part for key, part in said.items() if key not in left_out}
    return value
