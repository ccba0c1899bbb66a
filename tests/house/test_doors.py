"""The doors of the site: every address × method × person × state answers as the table says, and the table is right.

`doors.csv` is generated (`make doors`), read by a person, committed. The first half of this file are rules that no
table may break, whatever was generated; the second half asks every door and compares.
"""

import functools
import logging
import os
from collections import defaultdict
from contextlib import contextmanager
from datetime import timedelta
from zlib import crc32

import pytest
from django.core.cache import cache
from django.core.signals import request_finished
from django.db import close_old_connections, connection, transaction
from django.test import Client

from accounts.models import Membership, User
from accounts.stages import Role
from approvals import services as filings
from approvals.models import Filing
from core import clock
from desk.services.catalogue import open_catalogue_draft
from inspection import services as works
from inspection.stages import Ground, MeasureKind
from prereview.services import open_item
from public_notice.models import OpenMatter
from public_notice.services import (
    draft_bulletin,
    lodge_objection,
    mark_part,
    note_publication,
    propose,
    review_bulletin,
)
from tests.house import table
from tests.house.bodies import OBJECTION, body, message
from tests.house.doors import ASKED, DOORS, address, dummy, first_of_administration
from tests.house.headers import faults
from tests.house.owners import OWNERS
from tests.house.table import NOTHING, PLAIN, ROLES, STAGES
from tests.share import mine, turns
from tests.walk import (
    Walk,
    asked_for_disclosure,
    asked_to_be_public_again,
    pdf,
    walk,
    wrote_to_the_mailbox,
)

pytestmark = pytest.mark.django_db
# `make doors`: all answers are asked and written anew; `make doors NEW=1`: only of doors that have no row yet.
WRITE = os.environ.get("CHENGNUO_DOORS", "")
SEED = os.environ.get("CHENGNUO_SEED", "")

