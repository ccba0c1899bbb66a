"""What the tables of a pack say about one another: codes that exist, conditions that can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from django.utils.translation import gettext as _

from approvals.rules.conditions import Condition, ConditionError, parse
from approvals.rules.questionnaire import QuestionRow, parse_effects
from approvals.stages import StartGate
from desk.rules.pack.faults import Fault
from desk.rules.pack.redlines import broken, too_long
from desk.rules.pack.rulebook import check_rulebook
from desk.rules.pack.survey import twice
from desk.rules.pack.tables import Row, split, whole
from public_notice.rules.written import PACK, WRITTEN, wrong

Tables = Mapping[str, list[Row]]
_IF_CONDITION: Final = "_if_condition"
_GATES: Final = {
    "service": frozenset({"service_done"}),
    "retained": frozenset({"prior_approval"}),
}


class Checker:
    """Checks the tables that could be read; a reference into one that could not is let pass."""

    def __init__(self, tables: Tables, faults: list[Fault]) -> None:
        self.tables, self.faults = tables, faults
        self.questions = self._questions()
        self.departments = self._codes("departments.csv")
        self.items = self._codes("catalogue.csv")

    def fault(self, file: str, row: Row, column: str, message: str) -> None:
        self.faults.append(Fault(file, row.line, column, message))

    def _codes(self, file: str) -> frozenset[str] | None:
        rows = self.tables.get(file)
        return None if rows is None else frozenset(row["code"] for row in rows)

    def _questions(self) -> dict[str, QuestionRow] | None:
        rows = self.tables.get("questions.csv")
        if rows is None:
            return None
        found: dict[str, QuestionRow] = {}
        for row in rows:
            try:
                found[row["fact"]] = QuestionRow.from_row(row)
            except ValueError as error:
                if not row["order"] or whole(row["order"]):
                    self.fault("questions.csv", row, "choices", str(error))
        return found

    def run(self) -> None:
        checks: dict[str, Callable[[list[Row]], None]] = {
            "regions.csv": self.check_regions,
            "questions.csv": self.check_questions,
            "catalogue.csv": self.check_catalogue,
            "materials.csv": self.check_materials,
            "clauses.csv": self.check_clauses,
            "nodes.csv": self.check_nodes,
            "documents.csv": self.check_documents,
            "survey.csv": self.check_survey,
            "openness.csv": self.check_openness,
            "satisfaction.csv": self.check_satisfaction,
            "rulebook.csv": lambda rows: check_rulebook(rows, self.faults),
        }
        for file, check in checks.items():
            if file in self.tables:
                check(self.tables[file])

    def known(
        self, file: str, row: Row, column: str, codes: frozenset[str] | None, message: str
    ) -> None:
        """Every code in the cell must be among these."""
        for code in split(row[column]):
            if codes is not None and code not in codes:
                self.fault(file, row, column, message % {"code": code})

    def department(self, file: str, row: Row, column: str) -> None:
        self.known(file, row, column, self.departments, _("没有编码为“%(code)s”的部门"))

    def condition(self, file: str, row: Row, column: str) -> Condition | None:
        """The condition in the cell, where it can be read and its facts and values exist."""
        if not row[column]:
            return None
        try:
            condition = parse(row[column])
        except ConditionError as error:
            self.fault(file, row, column, str(error))
            return None
        self.uses(file, row, column, condition)
        return condition

    def uses(self, file: str, row: Row, column: str, condition: Condition) -> None:
        for use in condition.uses if self.questions is not None else ():
            question = (self.questions or {}).get(use.fact)
            where = {"column": use.column, "fact": use.fact, "value": use.value}
            if question is None:
                text = _("第%(column)d个字符：没有名为“%(fact)s”的事实")
            elif use.value is None and question.type != "yes_no":
                text = _("第%(column)d个字符：“%(fact)s”是选择题，须写明取值")
            elif use.value is not None and use.value not in question.values:
                text = _("第%(column)d个字符：“%(fact)s”没有选项“%(value)s”")
            else:
                continue
            self.fault(file, row, column, text % where)

    def check_regions(self, rows: list[Row]) -> None:
        codes = frozenset(row["code"] for row in rows)
        for row in rows:
            self.known("regions.csv", row, "parent_code", codes, _("没有编码为“%(code)s”的区划"))

    def check_questions(self, rows: list[Row]) -> None:
        file = "questions.csv"
        orders: dict[str, int] = {}
        before: set[str] = set()
        asked = [row for row in rows if whole(row["order"])]
        derived = [row for row in rows if not row["order"]]
        for row in sorted(asked, key=lambda r: int(r["order"])):
            if row["order"] in orders:
                said = {"order": row["order"], "line": orders[row["order"]]}
                self.fault(file, row, "order", _("序号%(order)s与第%(line)d行重复") % said)
            orders.setdefault(row["order"], row.line)
            _settle(derived, before)
            self.check_question(row, before)
            before.add(row["fact"])
        self.check_derived(derived, before)

    def check_question(self, row: Row, before: set[str]) -> None:
        """A question may rest only on what is asked, or can be derived, before it."""
        file = "questions.csv"
        condition = self.condition(file, row, "asked_if")
        late = sorted(condition.facts - before) if condition else []
        if late and set(late) <= set(self.questions or ()):
            text = _("“%(fact)s”要在此题之前问到") % {"fact": late[0]}
            self.fault(file, row, "asked_if", text)
        self.check_effects(row)
        if row["type"] == "choice" and not row["choices"]:
            self.fault(file, row, "choices", _("选择题没有选项"))

    def check_derived(self, derived: list[Row], before: set[str]) -> None:
        file = "questions.csv"
        for row in derived:
            if not row["derived_from"]:
                self.fault(file, row, "derived_from", _("不提问的事实必须写明由什么推出"))
            self.condition(file, row, "derived_from")
        _settle(derived, before)
        for row in derived:
            if row["derived_from"] and row["fact"] not in before and _readable(row):
                self.fault(file, row, "derived_from", _("推不出来：所依据的事实缺失或互相依赖"))

    def check_effects(self, row: Row) -> None:
        try:
            effects = parse_effects(row["eligibility_effect"])
        except ConditionError as error:
            self.fault("questions.csv", row, "eligibility_effect", str(error))
            return
        for effect in effects:
            self.uses("questions.csv", row, "eligibility_effect", effect.condition)

    def check_catalogue(self, rows: list[Row]) -> None:
        file = "catalogue.csv"
        clauses = self.tables.get("clauses.csv")
        promised = {row["item_code"] for row in clauses or []}
        for row in rows:
            self.department(file, row, "department_code")
            self.department(file, row, "co_departments")
            self.condition(file, row, "applies_if")
            self.check_silence(row)
            self.check_days(row)
            if clauses is not None and row["class"] == "commitment" and row["code"] not in promised:
                self.fault(file, row, "code", _("承诺事项没有任何承诺条款（clauses.csv）"))

    def check_silence(self, row: Row) -> None:
        """Nobody's silence passes a red line, and a conditional rule has its condition."""
        file = "catalogue.csv"
        for column, message in broken(row):
            self.fault(file, row, column, message)
        conditional = row["opinion_default"] == "if_condition_absent" or row["start_gate"].endswith(
            _IF_CONDITION
        )
        if conditional and not row["condition_fact"]:
            self.fault(file, row, "condition_fact", _("附条件的规则必须写明条件事实"))
        self.condition(file, row, "condition_fact")
        allowed = _GATES.get(row["class"])
        if allowed and row["start_gate"] not in allowed:
            words = dict(StartGate.choices)
            known = [f"{words[gate]}（{gate}）" if gate in words else gate for gate in allowed]
            text = _("此类事项的开工条件只能是%(allowed)s") % {"allowed": "、".join(known)}
            self.fault(file, row, "start_gate", text)

    def check_days(self, row: Row) -> None:
        for column, message in too_long(row):
            self.fault("catalogue.csv", row, column, message)

    def check_materials(self, rows: list[Row]) -> None:
        file, missing = "materials.csv", _("没有编码为“%(code)s”的事项")
        for row in rows:
            self.known(file, row, "item_code", self.items, missing)
            self.known(file, row, "produced_by", self.items, missing)
            self.condition(file, row, "only_if")
            if row["tolerable"] == "yes" and row["needed_by"] != "intake":
                self.fault(file, row, "tolerable", _("只有收件时需要的材料才能容缺"))
            if row["tolerable"] == "yes" and row["produced_by"]:
                self.fault(file, row, "tolerable", _("由其他事项产生的材料不属于容缺"))

    def check_clauses(self, rows: list[Row]) -> None:
        file = "clauses.csv"
        catalogue = self.tables.get("catalogue.csv") or []
        other = {row["code"] for row in catalogue if row["class"] != "commitment"}
        for row in rows:
            self.known(file, row, "item_code", self.items, _("没有编码为“%(code)s”的事项"))
            self.department(file, row, "checked_by")
            if row["item_code"] in other:
                self.fault(file, row, "item_code", _("不是承诺事项，不能有承诺条款"))

    def check_nodes(self, rows: list[Row]) -> None:
        """Each place is taken once; the works begin once and end once."""
        orders: set[str] = set()
        ends: set[str] = set()
        for row in rows:
            if row["order"] in orders:
                self.fault("nodes.csv", row, "order", _("次序重复"))
            orders.add(row["order"])
            by = row["reported_by"]
            if by in ("start", "completion") and by in ends:
                self.fault("nodes.csv", row, "reported_by", _("开工和竣工各只有一个节点"))
            ends.add(by)

    def check_survey(self, rows: list[Row]) -> None:
        file = "survey.csv"
        for row in rows:
            self.department(file, row, "department_code")
            self.known(file, row, "item_codes", self.items, _("没有编码为“%(code)s”的事项"))
        for row, column, message in twice(rows):
            self.fault(file, row, column, message)

    def check_documents(self, rows: list[Row]) -> None:
        """Issuer and recipient are words or department codes; a code is written in capitals."""
        for row in rows:
            for column in ("issuer", "recipient"):
                for word in split(row[column]):
                    if word.isupper() and self.departments and word not in self.departments:
                        text = _("没有编码为“%(code)s”的部门") % {"code": word}
                        self.fault("documents.csv", row, column, text)

    def check_openness(self, rows: list[Row]) -> None:
        file = "openness.csv"
        known = self.tables.get("rulebook.csv")
        rules = None if known is None else frozenset(row["id"] for row in known)
        for row in rows:
            self.department(file, row, "publisher")
            self.known(file, row, "rule", rules, _("期限规则里没有“%(code)s”"))
            for column, said in wrong(
                {name: row[PACK.get(name, name)] for name in WRITTEN}
            ).items():
                self.fault(file, row, PACK.get(column, column), str(said))

    def check_satisfaction(self, rows: list[Row]) -> None:
        """Exactly one question is the one that the end of a case always asks."""
        overall = [row for row in rows if row["overall"] == "yes"]
        for row in overall[1:] if overall else rows[:1]:
            self.fault("satisfaction.csv", row, "overall", _("总的满意度须有一题，也只有一题"))


def _settle(derived: Iterable[Row], before: set[str]) -> None:
    """Add the derived facts that can be told from the facts known so far."""
    waiting = [row for row in derived if row["derived_from"] and _readable(row)]
    found = True
    while found:
        found = False
        for row in waiting:
            if row["fact"] not in before and parse(row["derived_from"]).facts <= before:
                before.add(row["fact"])
                found = True


def _readable(row: Row) -> bool:
    try:
        parse(row["derived_from"])
    except ConditionError:
        return False
    return True
