"""Registering people and organisations, and the two actors who are nobody in particular."""

import secrets
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import AccessToken, Membership, Organisation, OrganisationName, User
from accounts.once import once
from accounts.queries import digest_of
from accounts.rules import check_uscc
from accounts.stages import Kind, Role, Scope

FIRST_DAY = date(
    2017, 1, 1
)  # the county's data begins here; the two named actors have always existed


def _named_actor(username: str, name: str, role: Role) -> Membership:
    found = Membership.objects.select_related("user", "organisation").filter(role=role).first()
    if found:
        return found
    county, _ = Organisation.objects.get_or_create(
        code="COUNTY", defaults={"kind": Kind.COUNTY, "name": "县", "name_en": "The county"}
    )
    user, created = User.objects.get_or_create(
        username=username, defaults={"name": name, "is_active": False}
    )
    if created:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return Membership.objects.create(
        user=user, organisation=county, role=role, valid_from=FIRST_DAY
    )


@once
def system_actor() -> Membership:
    """系统: the name under which limits expire, defaults settle and notices close."""
    return _named_actor("system", "系统", Role.SYSTEM)


def public_actor() -> Membership:
    """社会公众: the name under which a member of the public objects without an account."""
    return _named_actor("public", "社会公众", Role.PUBLIC)


@transaction.atomic
def register_enterprise(
    *, uscc: str, name: str, person: dict[str, str], password: str, at: datetime, hashed: str = ""
) -> Membership:
    """Open an account for a person and their enterprise; its licence is still to be confirmed by the window.

    `person` has username, name, phone, email, legal_representative. `hashed` is the password's hash where
    the caller has it already: hashing is slow on purpose. Raises ValueError when the code is not
    one at all; a wrong check digit is kept as a note for the window (GB 32100-2015, early codes fail it).
    """
    code = check_uscc(uscc)
    if code.verdict == "invalid":
        raise ValueError(code.reason)
    enterprise = Organisation.objects.create(
        kind=Kind.ENTERPRISE,
        code=f"E{code.normalised}",
        name=name,
        uscc=code.normalised,
        uscc_note="" if code.verdict == "valid" else code.reason[:200],
        legal_representative=person.get("legal_representative", ""),
        contact=person["name"],
        phone=person.get("phone", ""),
    )
    user = User.objects.create(
        username=person["username"],
        name=person["name"],
        phone=person.get("phone", ""),
        email=person.get("email", ""),
        password=hashed or make_password(password),
    )
    return Membership.objects.create(
        user=user, organisation=enterprise, role=Role.ENTERPRISE, valid_from=timezone.localdate(at)
    )


def enterprise_on_paper(*, uscc: str, name: str, at_hand: dict[str, str]) -> Organisation:
    """Return the enterprise of a code, entered without an account where it is not known; nobody can log in for it.

    `uscc` is a code that `check_uscc` took; `at_hand` has legal_representative, contact and phone from the paper.
    Of one that nobody acts for and whose licence nobody has seen, what the newer paper says holds; what it does not
    say stays. Whether another name may be said of it is the caller's to ask.
    """
    code = check_uscc(uscc)
    found, created = Organisation.objects.get_or_create(
        kind=Kind.ENTERPRISE,
        uscc=code.normalised,
        defaults={
            "code": f"E{code.normalised}",
            "name": name,
            "uscc_note": "" if code.verdict == "valid" else code.reason[:200],
            **at_hand,
        },
    )
    if not created and found.only_on_paper():
        said = {field: value for field, value in {"name": name, **at_hand}.items() if value}
        for field, value in said.items():
            setattr(found, field, value)
        found.save(update_fields=list(said))
    return found


def rename(
    organisation: Organisation, name: str, *, valid_from: date, valid_to: date | None
) -> OrganisationName:
    """Write a name with its days of validity; said twice it stands once."""
    row, _ = OrganisationName.objects.update_or_create(
        organisation=organisation,
        valid_from=valid_from,
        defaults={"name": name, "valid_to": valid_to},
    )
    return row


USED_TO_THE = timedelta(hours=1)  # closer is not kept: reading should not write each time


def make_token(
    *, by: Membership, name: str, scope: Scope, days: int, at: datetime
) -> tuple[AccessToken, str]:
    """Make a token for one's own office; return it with its secret, which nobody can read again."""
    secret = f"cnt_{secrets.token_urlsafe(32)}"
    token = AccessToken.objects.create(
        membership=by,
        name=name,
        digest=digest_of(secret),
        scope=scope,
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    return token, secret


def revoke_token(token: AccessToken, *, at: datetime) -> bool:
    """Revoke a token for ever; return whether it was still alive: the first time stands."""
    return bool(AccessToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at))


def token_used(token: AccessToken, at: datetime) -> None:
    """Keep when a token was last used, to the hour."""
    if token.last_used_at is None or at - token.last_used_at > USED_TO_THE:
        never = Q(last_used_at=None) | Q(last_used_at__lt=at)
        AccessToken.objects.filter(never, pk=token.pk).update(last_used_at=at)