# Open without a login: what the public reads, how an objection comes in, and the way to an account.
PUBLIC = {
    "public_notice:front",
    "public_notice:list",
    "public_notice:export",  # the register as a file: what was published and nothing else
    "public_notice:notice",
    "public_notice:object",
    "public_notice:receipt",
    "public_notice:objection_lookup",
    "public_notice:bulletins",
    "public_notice:export_bulletins",  # the same, of all months
    "public_notice:openness",  # what is published, and what is not and why
    "public_notice:export_openness",
    "public_notice:openness_negative",
    "public_notice:guides",  # the catalogue in force as everybody may read it
    "public_notice:export_guides",
    "public_notice:guide",
    "public_notice:powers",
    "public_notice:export_powers",
    "public_notice:credit",  # what competent organs decided, while it is on show
    "public_notice:export_credit",
    "public_notice:credit_feed",
    "public_notice:feed",
    "public_notice:checkpoints",  # anyone may keep what was signed: that is what it is for
    "public_notice:export_checkpoints",
    "public_notice:checkpoint_feed",
    "public_notice:checkpoint_keys",
    "public_notice:checkpoint",
    "public_notice:verifier",
    "public_notice:statistics",  # counts and the rows behind them: offices and months, no person and no project
    "public_notice:statistics_of",
    "public_notice:statistics_rows",
    "public_notice:figures_program",
    "public_notice:hall",  # the wall of the hall: times and places, matters, published notices
    "desk:hall_lookup",  # as desk:progress, from large keys
    "api:statistics_read",
    "public_notice:draws",  # what was drawn at random, once nobody is warned by it
    "public_notice:export_draws",
    "public_notice:draw",
    "public_notice:draw_data",
    "public_notice:draw_table",
    "public_notice:open_data",  # what was published, for programs
    "public_notice:open_set",
    "public_notice:subscribe",  # anyone may ask; nothing is sent but the question, until its owner says yes
    "public_notice:confirm_subscription",
    "public_notice:leave_subscription",
    "public_notice:sitemap",
    "public_notice:sitemap_piece",
    "public_notice:robots",
    "public_notice:bulletin",  # what was published of a month's defaults
    "public_notice:disclosures",
    "public_notice:disclosure_apply",  # anyone may ask; what they ask is read by the office and by number and code
    "public_notice:disclosure_lookup",
    "public_notice:disclosure_mine",
    "public_notice:disclosure_supplement",
    "public_notice:disclosure_withdraw",
    "public_notice:disclosure_paper",
    "public_notice:disclosure_year",
    "public_notice:export_disclosure_year",
    "public_notice:mailbox",
    "public_notice:mailbox_write",  # anyone may write; it is read at the desk and by number and code
    "public_notice:mailbox_lookup",
    "public_notice:mailbox_mine",
    "public_notice:mailbox_judge",
    "public_notice:mailbox_receipt",
    "public_notice:mailbox_paper",
    "public_notice:export_mailbox_year",
    "public_notice:survey",
    "public_notice:export_survey",
    "public_notice:survey_answer",  # whoever holds the code of an invitation
    "public_notice:survey_thanks",
    "approvals:trial",  # anyone may ask what a project would need; nothing is kept
    "public_notice:calculator",  # anyone may count days; nothing is read but the calendar
    "approvals:check",  # anyone may ask whether a file or a code is ours; nothing is kept
    "approvals:check_paper",  # the code on a paper proves it to whoever holds it
    "approvals:paper_signed",  # of published papers, as the paper itself
    "approvals:paper",  # published papers; others are found only by those they concern
    "desk:register",
    "desk:progress",  # number and code open one case as far as its enterprise wants it followed
    "prereview:pulse",  # that something happened in some books, to whoever holds a signed address; never what
    "prereview:read_feed",  # one person's sessions, to whoever holds the secret address that they drew
    "desk:health",  # for machines; it counts nobody's cases
    "api_schema",  # the description of the API holds no data
    "api_docs",
    "api:notice_list",
    "api:notice_export",
    "api:notice_read",
    "api:notice_object",
    "api:bulletin_list",
    "api:bulletin_export",
    "api:bulletin_read",
    "api:open_matter_list",
    "api:open_matter_export",
    "api:open_matter_read",
    "api:guide_list",
    "api:guide_read",
    "api:checkpoint_list",
    "api:checkpoint_export",
    "api:credit_mark_list",
    "api:credit_mark_export",
    "api:public_draw_list",
    "api:public_draw_export",
    "api:disclosure_years",
    "api:disclosure_request",
    "api:disclosure_follow",
    "api:disclosure_supplement",
    "api:disclosure_withdraw",
    "api:letter_years",
    "api:letter_public",
    "api:letter_write",
    "api:letter_follow",
    "api:letter_judge",
    "api:survey_results",
    "api:survey_answer",
    "api:due_read",
    "api:paper_check",  # the page's check for programs
    "api:trial",  # the page's trial for programs: questions and what answers come to
    "api:progress",
    "set_language",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",  # says that enterprises register elsewhere
    "account_email_verification_sent",
    "account_confirm_login_code",
    "account_confirm_email",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
}
# The administration sends to its own address first, and that one to the login.
SPARSE = 8  # of so many rows the second database of `make test` asks one: of addresses they speak, not of databases
TURN = 5  # of so many rows one is asked in a run of `make test`, besides one of each address
TURNS = 8  # so many take turns at the rows of a case; where a row hangs on no stage, four
LOGIN = ("/accounts/login/", "/admin/login/?next=")
SHUT = {"login", "401", "403", "404", "405"}
# A login keeps its session and its count of failures; looking writes nothing else.
KEPT = ('"django_session"', '"axes_')
WRITES = ("INSERT", "WITH", "UPDATE", "DELETE", "REPLACE", "CREATE", "DROP", "ALTER")
BY_NAME = {door.route: door for door in DOORS}
TABLE = table.read()


# — rules that no table may break ———————————————————————————————————————————————————————


