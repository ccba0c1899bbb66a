"""An answer of the questionnaire and what comes of it: the page and the interface, and a page that reckons nothing.

Every request bears answers that nobody has given before, so that nothing is remembered of it, and what it says is held
against the pure rules. The bar: under 50 ms of processor time for each, whatever else the machine does; the
rules alone at least 10 times as fast as asking what stands question by question, as one writes it first.
"""

import json
import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from benchmarks.county import own_database, ready
from benchmarks.measure import Figures, Variant, arguments, finish, in_turn

SEED, GOAL_MS = 20180615, 50
NOW = "2018-06-15 09:30"
# What keeps the mechanism open, so that every request has a whole list to make.
OPEN = {
    "procedure_type": "filing",
    "project_limits": "none",
    "open_dishonesty_record": "no",
    "land_route": "reserved",
}


def projects(questions: Any) -> Iterator[dict[str, Any]]:
    """Yield answers of projects, no two the same."""
    chance, seen = random.Random(SEED), set()
    while True:
        said = {q.fact: _answer(chance, q) for q in questions if q.order is not None} | OPEN
        if (key := json.dumps(said, sort_keys=True)) not in seen:
            seen.add(key)
            yield said


def _answer(chance: random.Random, question: Any) -> Any:
    values = sorted(question.values)
    if not question.multiple:
        return chance.choice(values)
    some = [value for value in values if value not in ("none", "unsure")]
    return chance.sample(some, chance.randint(1, min(4, len(some)))) or ["none"]


def one_by_one(catalogue: Any, answers: dict[str, Any]) -> list[Any]:
    """Say which questions stand by deriving everything anew after each: what one writes first."""
    from approvals.rules.conditions import parse
    from approvals.rules.questionnaire import derive, eligibility

    found: list[Any] = []
    so_far: dict[str, Any] = {}
    questions = [q for q in catalogue.questions if q.order is not None]
    for question in sorted(questions, key=lambda q: q.order):
        facts = derive(so_far, catalogue.questions)
        stands = parse(question.asked_if or "always").evaluate(facts)
        if stands is False or (stands is None and not _unsure(facts, question, so_far)):
            continue
        found.append(question)
        so_far[question.fact] = answers.get(question.fact)
        if eligibility(catalogue.questions, derive(so_far, catalogue.questions)):
            break
    return found


def _unsure(facts: Any, question: Any, so_far: dict[str, Any]) -> bool:
    deciding = facts.because(question.asked_if)
    return all(so_far.get(fact) not in (None, "") for fact, _said in deciding)


def of_page(client: Any, answers: dict[str, Any]) -> set[str]:
    """Ask the page; return the codes of the items it lists."""
    answer = client.get("/try/", answers)
    assert answer.status_code == 200
    return {row.code for group in answer.context["result"]["groups"] for row in group["rows"]}


def of_interface(client: Any, answers: dict[str, Any]) -> set[str]:
    """Ask the interface; return the codes of the items it lists."""
    answer = client.post("/api/v1/trial/", {"answers": answers}, content_type="application/json")
    assert answer.status_code == 200
    return {item["code"] for item in answer.json()["items"]}


def of_rules(answers: dict[str, Any], catalogue: Any) -> set[str]:
    """Return the codes by the rules alone, remembering nothing."""
    from approvals.rules.questionnaire import applicable, derive

    return {item.code for item in applicable(catalogue.items, derive(answers, catalogue.questions))}


def compare(repeat: int, calls: int = 40) -> Figures:
    """Check page and interface against the rules, then time them beside a page that reckons nothing."""
    from django.conf import settings
    from django.test import Client
    from django.test.utils import override_settings
    from django.test.utils import setup_test_environment as begin
    from django.test.utils import teardown_test_environment as end

    from core import clock
    from tests.conftest import instant

    figures = Figures("questionnaire")
    settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]["trial"] = None
    plain = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }  # nothing is collected here
    begin()  # to read what a page lists; it costs the pages some time, and no figure is better for it
    try:
        storages = override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain})
        with own_database(), clock.driven(instant(NOW)), storages:
            requests(figures, Client(), instant(NOW), repeat, calls)
    finally:
        end()
    return figures


def requests(figures: Figures, client: Any, at: datetime, repeat: int, calls: int) -> None:
    """Time requests and rules in turn at an instant; AssertionError where a list is not that of the rules."""
    from approvals.queries import catalogue_at, catalogue_of

    catalogue = catalogue_of(catalogue_at(at))
    every = projects(catalogue.questions)
    used: dict[str, list[float]] = {}

    def times(name: str, one: Callable[[dict[str, Any]], Any], *, check: bool = False) -> Variant:
        def run() -> int:
            began = time.process_time()
            for _number in range(calls):
                answers = next(every)
                found = one(answers)
                assert not check or found == of_rules(answers, catalogue)
            used.setdefault(name, []).append((time.process_time() - began) / calls * 1e3)
            return calls

        return Variant(name, run)

    pages = [
        times("page, a new answer", lambda a: of_page(client, a), check=True),
        times("interface, a new answer", lambda a: of_interface(client, a), check=True),
        times("a page that reckons nothing", lambda _a: client.get("/due/")),
    ]
    in_turn(pages, repeat)
    figures.show(pages, "one request")
    for variant in pages[:2]:
        spent = statistics.median(used[variant.name])
        figures.goal(f"{variant.name}, ms of processor time", spent, most=GOAL_MS)
    figures.goal("page, times the empty one", pages[0].median / pages[2].median, most=10)
    the_rules_alone(figures, times, catalogue, next(every), repeat)


def the_rules_alone(
    figures: Figures,
    times: Callable[..., Variant],
    catalogue: Any,
    answers: dict[str, Any],
    repeat: int,
) -> None:
    """Time the rules without a request, and asking question by question; AssertionError where they differ."""
    from approvals.rules.questionnaire import asked

    rules = [
        times("which questions stand", lambda a: asked(catalogue.questions, a)),
        times("question by question", lambda a: one_by_one(catalogue, a)),
    ]
    assert asked(catalogue.questions, answers) == one_by_one(catalogue, answers)
    in_turn(rules, repeat)
    figures.show(rules, "the rules alone")
    figures.goal("as fast as one by one", rules[1].median / rules[0].median, least=10)


if __name__ == "__main__":
    said = arguments(__doc__)
    ready()
    finish(compare(said.repeat), said.json)
