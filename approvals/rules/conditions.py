"""The condition language of the county pack, evaluated in three-valued logic.

    always | fact | fact=value | fact!=value | not c | c and c | c or c

`not` binds before `and`, `and` before `or`; there are no brackets. A fact is true, false, a chosen
value, a set of chosen values, or UNKNOWN. A condition is unknown (None) only where an unknown fact
could change it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from django.utils.translation import gettext as _

Truth = bool | None


class Unknown(Enum):
    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN
UNSURE: Final = "unsure"
FactValue = bool | str | frozenset[str] | Unknown

_TOKEN: Final = re.compile(r"\s*(?:(?P<word>[A-Za-z0-9_]+)|(?P<sign>!=|=))")
_RESERVED: Final = frozenset({"and", "or", "not", "always"})


class ConditionError(ValueError):
    """`column` is the position of the fault in the condition, counted from 1."""

    def __init__(self, column: int, message: str) -> None:
        super().__init__(column, message)
        self.column, self.message = column, message

    def __str__(self) -> str:
        return _("第%(column)d个字符：%(message)s") % {
            "column": self.column,
            "message": self.message,
        }


@dataclass(frozen=True, slots=True)
class Use:
    """One mention of a fact, with the value it is compared with, if any."""

    fact: str
    value: str | None
    negated: bool
    column: int

    def evaluate(self, facts: Mapping[str, FactValue]) -> Truth:
        found = facts.get(self.fact, UNKNOWN)
        truth = _is_true(found) if self.value is None else _equals(found, self.value)
        return _not(truth) if self.negated else truth


@dataclass(frozen=True, slots=True)
class _Term:
    """A use with its `not`s."""

    use: Use | None
    negated: bool

    def evaluate(self, facts: Mapping[str, FactValue]) -> Truth:
        truth: Truth = True if self.use is None else self.use.evaluate(facts)
        return _not(truth) if self.negated else truth


@dataclass(frozen=True, slots=True)
class Condition:
    """Alternatives (or) of conjunctions (and) of terms."""

    text: str
    alternatives: tuple[tuple[_Term, ...], ...]

    @property
    def uses(self) -> tuple[Use, ...]:
        return tuple(t.use for ands in self.alternatives for t in ands if t.use is not None)

    @property
    def facts(self) -> frozenset[str]:
        return frozenset(use.fact for use in self.uses)

    def evaluate(self, facts: Mapping[str, FactValue]) -> Truth:
        found: Truth = False
        for ands in self.alternatives:
            truth = _all(ands, facts)
            if truth:
                return True
            if truth is None:
                found = None
        return found

    def deciding(self, facts: Mapping[str, FactValue]) -> tuple[str, ...]:
        """The facts that make the condition what it is, each once, in the order they are written."""
        truth = self.evaluate(facts)
        found: list[str] = []
        for ands in self.alternatives:
            if _all(ands, facts) is not truth:
                continue
            found += [t.use.fact for t in ands if t.use and t.evaluate(facts) is truth]
        return tuple(dict.fromkeys(found))


def parse(text: str) -> Condition:
    """Raises ConditionError with the column of the first fault."""
    return _Parser(text).condition()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_tokens(text))
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def column(self) -> int:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else len(self.text) + 1

    def take(self) -> str:
        token = self.peek()
        self.at += 1
        return token

    def condition(self) -> Condition:
        alternatives = [self.conjunction()]
        while self.peek() == "or":
            self.take()
            alternatives.append(self.conjunction())
        if self.peek():
            raise ConditionError(
                self.column(),
                _("此处应为 and、or 或结尾，而不是“%(token)s”") % {"token": self.peek()},
            )
        return Condition(self.text, tuple(alternatives))

    def conjunction(self) -> tuple[_Term, ...]:
        terms = [self.term()]
        while self.peek() == "and":
            self.take()
            terms.append(self.term())
        return tuple(terms)

    def term(self) -> _Term:
        negated = False
        while self.peek() == "not":
            self.take()
            negated = not negated
        if self.peek() == "always":
            self.take()
            return _Term(None, negated)
        column, fact = self.column(), self.word(_("缺少事实名称"))
        if self.peek() not in ("=", "!="):
            return _Term(Use(fact, None, False, column), negated)
        unequal = self.take() == "!="
        value = self.word(_("等号后缺少取值"))
        return _Term(Use(fact, value, unequal, column), negated)

    def word(self, missing: str) -> str:
        token = self.peek()
        if not token or token in _RESERVED or token in ("=", "!="):
            raise ConditionError(self.column(), missing)
        return self.take()


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None:
            at += len(text[at:]) - len(text[at:].lstrip())
            raise ConditionError(at + 1, _("不认识的字符“%(char)s”") % {"char": text[at]})
        yield found[0].strip(), found.end() - len(found[0].strip()) + 1
        at = found.end()


def _is_true(value: FactValue) -> Truth:
    return None if value is UNKNOWN else value is True


def _equals(value: FactValue, wanted: str) -> Truth:
    """A set of choices equals every value in it; with "unsure" in it the others are unknown."""
    if value is UNKNOWN:
        return None
    if isinstance(value, frozenset):
        if wanted in value:
            return True
        return None if UNSURE in value else False
    if isinstance(value, bool):
        return ("yes" if value else "no") == wanted
    return value == wanted


def _not(truth: Truth) -> Truth:
    return None if truth is None else not truth


def _all(terms: tuple[_Term, ...], facts: Mapping[str, FactValue]) -> Truth:
    """False as soon as one is; a condition is asked some hundred times for each answer of a questionnaire."""
    found: Truth = True
    for term in terms:
        truth = term.evaluate(facts)
        if truth is False:
            return False
        if truth is None:
            found = None
    return found