def cells():
    """(door, method, state, {role: answer}) of the committed table."""
    for (route, method, state), answers in TABLE.items():
        if route in BY_NAME:
            yield BY_NAME[route], method, state, dict(zip(ROLES, answers, strict=True))


def broken(wrong):
    """The cells for which `wrong(door, method, state, role, answer)` holds, as lines for a person."""
    return [
        f"{method} {door.route} ({state}) as {role}: {answer}"
        for door, method, state, answers in cells()
        for role, answer in answers.items()
        if wrong(door, method, state, role, answer)
    ]


def test_nothing_is_open_but_what_is_listed():
    assert {door.name for door in DOORS if door.open} == PUBLIC


def test_every_door_has_its_rows():
    has = {(route, method) for route, method, _state in TABLE}
    lacking = [f"{m} {d.route}" for d in DOORS for m in table.METHODS if (d.route, m) not in has]

    assert lacking == [], f"no row for these doors. {table.HOW}"


def test_no_row_stands_for_a_door_that_is_gone():
    assert {route for route, _method, _state in TABLE} - set(BY_NAME) == set(), table.HOW


def test_nothing_breaks():
    assert broken(lambda *cell: cell[-1].isdecimal() and int(cell[-1]) >= 500) == []


def test_a_stranger_comes_through_no_door_that_is_not_open():
    def in_(door, method, state, role, answer):
        return role == "public" and not door.open and answer not in SHUT

    assert broken(in_) == []


def test_the_case_of_another_enterprise_does_not_exist():
    def published(door, state):
        """The paper of that state is one that anybody reads: the page of papers lets the public in."""
        page = TABLE.get(("papers/<slug:code>/", "GET", state), ("login",))
        return door.name.startswith("api:paper_") and page[0] != "login"

    def seen(door, method, state, role, answer):
        return (
            role == "other enterprise"
            and door.of_things
            and state in STAGES
            and not door.open
            and not published(door, state)
            and answer not in SHUT - {"login"}
        )

    assert broken(seen) == []


def test_what_is_not_there_is_not_found():
    def found(door, method, state, role, answer):
        # Three lead whoever has none to the page for looking it up; who leaves a list learns nothing of who is on it.
        receipt = door.name in {
            "public_notice:receipt", "public_notice:disclosure_paper", "public_notice:mailbox_paper",
            "public_notice:leave_subscription",
        }  # fmt: skip
        return state == NOTHING and door.ours and not receipt and answer not in SHUT

    assert broken(found) == []


def test_pages_know_looking_and_sending_and_nothing_else():
    def taken(door, method, state, role, answer):
        return method in {"PUT", "PATCH", "DELETE"} and not door.interface and answer not in SHUT

    assert broken(taken) == []


def test_every_door_of_a_step_has_an_owner():
    sending = {
        d.name
        for d, m, _s, said in cells()
        if m == "POST" and d.ours and not d.open and set(said.values()) - SHUT
    }

    assert sending <= set(OWNERS), "say in tests/house/owners.py whose door it is"


def test_a_step_is_refused_to_whoever_it_does_not_belong_to():
    def taken(door, method, state, role, answer):
        belongs = OWNERS.get(door.name, ROLES if door.open or not door.ours else ())
        return method == "POST" and role not in belongs and answer not in SHUT

    assert broken(taken) == []


def test_a_step_is_refused_at_a_stage_that_it_does_not_leave():
    def taken(door, method, state, role, answer):
        step = getattr(getattr(door.callback, "view_class", None), "transition", "")
        if method != "POST" or not step or not hasattr(Filing, step) or state not in STAGES:
            return False
        leaves = getattr(Filing, step)._django_fsm.get_transition(state)
        return leaves is None and answer not in {"409", *SHUT}

    assert broken(taken) == []


# — asking every door ————————————————————————————————————————————————————————————————————


