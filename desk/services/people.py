"""The people of a demonstration: invented, marked 示例, and only where there is a demonstration."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership, Organisation, User
from accounts.rules import with_check_characters
from accounts.services import FIRST_DAY, system_actor
from accounts.stages import Role
from core.ledger.services import county_book, lock, record
from desk.rules.pack import Fault, PackError, Row
from desk.rules.people import ENTERPRISE, FILE, PASSWORD, read_people
from desk.services.register import register_enterprise


class NoDemonstration(RuntimeError):
    """Accounts with a known password were asked for where real people work."""


def _only_in_a_demonstration() -> None:
    if not settings.DEMO:
        raise NoDemonstration


@transaction.atomic
def load_people(*, at: datetime) -> list[Membership]:
    """Open the accounts that the pack's demonstration names, once; return their memberships in its order.

    Raises NoDemonstration, and PackError for a bad row. The county must be loaded.
    """
    _only_in_a_demonstration()
    rows = read_people((Path(settings.COUNTY_PACK) / FILE).read_bytes())
    book, by = county_book(), system_actor()
    lock(book.pk)
    offices = _offices(rows)
    users = _users(rows)
    appointed = []
    for row in rows:
        membership, new = Membership.objects.get_or_create(
            user=users[row["username"]],
            organisation=offices[row["organisation"]],
            role=row["role"],
            defaults={"valid_from": FIRST_DAY},
        )
        if new:
            said = {"member": membership.reference, "role": row["role"]}
            record(book, "appoint", by=by, at=at, organisation=row["organisation"], **said)
        appointed.append(membership)
    return appointed


def _offices(rows: list[Row]) -> dict[str, Organisation]:
    offices = Organisation.objects.in_bulk([r["organisation"] for r in rows], field_name="code")
    text = _("没有代码为“%(code)s”的部门")
    if faults := [
        Fault(FILE, row.line, "organisation", text % {"code": row["organisation"]})
        for row in rows
        if row["organisation"] not in offices
    ]:
        raise PackError(faults)
    return offices


def _users(rows: list[Row]) -> dict[str, User]:
    """The accounts by name. Hashing is slow on purpose; one hash serves all who share the password."""
    names = {row["username"]: row["name"] for row in rows}
    staff = {row["username"] for row in rows if row["role"] == Role.ADMINISTRATOR}
    users = User.objects.in_bulk(list(names), field_name="username")
    missing = [name for name in names if name not in users]
    if missing:
        hashed = make_password(PASSWORD)
        User.objects.bulk_create(
            User(username=name, name=names[name], password=hashed, is_staff=name in staff)
            for name in missing
        )
        users = User.objects.in_bulk(list(names), field_name="username")
    return users


def synthetic_uscc(number: int) -> str:
    """Return a code that passes its checks and belongs to nobody: county 140722, body DEM00001 and so on."""
    return with_check_characters(f"91140722DEM{number:05d}")


def enterprise_account(
    *, number: int, name: str, person: str, at: datetime, hashed: str = ""
) -> Membership:
    """Register the nth enterprise of a demonstration, once: account enterprise-01, the common password.

    A caller who opens many passes `hashed = make_password(PASSWORD)`, reckoned once. Raises NoDemonstration.
    """
    _only_in_a_demonstration()
    username = ENTERPRISE.format(number)
    found = Membership.objects.select_related("user", "organisation").filter(
        user__username=username, role=Role.ENTERPRISE
    )
    return found.first() or register_enterprise(
        uscc=synthetic_uscc(number),
        name=name,
        person={
            "username": username,
            "name": person,
            "phone": "0354-0000000",
            "legal_representative": person,
        },
        password=PASSWORD,
        hashed=hashed,
        at=at,
    )
