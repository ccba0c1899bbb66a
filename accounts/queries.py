"""Who acts for whom."""

import hashlib
from datetime import date, datetime

from django.db.models import Q, QuerySet

from accounts.asked import Asked
from accounts.models import AccessToken, County, Membership, Organisation, OrganisationName, User
from accounts.once import once
from accounts.stages import Kind, Role

ACTING = "acting_membership"  # where a session remembers which membership was chosen


def memberships_of(user: User, on: date) -> list[Membership]:
    """Return the memberships a person can act under on a day; the person, known at every request, is not read again."""
    found = (
        Membership.objects.filter(user=user, valid_from__lte=on)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
        .select_related("organisation")
        .order_by("pk")
    )
    for one in found:
        one.user = user
    return list(found)


@once
def people_of(
    organisation_ids: list[int], on: date, roles: tuple[Role, ...] = ()
) -> QuerySet[Membership]:
    """Return the people of some organisations who hold authority on a day, optionally in certain roles."""
    found = (
        Membership.objects.filter(organisation_id__in=organisation_ids, valid_from__lte=on)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
        .select_related("organisation", "user")
    )
    return found.filter(role__in=roles) if roles else found


@Asked
def in_office(organisation_ids: list[int], on: date) -> QuerySet[Membership]:
    """Return `people_of` some organisations as a list: whom every act tells."""
    return people_of(organisation_ids, on)


def with_names(organisations: list[Organisation]) -> list[Organisation]:
    """Return organisations with their former names, read in one look."""
    names: dict[int, list[OrganisationName]] = {one.pk: [] for one in organisations}
    for name in _names(list(names)):
        names[name.organisation_id].append(name)
    for one in organisations:
        vars(one).setdefault("_prefetched_objects_cache", {})["names"] = names[one.pk]
    return organisations


@Asked
def _names(organisations: list[int]) -> QuerySet[OrganisationName]:
    return OrganisationName.objects.filter(organisation__in=organisations)


@once
def holders(role: Role, on: date) -> QuerySet[Membership]:
    """Return everyone who holds a role on a day."""
    return (
        Membership.objects.filter(role=role, valid_from__lte=on)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
        .select_related("organisation", "user")
    )


@Asked
def in_role(role: Role, on: date) -> QuerySet[Membership]:
    """Return the `holders` of a role as a list: whom many acts tell."""
    return holders(role, on)


@once
def county() -> County:
    """Return the county; County.DoesNotExist before its pack was loaded."""
    if not (found := _counties()):
        raise County.DoesNotExist
    return found[0]  # type: ignore[no-any-return]


@Asked
def _counties() -> QuerySet[County]:
    return County.objects.select_related("window", "supervision")


def departments_with(duty: str) -> list[Organisation]:
    """Return the departments that the county's list gives a duty."""
    departments = Organisation.objects.filter(kind=Kind.DEPARTMENT).order_by("code")
    return [department for department in departments if duty in department.duties]


def digest_of(secret: str) -> str:
    """Return what is kept of a token's secret; it is long and random, so a plain digest gives nothing away."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token_of(secret: str, at: datetime) -> AccessToken | None:
    """Return the token of a secret where it is valid at an instant: read anew for each request."""
    found = AccessToken.objects.select_related("membership__user", "membership__organisation")
    token = found.filter(digest=digest_of(secret)).first()
    return token if token and token.valid_at(at) else None


def tokens_of(user: User) -> QuerySet[AccessToken]:
    """Return every token of a person, newest first."""
    return AccessToken.objects.filter(membership__user=user).select_related(
        "membership__user", "membership__organisation"
    )