@contextmanager
def nothing_is_written(watched=True):
    """Collect every statement that changes a table, and fail on the first."""
    written = []

    def watch(execute, sql, params, many, context):
        if sql.lstrip().upper().startswith(WRITES) and not any(table in sql for table in KEPT):
            written.append(sql)
        return execute(sql, params, many, context)

    if not watched:
        yield
        return
    with connection.execute_wrapper(watch):
        yield
    assert written == []


class Quick(Client):
    """A browser that keeps no copy of what was rendered and takes no cookie: it asks thousands of times."""

    def request(self, **request):
        """Ask."""
        return self.handler(self._base_environ(**request))


class Visitors:
    """One person of each column, logged in once; what they send is taken back after the answer."""

    def __init__(self, people, filing=None):
        clerks = Membership.objects.filter(role=Role.CLERK).exclude(organisation__code=ASKED)
        if filing is not None:
            clerks = clerks.exclude(organisation__in=filing.items.values("department"))
        self.faults, self.asked = [], 0
        self.people = {
            "public": None,
            "enterprise": people.enterprise,
            "other enterprise": people.other_enterprise,
            "window": people.window,
            "convenor": people.convenor,
            "clerk": people.department(ASKED),
            "head": people.head(ASKED),
            "clerk elsewhere": clerks.order_by("organisation__code").first(),
            "supervisor": people.supervisor,
            "administrator": people.administrator,
        }
        assert tuple(self.people) == ROLES
        self.clients = {role: self._enter(member) for role, member in self.people.items()}

    @staticmethod
    def _enter(member):
        client = Quick()
        if member is not None:
            client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def ask(self, role, method, path, door, way):
        """Return the answer at a door as the table writes it."""
        self.asked += 1
        with transaction.atomic():
            with nothing_is_written(method == "GET"):
                answer = self._send(self.clients[role], method, path, door, way, role)
            transaction.set_rollback(True)
        request_finished.disconnect(
            close_old_connections
        )  # the test has one connection, in a transaction
        answer.close()
        found = faults(answer, personal=role != "public")
        self.faults += [f"{method} {path} as {role}: {fault}" for fault in found]
        to_login = answer.status_code == 302 and answer["Location"].startswith(LOGIN)
        return "login" if to_login else str(answer.status_code)

    def _send(self, client, method, path, door, way, role):
        if method != "POST":
            return client.generic(method, path)
        if not door.interface:
            return client.post(path, body(door, way, role))
        said, with_file = message(door, way)
        kind = {} if with_file else {"content_type": "application/json"}
        return client.post(
            path, said, headers={"Idempotency-Key": f"door-{self.asked:012}"}, **kind
        )


def at_stage(people, at, stage):
    """Walk a filing to a state of the table, with an objection where there is a notice to object to."""
    if stage == "draft":
        way = Walk(people, at("2018-03-05 09:00"))
        way.draft()
        return way
    if stage == "received":
        way = walk(people, at("2018-03-05 09:00"), to="listed")
        _with_an_agent(way)
        _came_on_paper(way)
        way.to(stage)
    else:
        way = walk(people, at("2018-03-05 09:00"), to=stage)
    if stage == "received":
        way.do(open_catalogue_draft, title="示例", by=people.administrator)
    if stage == "prereviewing":
        way.call_meeting()
        way.acknowledge(way.meeting)
        way.open(way.meeting)
        way.do(open_item, way.meeting.agenda.get(), by=people.convenor)
    if stage == "building":
        _under_works(way)
    if stage == "noticed":
        said = {name: value for name, value in OBJECTION.items() if name != "step"}
        with clock.driven(way.now):
            against = lodge_objection(way.notice, interest="", at=way.now, **said)
        asked_to_be_public_again(against, "不符", people, way.do)
        way.do(mark_part, against, words="现场", ground="N2", reason="示例", by=people.window)
        way.do(
            propose, way.notice, kind="take_down", reason="示例", back_to="committing",
            by=people.window,
        )  # fmt: skip
        asked_for_disclosure(way.people, way.do)
        wrote_to_the_mailbox(way.people, way.do)
        published, _drafted = (
            way.do(draft_bulletin, period=period, by=people.supervisor)
            for period in ("2018-01", "2018-02")
        )
        way.do(review_bulletin, published, approved=True, by=people.administrator)
        matter = OpenMatter.objects.get(code="E3")
        way.do(
            note_publication,
            matter=matter,
            title="示例",
            arose_on=way.now.date(),
            by=people.administrator,
        )
    return way


