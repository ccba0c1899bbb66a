"""The words: each term of the domain stands in docs/words.md, and core has never heard of a filing."""

import ast
import importlib
import inspect
import re

import pytest
from django.apps import apps
from django.db import models
from django.utils import translation

from core.deadlines.rules import RULES
from tests.house.source import PACKAGES, ROOT, calls, imports, modules, name_of, nodes

TABLE = ROOT / "docs" / "words.md"
LISTS = (
    "accounts.stages",
    "approvals.stages",
    "prereview.stages",
    "public_notice.stages",
    "inspection.stages",
    "core.deadlines.models",
    "core.deadlines.rules",
    "core.notify.stages",
    "core.steps.stages",
    "desk.stages",
)
DESKS = ("approvals", "prereview", "public_notice", "inspection", "desk", "config")
NOUNS = (
    "Filing", "Checklist", "Material", "Gap", "Letter", "Clause", "Commitment", "Catalogue",
    "Session", "Meeting", "Survey", "Invitation", "Agenda", "Slot", "Opinion", "Notice",
    "Objection", "Prereview", "Approval", "Enterprise", "Department",
)  # fmt: skip
# The State Council's notice on a year's holidays, and the hole in a calendar where there is none yet.
NOT_THE_DOMAIN = {
    "core/deadlines/calendar/files.py:Notice",
    "core/deadlines/calendar/days.py:CalendarGap",
}


def rows():
    """The table as {code name: Chinese}; a line may give several code names."""
    found = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == 5 and cells[0] not in ("中文", "---"):
            found.append(cells)
    return found


def terms():
    return {(code, cells[0]) for cells in rows() for code in re.findall(r"`([^`]+)`", cells[2])}


def domain_models():
    own = [model for model in apps.get_models() if model.__module__.split(".")[0] in PACKAGES]
    return [model for model in own if not model._meta.auto_created]


def choices():
    for place in LISTS:
        module = importlib.import_module(place)
        for name, found in inspect.getmembers(module, inspect.isclass):
            own = found.__module__ == place and found.__name__ == name
            if own and issubclass(found, models.TextChoices):
                yield from found


def test_every_line_of_the_table_is_whole():
    assert len(rows()) > 100
    for chinese, english, code, where, _note in rows():
        assert chinese, code
        assert english, code
        assert "`" in code, chinese
        assert (ROOT / where.split(",")[0]).exists(), where


@pytest.mark.parametrize("model", domain_models(), ids=lambda model: model.__name__)
def test_every_model_is_in_the_table(model):
    with translation.override("zh-hans"):
        assert (model.__name__, str(model._meta.verbose_name)) in terms()


def test_every_stage_state_and_role_is_in_the_table():
    with translation.override("zh-hans"):
        wanted = {(f"{type(c).__name__}.{c.name}", str(c.label)) for c in choices()}

    assert wanted - terms() == set()
    assert len(wanted) > 80


def test_every_limit_is_in_the_table():
    with translation.override("zh-hans"):
        wanted = {(rule.code, str(rule.name)) for rule in RULES.values()}

    assert wanted - terms() == set()


def test_nothing_in_the_table_is_gone():
    """A row of a model, a stage or a limit that the code no longer has is taken out."""
    with translation.override("zh-hans"):
        now = {f"{type(c).__name__}.{c.name}" for c in choices()}
    now |= {model.__name__ for model in domain_models()} | set(RULES)
    lists = {type(c).__name__ for c in choices()}
    stale = {
        code
        for code, _chinese in terms()
        if code.split(".")[0] in lists or re.fullmatch(r"P?\d+[a-z]?", code)
        if code not in now
    }

    assert stale == set()


def test_a_term_has_one_english_word_in_one_list():
    pairs = [(cells[2], cells[0]) for cells in rows()]

    assert len(pairs) == len(set(pairs))


def core():
    return {place: tree for place, tree in modules().items() if place.startswith("core/")}


def test_core_imports_no_desk():
    found = {
        f"{place}: {name}"
        for place, tree in core().items()
        for name in imports(tree)
        if name.split(".")[0] in DESKS
    }

    assert found == set()


def test_core_names_nothing_of_the_domain():
    found = {
        f"{place}:{node.name}"
        for place, tree in core().items()
        for node in nodes(tree)
        if isinstance(node, ast.ClassDef) and any(noun in node.name for noun in NOUNS)
    }

    assert found <= NOT_THE_DOMAIN


def acts_written():
    """Names of acts that the code gives to the ledger as plain text."""
    for tree in modules().values():
        for call in calls(tree):
            if name_of(call) in ("record", "act") and len(call.args) > 1:
                name = call.args[1]
                if isinstance(name, ast.Constant) and isinstance(name.value, str):
                    yield name.value


def test_every_act_of_the_ledger_has_its_words():
    from desk.queries.acts import LABELS

    assert set(acts_written()) - set(LABELS) == set()
