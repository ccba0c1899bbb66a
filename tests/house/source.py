"""The code as the house tests read it: files of the project's own packages with their syntax trees."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "accounts", "core", "approvals", "prereview", "inspection", "public_notice", "desk", "config",
)  # fmt: skip


@cache
def modules() -> dict[str, ast.Module]:
    """Syntax trees by path from the root, migrations left out."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                found[str(path.relative_to(ROOT))] = ast.parse(path.read_text(encoding="utf-8"))
    return found


@cache
def nodes(tree: ast.AST) -> list[ast.AST]:
    """Everything within a syntax tree; it is walked through once, however many tests look at it."""
    return [*ast.walk(tree)]


def calls(tree):
    """Every call of a syntax tree."""
    return (node for node in nodes(tree) if isinstance(node, ast.Call))


def name_of(call):
    """The last part of what is called: `update` for `Filing.objects.update(…)`."""
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def imported(tree):
    """The names that a module has by import."""
    return {
        (alias.asname or alias.name).split(".")[0]
        for node in nodes(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


def imports(tree):
    """The modules that a module imports, wherever in it."""
    for node in nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