def _with_an_agent(way):
    """Let somebody of another organisation act for the enterprise, who stands in no column of the table."""
    office = way.people.other_enterprise.organisation
    user = User.objects.create(username="agent", name="代办示例")
    agent = Membership.objects.create(
        user=user, organisation=office, role=Role.ENTERPRISE, valid_from=way.now.date()
    )
    last = way.now.date() + timedelta(days=300)
    way.do(
        filings.grant_authority, way.filing, agent=agent, valid_from=way.now.date(), valid_to=last,
        upload=pdf(), by=way.people.enterprise,
    )  # fmt: skip


def _came_on_paper(way):
    """Enter what came on paper; the second person does not find it so."""
    wanted = [one.pk for one in way.filing.intake_open()]
    intake = way.do(
        filings.enter_paper, way.filing, paper_at=way.now, bearer="李示例", materials=wanted, upload=pdf(),
        by=way.people.window,
    )  # fmt: skip
    way.do(filings.refuse_paper, intake, reason="不一致", by=way.people.convenor)


def _under_works(way):
    """Find a clause broken and not mended, propose a stop, and plan the next check."""
    finding = way.breach(ASKED)
    way.past(finding.due_at)
    finding.refresh_from_db()
    intention = works.Intention(
        MeasureKind.STOP, Ground.NOT_MENDED, text="整改期限届满", scope="主体结构施工", finding=finding,
        legal_basis="县企业投资项目承诺制办事规则",
    )  # fmt: skip
    clerk = way.people.department(ASKED)
    way.do(works.propose_measure, way.filing, intention=intention, by=clerk)
    way.plan_check(ASKED)


