"""docs/flow.md: each machine with its stages, its steps, who takes them and what must be true first."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps

from accounts.stages import Role
from approvals.models import Filing
from approvals.rules.exits import EXITS, OVERLAYS, Exit
from approvals.rules.limits import BY_STAGE
from approvals.stages import ENDS, STEP_OF, STEPS, Stage
from core.deadlines.rules import RULES
from core.steps.models import Stepped
from desk.queries.handbook.words import both, chinese, table

HEAD = """# The flow 流程

Drawn from the code by `manage.py handbook`; a test compares it. Every step goes through one door
(`core/steps/moves.py`), and the database refuses any pair of stages that is not in these tables. Conditions are the
sentences that a person reads when a step is not possible now.
"""


OFF_THE_ROAD = """### Off the road 退出

Each way off the road: on what grounds, by whom, with which paper, and the limits that lead to it or within which it
is decided. `approvals/rules/exits.py`; the stories walk each row.
"""
STANDING = """What stops a case without moving it; the paper says what lets it go on.
"""


def flow() -> str:
    """Return the page."""
    parts = [HEAD]
    for model in machines():
        parts += [f"## {both(model._meta.verbose_name)} `{model.__name__}`", "", *_stages(model)]
        parts += [_steps(model), ""]
        parts += (
            [OFF_THE_ROAD, _exits(EXITS), "", STANDING, _exits(OVERLAYS), ""]
            if model is Filing
            else []
        )
    return "\n".join(parts)


def _exits(rows: tuple[Exit, ...]) -> str:
    return table(
        ("step", "from", "to", "grounds", "who", "paper", "limits"),
        [
            (
                f"`{row.step}`",
                "、".join(chinese(Stage(source).label) for source in row.sources),
                chinese(Stage(row.to).label) if row.to else "",
                both(row.ground),
                both(row.actor),
                row.paper,
                "；".join(f"{code} {chinese(RULES[code].name)}" for code in row.clock),
            )
            for row in rows
        ],
    )


def machines() -> list[type[Stepped]]:
    """Return every model that moves through stages; the filing first."""
    found = [model for model in apps.get_models() if issubclass(model, Stepped)]
    return sorted(found, key=lambda model: (model is not Filing, model._meta.label))


def stage_of(model: Any) -> Any:
    """Return the field that holds the stage; the abstract parent has none."""
    return model._meta.get_field("stage")


def steps(model: type[Stepped]) -> Iterator[tuple[str, list[str], str, Any]]:
    """Yield each step once: its name, the stages it leaves, the stage it enters, the declared transition."""
    names: dict[str, list[Any]] = {}
    for found in stage_of(model).get_all_transitions(model):
        names.setdefault(found.name, []).append(found)
    order = list(names)
    for name in sorted(names, key=lambda name: (_place(model, names[name]), order.index(name))):
        first = names[name][0]
        yield name, [one.source for one in names[name]], first.target, first


def _place(model: type[Stepped], found: list[Any]) -> int:
    values = list(dict(stage_of(model).flatchoices))
    return min(values.index(one.source) for one in found)


def who(permission: Any) -> str:
    """Return who may take a step, in words: the roles of a plain predicate, or what its docstring says."""
    roles = getattr(permission, "roles", ())
    return (
        "、".join(both(Role(role).label) for role in roles) if roles else permission.__doc__.strip()
    )


def _stages(model: type[Stepped]) -> list[str]:
    if model is not Filing:
        return []
    strip = dict(STEPS)
    rows = []
    for stage in Stage:
        limits = [f"{rule.code} {chinese(rule.name)}" for rule in BY_STAGE.get(stage, ())]
        number = STEP_OF.get(stage, 0)
        where = "off the road" if stage in ENDS else f"{number} {chinese(strip[number])}"
        rows.append((both(stage.label), f"`{stage.value}`", where, "；".join(limits)))
    return [table(("stage", "value", "step of the strip", "limits that begin"), rows), ""]


def _steps(model: type[Stepped]) -> str:
    labels = dict(stage_of(model).flatchoices)
    rows = []
    for name, sources, target, found in steps(model):
        when = [chinese(condition.reason) for condition in found.conditions]
        rows.append(
            (
                f"{both(found.custom['label'])} `{name}`",
                "、".join(chinese(labels[source]) for source in sources),
                chinese(labels[target]),
                who(found.permission),
                " ".join(when),
            )
        )
    return table(("step", "from", "to", "who", "not possible while"), rows)
