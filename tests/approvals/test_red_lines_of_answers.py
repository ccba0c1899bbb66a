"""No answer removes a red-line item silently: over random answers, open and unsure ones too, to the shipped questions.

`SEED=7 ROUNDS=20000 .venv/bin/pytest tests/approvals/test_red_lines_of_answers.py` looks longer, or again.
"""

import csv
import os
import random

import pytest

from approvals.rules.conditions import parse
from approvals.rules.questionnaire import applicable, asked, derive, eligibility, left_out
from tests.approvals.test_questionnaire import ITEMS, PACK, QUESTIONS
from tests.chance import drawn

SEED = int(os.environ.get("SEED") or drawn("red lines"))
ROUNDS = int(os.environ.get("ROUNDS") or 400)
ASKED = [question for question in QUESTIONS if question.order is not None]
with (PACK / "catalogue.csv").open(encoding="utf-8", newline="") as file:
    RED = {row["code"] for row in csv.DictReader(file) if row["red_line"] != "no"}


def drawn(chance, question):
    """An answer somebody could give: a choice, several, unsure, or none."""
    if chance.random() < 0.15:
        return None
    values = sorted(question.values)
    if not question.multiple:
        return chance.choice(values)
    if chance.random() < 0.25:
        return ["none"]
    some = [value for value in values if value != "none"]
    return chance.sample(some, chance.randint(1, min(len(some), 4)))


def listing(engine, answers):
    """What a project with these answers is told: its items by code, what is left out with why, and what was asked."""
    facts = derive(answers, QUESTIONS)
    items = {one.code: one for one in engine(ITEMS, facts)}
    return items, {one.code: one.because for one in left_out(ITEMS, facts)}


def silently_gone(engine, answers):
    """Red-line items that are neither on the list nor left out because of an answer that was given, and is sure."""
    items, gone = listing(engine, answers)
    stand = asked(QUESTIONS, answers)
    # Where the questions end because the mechanism is closed, the page says that; what came after was not reached.
    reached = {question.fact for question in stand} | {
        question.fact for question in ASKED if question.order > stand[-1].order
    }
    for code in sorted(RED - set(items)):
        why = gone.get(code, ())
        if not why:
            yield f"{code} is neither listed nor explained"
        for fact, answer in why:
            if answer in (None, "", [], "unsure") or "unsure" in (
                answer if isinstance(answer, list) else ()
            ):
                yield f"{code} is left out though {fact} is {answer!r}"
            if fact not in reached:
                yield f"{code} is left out because of {fact}, which was never asked"


def changed(chance, answers):
    """The same answers but for one, and which."""
    question = chance.choice(ASKED)
    return {**answers, question.fact: drawn(chance, question)}, question.fact


def depends(fact, on):
    """Whether a question stands only by the answer to another."""
    row = next(question for question in QUESTIONS if question.fact == fact)
    derived = {q.fact: q.derived_from for q in QUESTIONS if q.order is None}
    return any(name == on or on in derived.get(name, "") for name in row.asked_if.split())


def faults(engine, seed, rounds):
    """Every way in which an item was lost without a word, as sentences."""
    chance = random.Random(seed)
    for _round in range(rounds):
        answers = {question.fact: drawn(chance, question) for question in ASKED}
        yield from silently_gone(engine, answers)
        other, fact = changed(chance, answers)
        before, after = listing(engine, answers)[0], listing(engine, other)
        for code in sorted((RED & set(before)) - set(after[0])):
            named = [name for name, _answer in after[1].get(code, ())]
            if fact not in named and not any(depends(name, fact) for name in named):
                yield f"{code} is gone after {fact} was changed to {other[fact]!r}, and {named} is said to be why"
        taken_back = {**answers, fact: None}
        wider = listing(engine, taken_back)[0]
        for code in sorted(RED & set(before)):
            if code not in wider:
                yield f"{code} is gone once {fact} is open"
            elif before[code].opinion_default == "escalate" != wider[code].opinion_default:
                yield f"silence on {code} is milder once {fact} is open"


def test_no_answer_removes_a_red_line_without_a_word(capsys):
    with capsys.disabled():
        print(f"\nSEED={SEED} ROUNDS={ROUNDS}")
    found = list(faults(applicable, SEED, ROUNDS))

    assert found == []


def forgets_the_unknown(items, facts):
    return [one for one in applicable(items, facts) if one.applies]


def forgets_one(items, facts):
    return [one for one in applicable(items, facts) if one.code != "C07"]


def milder_when_unknown(items, facts):
    rows = applicable(items, facts)
    return [
        one if one.applies else type(one)(one.code, None, one.because, "deemed", one.start_gate)
        for one in rows
    ]


@pytest.mark.parametrize("wrong", [forgets_the_unknown, forgets_one, milder_when_unknown])
def test_a_rule_that_is_wrong_is_found(wrong):
    assert next(faults(wrong, 7, 400), None)


def asked_slowly(questions, answers):
    """Which questions stand, one after the other, as one would say it: what is asked next by what was said so far."""
    found, so_far = [], {}
    for question in ASKED:
        facts = derive(so_far, questions)
        stands = parse(question.asked_if or "always").evaluate(facts)
        waits = stands is None and any(
            so_far.get(fact) in (None, "") for fact, _answer in facts.because(question.asked_if)
        )
        if stands is False or waits:
            continue
        found.append(question)
        so_far[question.fact] = answers.get(question.fact)
        if eligibility(questions, derive(so_far, questions)):
            break
    return found


def test_the_questions_that_stand_are_those_asked_one_by_one():
    chance = random.Random(SEED)
    for _round in range(ROUNDS // 8):
        answers = {question.fact: drawn(chance, question) for question in ASKED}
        if chance.random() < 0.5:  # a project that the mechanism is open to gets further
            answers |= {
                "procedure_type": "filing",
                "project_limits": "none",
                "open_dishonesty_record": "no",
            }
        assert asked(QUESTIONS, answers) == asked_slowly(QUESTIONS, answers), (SEED, answers)