@pytest.fixture
def quiet(settings):
    """No word of the thousands of refusals, each with its trace; who asks is in the visitor's cookie, not looked up."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    log = logging.getLogger("django.request")
    kept = log.level
    log.setLevel(logging.CRITICAL)
    yield
    log.setLevel(kept)


def doors_in(state, filing):
    """The doors of a state with the address of each."""
    if state == PLAIN:
        found = {d: _of_library(d) for d in DOORS if d.plain or not d.ours}
    elif state == NOTHING:
        found = {door: dummy(door) for door in DOORS if door.of_things}
    else:
        found = {door: address(door, filing) for door in DOORS if door.of_things}
    return {door: path for door, path in found.items() if path is not None}


def _of_library(door):
    return f"/{door.route}" if door.plain else first_of_administration(door) or dummy(door)


def methods_in(state, door, *, whole):
    """What is done with a method that a door does not know does not hang on the stage: asked once for a case."""
    every = (PLAIN, NOTHING, STAGES[-1]) if whole else (PLAIN, STAGES[-1])
    return table.METHODS if state in every else door.methods


def rows_of(state, filing, kept, *, whole):
    """Every door of a state that is asked: (door, method, path). In part, each row at one of its states."""
    edges = table.edges(state)
    for door, path in doors_in(state, filing).items():
        for method in methods_in(state, door, whole=whole):
            key = (door.route, method, state)
            if whole or key not in kept or (key in edges and in_this_run(key)):
                yield door, method, path


@functools.cache
def one_of_each():
    """A row of each address that every run asks, another with each seed: with a method that the address knows."""
    rows = defaultdict(list)
    for state in table.STATES:
        for key in table.edges(state):
            if key[0] in BY_NAME and key[1] in BY_NAME[key[0]].methods:
                rows[key[0]].append(key)
    return {min(found, key=lambda key: crc32(f"{SEED}{key}".encode())) for found in rows.values()}


def in_this_run(key):
    """Whether a row is asked here: one of each address and some of the others, most on the first database."""
    return mine(key, of=SPARSE) and (turns(key, of=TURN) or key in one_of_each())


def who_asks(key, said):
    """Who asks at a row in `make test`: the public, of each answer one person, and the others in turn.

    The stages of a case share its people: whoever is left out at one may ask at the next. What is refused to everybody
    alike is asked by one, another in each row; `make hunt` asks as everybody.
    """
    if not said:
        return ROLES
    turn = crc32(repr(key[:2]).encode()) + table.STATES.index(key[2])
    if set(said[1:]) == {"405"} or (key[2], set(said[1:])) == (NOTHING, {"404"}):
        return [ROLES[turn % len(ROLES)]]
    alike = [[place for place, answer in enumerate(said) if answer == each] for each in {*said}]
    asking = {0, *(places[turn % len(places)] for places in alike)}
    turns = TURNS if key[2] in STAGES else 4
    asking |= {place for place in range(len(ROLES)) if (place + turn) % turns == 0}
    return [ROLES[place] for place in sorted(asking)]


def without_a_door(state, filing, kept):
    """The rows of a state whose door has no such address."""
    routes = {door.route for door in doors_in(state, filing)}
    return [
        f"{method} /{route} ({state}): a row, and no such door"
        for route, method, _state in kept
        if route not in routes
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    "whole", [False, pytest.param(True, marks=pytest.mark.hunt)], ids=["edges", "whole"]
)
@pytest.mark.parametrize(
    "state", table.STATES, ids=lambda state: "plain" if state == PLAIN else state
)
def test_every_door_answers_as_the_table_says(state, whole, people, at, quiet):
    """Of each address a row and of the others a fifth, at the first or last of its states; `make hunt` asks all."""
    way = at_stage(people, at, state) if state in STAGES else None
    filing = way and way.filing
    visitors = Visitors(people, filing)
    kept = {key: answers for key, answers in TABLE.items() if key[2] == state}
    found = {}
    with clock.driven(way.now if way else at("2018-06-15 09:30")):
        for door, method, path in rows_of(state, filing, kept, whole=whole):
            key = (door.route, method, state)
            said = kept.get(key)
            if WRITE == "new" and said:
                found[key] = said
                continue
            asked = ROLES if whole else who_asks(key, said)
            cache.clear()  # who failed at other doors before does not wait here
            found[key] = tuple(
                visitors.ask(role, method, path, door, way) if role in asked else said[place]
                for place, role in enumerate(ROLES)
            )
        wrong = without_a_door(state, filing, kept)
    assert not visitors.faults, "\n".join(visitors.faults)
    if WRITE:
        table.replace(state, found)
        return
    said = kept if whole else {key: kept[key] for key in found if key in kept}
    wrong += table.differences(said, found)
    assert not wrong, "\n".join([*wrong, table.HOW])


# No form, and nobody's name is looked up: whatever is sent there is refused before (405). A list of mails is left by
# the one press of a mail program, which has no token (RFC 8058); its address is the secret.
WITHOUT_TOKEN = {
    "prereview:pulse", "public_notice:leave_subscription",
    "public_notice:open_set", "public_notice:sitemap", "public_notice:sitemap_piece",
    "public_notice:robots",
}  # fmt: skip


@pytest.mark.dealt
@pytest.mark.parametrize(
    "door",
    [d for d in DOORS if not d.interface and d.name not in WITHOUT_TOKEN],
    ids=lambda d: d.route or "front",
)
def test_a_form_without_its_token_is_refused(door, people):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(people.window.user, backend="django.contrib.auth.backends.ModelBackend")

    assert strict.post(dummy(door)).status_code == 403


def test_the_administration_is_entered_by_the_same_login(client):
    answer = client.get("/admin/login/?next=/admin/")

    assert answer["Location"].startswith("/accounts/login/")
