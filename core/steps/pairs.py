"""The second lock on a stage: the database itself refuses a change that no declared step makes.

The triggers say what the transitions say. They are taken off before migrations (which may rename stages and make
tables anew) and put back after every `migrate`, so that a new step needs nothing here.
"""

import hashlib
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from core.steps.models import Stepped

PREFIX = (
    "stage_steps_"  # a digest of what the triggers say follows: what stands is not written again
)

INSTALLED = {
    "sqlite": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s",
    "postgresql": "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    " WHERE pg_table_is_visible(c.oid) AND t.tgname LIKE %s",
}
PUT = {
    "sqlite": (
        """CREATE TRIGGER {name}_begin BEFORE INSERT ON {table} WHEN NEW.stage IS NOT {start}
           BEGIN SELECT RAISE(ABORT, {only_start}); END""",
        """CREATE TRIGGER {name} BEFORE UPDATE OF stage ON {table}
           WHEN NEW.stage IS NOT OLD.stage AND OLD.stage || '>' || NEW.stage NOT IN ({pairs})
           BEGIN SELECT CASE OLD.stage {arms} ELSE RAISE(ABORT, {unknown}) END; END""",
    ),
    "postgresql": (
        """CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN
           IF TG_OP = 'INSERT' THEN RAISE check_violation USING MESSAGE = {only_start}; END IF;
           RAISE check_violation USING MESSAGE = CASE OLD.stage {arms} ELSE {unknown} END,
           DETAIL = OLD.stage || '>' || NEW.stage; END $body$""",
        """CREATE TRIGGER {name}_begin BEFORE INSERT ON {table} FOR EACH ROW
           WHEN (NEW.stage IS DISTINCT FROM {start}) EXECUTE FUNCTION {name}()""",
        """CREATE TRIGGER {name} BEFORE UPDATE OF stage ON {table} FOR EACH ROW
           WHEN (NEW.stage IS DISTINCT FROM OLD.stage
                 AND OLD.stage || '>' || NEW.stage NOT IN ({pairs})) EXECUTE FUNCTION {name}()""",
    ),
}
TAKE_OFF = {
    "sqlite": ("DROP TRIGGER IF EXISTS {name}", "DROP TRIGGER IF EXISTS {name}_begin"),
    "postgresql": ("DROP FUNCTION IF EXISTS {name}() CASCADE",),
}
ARM = {
    "sqlite": "WHEN {source} THEN RAISE(ABORT, {sentence})",
    "postgresql": "WHEN {source} THEN {sentence}",
}


def machines() -> list[type[Stepped]]:
    """Return the models whose rows move through stages."""
    return [model for model in apps.get_models() if issubclass(model, Stepped)]


def _field(model: Any) -> Any:
    return model._meta.get_field("stage")


def stages(model: type[Stepped]) -> list[str]:
    """Return the stages a machine knows, in their order."""
    return [str(value) for value, _label in _field(model).flatchoices]


def declared(model: type[Stepped]) -> set[tuple[str, str]]:
    """Return every (from, to) that a step of the machine makes."""
    steps = _field(model).get_all_transitions(model)
    return {(str(step.source), str(step.target)) for step in steps}


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def sentence(model: type[Stepped], source: str) -> str:
    """Return what the database says to whoever takes a case from a stage to where no step leads."""
    goals = sorted(goal for start, goal in declared(model) if start == source)
    table = model._meta.db_table
    if not goals:
        return f"{table}: no step leads from {source}"
    return f"{table}: from {source} a step leads to {' or '.join(goals)} and nowhere else"


def _said(model: type[Stepped], vendor: str) -> dict[str, str]:
    table = model._meta.db_table
    start = str(_field(model).get_default())
    arms = (
        ARM[vendor].format(source=_quoted(stage), sentence=_quoted(sentence(model, stage)))
        for stage in stages(model)
    )
    return {
        "table": table,
        "start": _quoted(start),
        "only_start": _quoted(f"{table}: a case begins as {start} and not otherwise"),
        "unknown": _quoted(f"{table}: the case stands in a stage that nobody knows"),
        "pairs": ", ".join(sorted(_quoted(f"{source}>{goal}") for source, goal in declared(model))),
        "arms": " ".join(arms),
    }


def _wanted(model: type[Stepped], vendor: str) -> tuple[str, list[str]]:
    """Return the name of a machine's triggers, and the statements that make them."""
    said = _said(model, vendor)
    digest = hashlib.sha256("".join([*PUT[vendor], *said.values()]).encode()).hexdigest()
    name = PREFIX + digest[:16]
    return name, [statement.format(name=name, **said) for statement in PUT[vendor]]


def _installed(connection: BaseDatabaseWrapper) -> dict[str, set[str]]:
    """Return the names of our triggers that stand on each table."""
    found: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(INSTALLED[connection.vendor], [PREFIX + "%"])
        for table, name in cursor.fetchall():
            found.setdefault(table, set()).add(name)
    return found


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with transaction.atomic(connection.alias), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _off(names: set[str], vendor: str) -> list[str]:
    own = sorted({name.removesuffix("_begin") for name in names})
    return [statement.format(name=name) for name in own for statement in TAKE_OFF[vendor]]


def take_off(*, plan: Any = (), using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """Before migrations run: take the triggers off, for a table may change and a stage be renamed."""
    connection = connections[using]
    for names in _installed(connection).values() if plan else ():
        _run(connection, _off(names, connection.vendor))


def put_on(*, using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """After migrations: let the database refuse what no step makes; what already stands is left alone."""
    connection = connections[using]
    standing, vendor = _installed(connection), connection.vendor
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    for model in machines():
        name, statements = _wanted(model, vendor)
        names = standing.get(model._meta.db_table, set())
        if model._meta.db_table in tables and names != {name, name + "_begin"}:
            _run(connection, _off(names, vendor) + statements)
