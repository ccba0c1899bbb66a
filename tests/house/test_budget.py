"""The size of things, and where the time comes from."""

import ast

from tests.house.source import ROOT, calls, modules, nodes

LINES, BODY = 300, 40

# Where the clock may be read; everywhere else an instant comes in as an argument.
EDGES = {
    "/views/": "a request happens now",
    "/views.py": "a request happens now",
    "/forms/": "a form judges what is typed now",
    "/api/": "a request happens now",
    "/management/": "a command runs now",
    "/templatetags/": "a page is shown now",
    "/admin.py": "an administrator acts now",
    "config/middleware.py": "who may act is asked now",
    "config/lost_login.py": "a request happens now",
    "config/context.py": "the frame of a page says the day",
    "core/clock.py": "the clock itself",
    "core/ledger/services.py": "the entry time of an act is when it is written",
    "desk/services/replay/demo.py": "the demonstration finds its as-of instant",
    "desk/ticker.py": "the clerk looks at the clock",
}
CLOCKS = {
    ("timezone", "now"),
    ("clock", "now"),
    ("clock", "received"),
    ("datetime", "now"),
    ("date", "today"),
}
LOCALS = {"localdate", "localtime"}


def _code_lines(place):
    return len((ROOT / place).read_text(encoding="utf-8").splitlines())


def test_no_module_is_longer_than_three_hundred_lines():
    long = {place: _code_lines(place) for place in modules()}

    assert {place: lines for place, lines in long.items() if lines > LINES} == {}


def test_no_function_is_longer_than_forty_lines():
    long = {
        f"{place}:{node.name}": node.end_lineno - node.lineno + 1
        for place, tree in modules().items()
        for node in nodes(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno + 1 > BODY
    }

    assert long == {}


def test_nothing_is_called_utils():
    names = {"utils.py", "helpers.py", "misc.py", "common.py"}

    assert {place for place in modules() if place.rsplit("/", 1)[-1] in names} == set()


def reads_the_clock(tree):
    """Lines on which the present is asked for."""
    found = []
    for call in calls(tree):
        function = call.func
        if not isinstance(function, ast.Attribute):
            continue
        base = getattr(function.value, "id", getattr(function.value, "attr", ""))
        bare = function.attr in LOCALS and not call.args and not call.keywords
        if (base, function.attr) in CLOCKS or bare:
            found.append(call.lineno)
    return found


def _is_edge(place):
    return any(edge in f"/{place}" for edge in EDGES)


def test_time_comes_in_as_an_argument():
    found = {
        place: lines
        for place, tree in modules().items()
        if not _is_edge(place) and (lines := reads_the_clock(tree))
    }

    assert found == {}


def test_every_exception_is_used():
    read = [f"/{place}" for place, tree in modules().items() if reads_the_clock(tree)]
    optional = {"/forms/", "/api/", "/templatetags/", "/views.py"}

    assert {edge for edge in EDGES if not any(edge in place for place in read)} <= optional


def test_a_look_at_the_clock_is_found():
    lines = "timezone.now()\nclock.now()\ntimezone.localdate()\ntimezone.localdate(at)\nself.now()"

    assert reads_the_clock(ast.parse(lines)) == [1, 2, 3]
