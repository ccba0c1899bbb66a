#!/usr/bin/env python3
"""Reckon the published figures again from the published rows. Python 3, standard library only.

    python3 chengnuo-figures.py decisions.csv events.csv --fewest 5 [--month 2018-06]

Prints what the page says, as JSON: null is a number that is not told because too few rows stand behind it.

decisions.csv   one row for each opinion that a department was asked for, and rows of days
    month       in which its limit began, 2018-06
    department  code; empty where the county does not publish by department
    name        of the department
    kind        survey (the record of a joint survey) or meeting (an item of a joint pre-review)
    item        code of the matter; empty for a survey
    limit       working days that the department had
    state       answered, deemed (no objection by silence), none (no opinion given), held, waiting;
                days: no opinion, but the days that one took, told apart from it because too few stand beside it there:
                without a month, and without a department where too few are left of it in the whole period
    days        net working days until the answer, without days on which the clock stood; empty: none, not known,
                apart, or not told because too few stand beside them even so
events.csv      one row for each acceptance, promised paper, demand outside the list, objection
    month       in which it came
    subject     accepted, gap, extra, objection
    outcome     what came of it
"""

import argparse
import csv
import json
import sys

STATES = ("answered", "deemed", "none", "held", "waiting")
EVENTS = {
    "accepted": ("complete", "with_gaps", "by_silence"),
    "gap": ("kept", "late", "broken", "open", "dropped"),
    "extra": ("asked", "signed", "refused"),
    "objection": ("open", "not_upheld", "partly", "upheld"),
}


def read(path, month):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if not month or row["month"] == month]


def percentile(values, percent):
    """The smallest of the values that at least `percent` in a hundred of them do not exceed."""
    for value in sorted(values):
        if sum(other <= value for other in values) * 100 >= percent * len(values):
            return value
    return None


def group(rows, fewest):
    count = {state: sum(row["state"] == state for row in rows) for state in STATES}
    days = [
        int(row["days"]) for row in rows if row["state"] in ("answered", "days") and row["days"]
    ]
    settled = count["answered"] + count["deemed"] + count["none"]
    enough = len(days) >= fewest
    return {
        "asked": sum(row["state"] != "days" for row in rows),
        **count,
        "median": percentile(days, 50) if enough else None,
        "ninetieth": percentile(days, 90) if enough else None,
        "deemed_percent": (
            int(count["deemed"] * 100 / settled + 0.5) if settled and settled >= fewest else None
        ),
    }


def reckon(decisions, events, fewest):
    groups = []
    for kind in sorted({row["kind"] for row in decisions}):
        alike = [row for row in decisions if row["kind"] == kind]
        for code in ["", *sorted({row["department"] for row in alike} - {""})]:
            rows = [row for row in alike if not code or row["department"] == code]
            groups.append({"kind": kind, "department": code, **group(rows, fewest)})
    happened = {
        subject: {
            outcome: sum((row["subject"], row["outcome"]) == (subject, outcome) for row in events)
            for outcome in outcomes
        }
        for subject, outcomes in EVENTS.items()
    }
    return {"fewest": fewest, "decisions": groups, "events": happened}


def main(arguments):
    asked = argparse.ArgumentParser(description="Reckon the published figures again.")
    asked.add_argument("decisions")
    asked.add_argument("events")
    asked.add_argument("--fewest", type=int, required=True, help="as the page says")
    asked.add_argument("--month", default="", help="one month of a year's files, 2018-06")
    said = asked.parse_args(arguments)
    rows = read(said.decisions, said.month), read(said.events, said.month)
    if said.month and any(row["state"] == "days" for row in read(said.decisions, "")):
        sys.exit("These rows tell some days without their month: take the files of that month.")
    print(json.dumps(reckon(*rows, said.fewest), indent=1, sort_keys=True))


if __name__ == "__main__":
    main(sys.argv[1:])
