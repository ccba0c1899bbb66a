"""Every notice and proof of a portion put together by the database, each from its slot's own rows: the floor's texts.

How it was served, who signed, who came, which sitting, project, enterprise and item stand in the rows; what the rules
found the database is told (`told.py`). Words that are alike in all are taken from one default.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from benchmarks.silences import Portion
from benchmarks.told import MARK, Told
from benchmarks.wording import Words, chosen, literal, put, said
from core.composed import encode

ATTEMPTS = (
    "{name}_tries AS (SELECT of, {listed} AS said FROM (SELECT {name}_id AS of, moment, id, {one} AS text "
    "FROM {table} WHERE id > {above} AND id < {below} ORDER BY moment, id) AS each_try GROUP BY of)"
)


def _attempts(name: str, table: str, portion: Portion, words: Words) -> str:
    none = "CASE WHEN {0} = '' THEN 'null' ELSE {1} END"
    one = put({
        "channel": words.quoted("channel"), "received": said("received"), "moment": words.instant("moment"),
        "receiver": none.format("receiver", words.quoted("receiver")),
        "witness": none.format("witness", words.quoted("witness")),
    })  # fmt: skip
    return ATTEMPTS.format(
        name=name, table=table, one=one, listed=words.listed("text", "moment, id"),
        above=portion.above, below=portion.below,
    )  # fmt: skip


def _sent(portion: Portion, words: Words) -> str:
    """Return the summonses of a portion: how each was served, who signed, who came; in JSON and in Chinese."""
    signed = "coalesce(sent.acknowledged_at, sent.served_at)"
    receiver = "coalesce(nullif(sent.received_by, ''), signer.name)"
    service = put({
        "channel": chosen("sent.channel", {"system": '"系统送达"'}),
        "served_text": _text(words.clock("sent.served_at")),
        "receiver": words.quoted(receiver), "acknowledged_text": _text(words.clock(signed)),
    })  # fmt: skip
    columns = {
        "acknowledged_at": words.instant("sent.acknowledged_at"), "acknowledged_by": words.quoted(receiver),
        "answer": words.quoted("sent.answer"), "excuse": "sent.answer", "attempts": "'[' || tries.said || ']'",
        "channel": words.quoted("sent.channel"), "checked_in_at": words.instant("sent.checked_in_at"),
        "excuse_decided_at": words.instant("sent.decided_at"), "left_at": words.instant("sent.left_at"),
        "served_at": words.instant("sent.served_at"), "sign_by": words.instant("sent.due_at"),
        "service": f"'[' || {service} || ']'", "signed_text": words.clock(signed),
        "came": "sent.checked_in_at IS NOT NULL",
    }  # fmt: skip
    return (
        f"WITH {_attempts('invitation', 'prereview_summonsattempt', portion, words)} "
        f"SELECT sent.session_id, sent.department_id, {_listed(columns)} "
        "FROM prereview_invitation AS sent JOIN invitation_tries AS tries ON tries.of = sent.id "
        "LEFT JOIN accounts_membership AS office ON office.id = sent.acknowledged_by_id "
        "LEFT JOIN accounts_user AS signer ON signer.id = office.user_id "
        f"WHERE sent.id > {portion.above} AND sent.id < {portion.below}"
    )


def _filed(portion: Portion, words: Words) -> str:
    """Return how the file itself was sent to each department."""
    dispatch = put({
        "sent_at": words.instant("file.sent_at"), "channel": words.quoted("file.channel"),
        "due_at": words.instant("file.due_at"), "acknowledged_at": words.instant("file.acknowledged_at"),
        "acknowledged_by": words.quoted("coalesce(nullif(file.received_by, ''), signer.name)"),
        "attempts": "'[' || tries.said || ']'", "service_file": "'null'",
    })  # fmt: skip
    return (
        f"WITH {_attempts('dispatch', 'prereview_dispatchattempt', portion, words)} "
        f"SELECT file.filing_id, file.department_id, {dispatch} AS said "
        "FROM prereview_dispatch AS file JOIN dispatch_tries AS tries ON tries.of = file.id "
        "LEFT JOIN accounts_membership AS office ON office.id = file.acknowledged_by_id "
        "LEFT JOIN accounts_user AS signer ON signer.id = office.user_id "
        f"WHERE file.id > {portion.above} AND file.id < {portion.below}"
    )


def _sat(portion: Portion, words: Words) -> str:
    """Return the sittings of a portion with their cases."""
    from accounts.models import County

    site = f"{literal(County.objects.get().name)} || site.name || filing.site_detail"
    project = put({
        "code": words.quoted("filing.project_code"), "name": words.quoted("filing.project_name"),
        "location": words.quoted(site), "scale": words.quoted("filing.scale"),
        "investment_text": _text("CAST(CAST(filing.investment_wan AS integer) AS text) || '万元'"),
    })  # fmt: skip
    columns = {
        "closed_at": words.instant("agenda.closed_at"), "closed_text": words.clock("agenda.closed_at"),
        "session": words.quoted("sat.number"), "opens_at": words.instant("sat.opens_at"),
        "opened_at": words.instant("sat.opened_at"), "session_opened_in_time": said("sat.notice_kept"),
        "held": put({
            "title": words.quoted("'联合预审会（' || sat.number || '）'"),
            "held_text": _text(words.clock("sat.opened_at")),
        }),
        "signed_by": words.quoted("convenor.name"), "project": project, "project_name": "filing.project_name",
        "enterprise": put({"name": words.quoted("firm.name"), "uscc": words.quoted("firm.uscc")}),
        "copy_to": f"'[' || {words.quoted('firm.name')} || ']'", "enterprise_id": "filing.enterprise_id",
        "link": "'/cases/' || filing.public_id || '/'",
    }  # fmt: skip
    return (
        f"SELECT agenda.id AS agenda_id, sat.id AS session_id, {_listed(columns)} "
        "FROM prereview_agendaitem AS agenda JOIN prereview_session AS sat ON sat.id = agenda.session_id "
        "JOIN accounts_membership AS office ON office.id = sat.convenor_id "
        "JOIN accounts_user AS convenor ON convenor.id = office.user_id "
        "JOIN approvals_filing AS filing ON filing.id = agenda.filing_id "
        "JOIN approvals_region AS site ON site.id = filing.site_id "
        "JOIN accounts_organisation AS firm ON firm.id = filing.enterprise_id "
        f"WHERE agenda.id > {portion.above} AND agenda.id < {portion.below}"
    )


def _text(sql: str) -> str:
    """Return a text without anything to escape, as JSON."""
    return f"'\"' || {sql} || '\"'"


def _listed(columns: Mapping[str, str]) -> str:
    return ", ".join(f"{sql} AS {name}" for name, sql in columns.items())


def _proof(told: Told, words: Words) -> str:
    return put({
        **{name: f"sent.{name}" for name in (
            "acknowledged_at", "acknowledged_by", "answer", "attempts", "channel", "checked_in_at",
            "excuse_decided_at", "left_at", "served_at", "sign_by",
        )},
        **{name: f"sat.{name}" for name in (
            "closed_at", "session", "opens_at", "opened_at", "session_opened_in_time",
        )},
        "position": words.quoted("told.position"), "effective_at": words.instant("told.effective_at"),
        "stands_since": words.quoted("told.stands"), "department": words.quoted("office.code"),
        "item": words.quoted("item.code"), "red_line": said("slot.\"default\" = 'escalate'"),
        "mark": put({
            "basis": words.quoted("slot.mark_basis"), "approver": words.quoted("slot.mark_approver"),
        }),
        "dispatch": "filed.said", "started_at": words.instant("slot.started_at"),
        "due_at": words.instant("slot.due_at"),
        "days": "told.days", "notice_days": "told.notice_days", "suspensions": "told.suspensions",
        "exclusions": _exclusions("slot.\"default\" = 'escalate'"),
    }, told.proof)  # fmt: skip


def _exclusions(red: str) -> str:
    """Return what was checked: all holds, but of a red line that there is none and that a default is marked."""
    checks = (
        "marked", "no_red_line", "service_proven", "notice_kept", "excuse_decided", "roll_stands",
        "calendar_published", "not_dismissed", "not_given",
    )  # fmt: skip
    listed = [{"check": name, "holds": True} for name in checks]
    shut = [{**one, "holds": one["check"] not in checks[:2]} for one in listed]
    return f"CASE WHEN {red} THEN {literal(encode(shut))} ELSE {literal(encode(listed))} END"


def _content(position: str, told: Told, words: Words) -> str:
    """Return the notice of a default of this kind."""
    kept = told.contents[position]
    absent = position == "deemed_absence"
    until = _midnight("slot.due_at", words)
    away = "CASE WHEN sent.came THEN '不在会场' ELSE '未签到' END"
    signed = "'你单位于' || sent.signed_text || '签收联合预审会通知。'"
    facts = (
        f"{signed} || '至本项议程于' || sat.closed_text || '结束，你单位' || {away} || '，也没有获准的请假。'" if absent
        else f"{signed} || '本项议程于' || sat.closed_text || '结束。至' || {until} || '，未收到你单位的意见。'"
    )  # fmt: skip
    limit = put(
        {"starts_text": _text(words.day("slot.started_at")), "due_text": _text(until)},
        kept["limit"],
    )
    matter = put(
        {
            "item": words.quoted("catalogue.name || '（' || item.code || '）'"),
            "approval": _text(_owed()),
        },
        kept["matters"][0],
    )
    return put({
        **{name: f"sat.{name}" for name in ("copy_to", "enterprise", "project", "signed_by")},
        "session": "sat.held", "service": "sent.service", "day_table": "told.day_table",
        "limit": "told.limits" if absent else limit, "suspension_text": words.quoted("told.stops"),
        "department": words.quoted("office.named"), "facts_text": words.quoted(facts),
        "excuse_text": _text(_excuse()), "effective_text": _text(_effective(words)),
        "matters": f"'[' || {matter} || ']'",
        "number": _text(_number("slot.number", told)),
        "verify_url": _text(f"{literal(_address(kept))} || told.code || '/'"),
    }, kept)  # fmt: skip


def _midnight(at: str, words: Words) -> str:
    return f"{words.last_day(at)} || '24时'"


def _effective(words: Words) -> str:
    at = "told.effective_at"
    return f"CASE WHEN {words.midnight(at)} THEN {_midnight(at, words)} ELSE {words.clock(at)} END"


def _number(nth: str, told: Told) -> str:
    year = told.like["Paper"].issued_at.year
    return f"'{MARK}〔{year}〕' || CAST({nth} + {told.last} AS text) || '号'"


def _address(kept: Mapping[str, Any]) -> str:
    return str(kept["verify_url"]).rstrip("/").rpartition("/")[0] + "/"


def _owed() -> str:
    from prereview.services.default_notice import APPROVALS, OWED

    owed = chosen("item.start_gate", OWED)
    return f"CASE WHEN item.approval = 'owed' THEN {owed} ELSE {chosen('item.approval', APPROVALS)} END"


def _excuse() -> str:
    from prereview.services.default_notice import EXCUSES

    return chosen("sent.excuse", EXCUSES)


# From the slot to what bears on it: SQLite joins in this order, each by its index.
JOINED = {
    "slot": "slot.id IS NOT NULL",
    "told": "told.slot = slot.id",
    "sat": "sat.agenda_id = slot.agenda_id",
    "sent": "sent.session_id = sat.session_id AND sent.department_id = slot.department_id",
    "filed": "filed.filing_id = slot.filing_id AND filed.department_id = slot.department_id",
    "office": "office.id = slot.department_id",
    "approvals_checklistitem AS item": "item.id = slot.item_id",
    "approvals_catalogueitem AS catalogue": "catalogue.id = item.item_id",
}


def beside(portion: Portion, words: Words) -> list[str]:
    """Return the statements that put together what slots share, each with an index by which it is found."""
    made = {
        "sent": (_sent(portion, words), "session_id, department_id"),
        "filed": (_filed(portion, words), "filing_id, department_id"),
        "sat": (_sat(portion, words), "agenda_id"),
    }
    statements = []
    for name, (query, by) in made.items():
        statements.append(f"CREATE TEMPORARY TABLE {name} AS {query}")
        statements.append(f"CREATE UNIQUE INDEX {name}_of ON {name} ({by})")
    return statements


def due(portion: Portion, told: Told, now: datetime, words: Words) -> str:
    """Return the statement that puts together all texts of a portion's slots, each from its own rows."""
    from django.utils import timezone

    day = literal(timezone.localdate(now).isoformat())
    absence, timeout = (
        _content(name, told, words) for name in ("deemed_absence", "deemed_timeout")
    )
    columns = {
        "id": "slot.id", "book_id": "slot.book_id", "book": "slot.book", "nth": "slot.nth", "place": "slot.place",
        "filing_id": "slot.filing_id", "agenda_id": "slot.agenda_id", "position": "told.position",
        "deemed": "slot.deemed", "effective_at": "told.effective_at", "red": "slot.red", "basis": "slot.mark_basis",
        "approver": "slot.mark_approver", "department_id": "slot.department_id", "department": "office.code",
        "office": "office.name", "office_en": "office.name_en", "item": "coalesce(item.code, '')",
        "enterprise_id": "sat.enterprise_id", "project_name": "sat.project_name", "link": "sat.link",
        "number": _number("slot.number", told), "code": "told.code", "proof": _proof(told, words),
        "content": f"CASE told.position WHEN 'deemed_absence' THEN {absence} WHEN 'deemed_timeout' THEN {timeout} END",
    }  # fmt: skip
    in_order = "slot.book_id, slot.act_at, slot.rule, slot.id"
    return (
        "CREATE TEMPORARY TABLE due AS WITH office AS MATERIALIZED ("
        "SELECT id, code, name, name_en, coalesce((SELECT old.name "
        "FROM accounts_organisationname AS old WHERE old.organisation_id = office.id "
        f"AND old.valid_from <= {day} AND (old.valid_to IS NULL OR old.valid_to >= {day}) LIMIT 1), office.name) "
        "AS named FROM accounts_organisation AS office), "
        "slot AS (SELECT slot.*, book.code AS book, item.opinion_default = 'escalate' AS red, "
        "slot.\"default\" = 'deemed' AS deemed, "
        f"row_number() OVER (PARTITION BY slot.book_id ORDER BY {in_order}) AS nth, "
        f"row_number() OVER (ORDER BY {in_order}) AS place, "
        f"sum(CASE WHEN slot.\"default\" = 'deemed' THEN 1 ELSE 0 END) OVER (ORDER BY {in_order}) AS number "
        "FROM prereview_slot AS slot JOIN ledger_book AS book ON book.id = slot.book_id "
        "JOIN approvals_checklistitem AS item ON item.id = slot.item_id "
        f"WHERE slot.id > {portion.above} AND slot.id < {portion.below} AND slot.ended_at IS NULL) "
        f"SELECT {_listed(columns)} FROM {' CROSS JOIN '.join(JOINED)} WHERE {' AND '.join(JOINED.values())} "
        "ORDER BY slot.place"
    )
