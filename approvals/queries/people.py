"""Who acts and who is responsible in a case, who is told of it, and why somebody may no longer act."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.asked import Asked
from accounts.models import Membership
from accounts.queries import in_office, people_of
from accounts.stages import Role
from approvals.models import Authority, Filing, HandOver, PaperIntake
from approvals.stages import Side, Stage
from core import clock
from core.documents.models import Attachment
from core.steps.templatetags.look import date_long

AT_THE_WINDOW = (Role.WINDOW, Role.CONVENOR)


def agent_named(username: str, uscc: str, on: date) -> Membership:
    """Return the person of another organisation that an enterprise names: by login name and credit code, both right.

    Raises ValidationError with one sentence, whatever of the two is wrong: nobody learns here who has an account.
    """
    found = Membership.objects.select_related("user", "organisation").filter(
        user__username=username.strip(),
        organisation__uscc=uscc.strip().upper(),
        role=Role.ENTERPRISE,
        user__is_active=True,
    )
    for person in found.exclude(organisation__uscc=""):
        if person.valid_on(on):
            return person
    said = _(
        "没有找到这样的代办人：请核对用户名和代办单位的统一社会信用代码，代办人须已注册并在任。"
    )
    raise ValidationError({"agent": said})


def enterprise_side(filing: Filing, on: date) -> list[Membership]:
    """Return who is told what is said to the enterprise: its people, and agents who may receive for it."""
    if filing.not_yet_theirs:
        return []
    agents = _receiving({filing.pk: filing.enterprise_id}, on).get(filing.pk, [])
    return [*in_office([filing.enterprise_id], on), *agents]


def receiving_agents(filings: Collection[int], on: date) -> dict[int, list[Membership]]:
    """Return by case, in two looks, the agents who may receive for its enterprise on a day and are in office then."""
    return _receiving(dict(_enterprises(list(filings))), on)


def _receiving(of: dict[int, int], on: date) -> dict[int, list[Membership]]:
    """Return them where the enterprise of each case is known."""
    found: dict[int, list[Membership]] = {}
    for one in _may_receive(list(of), list(set(of.values())), on):
        for filing, enterprise in of.items():
            named = found.get(filing, [])
            if one.agent not in named and filing_covered(one, filing, enterprise):
                found.setdefault(filing, []).append(one.agent)
    return found


@Asked
def _enterprises(filings: list[int]) -> QuerySet[Any]:
    return Filing.objects.filter(pk__in=filings).order_by().values_list("pk", "enterprise")


@Asked
def _may_receive(filings: list[int], enterprises: list[int], on: date) -> QuerySet[Authority]:
    lent = Authority.objects.on(on).filter(
        Q(agent__valid_to=None) | Q(agent__valid_to__gte=on),
        Q(filing__in=filings) | Q(enterprise__in=enterprises),
        may_receive=True, agent__valid_from__lte=on, agent__user__is_active=True,
    )  # fmt: skip
    return lent.select_related("agent__user", "agent__organisation").order_by("pk")


def filing_covered(one: Authority, filing: int, enterprise: int) -> bool:
    """Tell whether an authority is for a filing, by its key and that of its enterprise."""
    return one.filing_id == filing or one.enterprise_id == enterprise


def responsible(filing: Filing, side: str) -> Membership | None:
    """Return who is responsible on a side: whom it was last handed to; of the enterprise at first who opened it."""
    last = (
        HandOver.objects.filter(filing=filing, side=side)
        .select_related("receiver__user", "receiver__organisation")
        .order_by("-pk")
        .first()
    )
    if last is not None:
        return last.receiver
    opened = side == Side.ENTERPRISE and not filing.on_paper  # on paper it was the window
    return filing.created_by if opened else None


def may_receive_case(filing: Filing, side: str, by: Membership, on: date) -> QuerySet[Membership]:
    """Return to whom a case can be handed on a day: people of the same office who are still in it, and agents.

    Not to the person who is responsible already.
    """
    now = responsible(filing, side)
    already = {now.pk} if now is not None else set()
    if side == Side.WINDOW:
        near = people_of([by.organisation_id], on, AT_THE_WINDOW).filter(user__is_active=True)
        return near.exclude(pk__in=already)
    lent = Authority.objects.covering(filing).on(on).values("agent")
    own = people_of([filing.enterprise_id], on).filter(user__is_active=True)
    agents = Membership.objects.filter(pk__in=lent).select_related("organisation", "user")
    both = Membership.objects.filter(
        pk__in={*own.values_list("pk", flat=True), *agents.values_list("pk", flat=True)} - already
    )
    return both.select_related("organisation", "user").order_by("pk")


def attorney_withheld(kept: Attachment, by: Membership) -> bool:
    """Tell whether a file is a power of attorney that is not for this reader (see `reads_attorney`)."""
    if by.role not in (Role.CLERK, Role.HEAD, Role.ENTERPRISE):
        return False
    given = list(
        Authority.objects.filter(scan=kept).select_related("filing__enterprise", "enterprise")
    )
    return bool(given) and not any(reads_attorney(one, by) for one in given)


def attorney_for_all_seen(kept: Attachment, by: Membership) -> bool:
    """Tell whether a file is the power of attorney of an authority for all filings, and for this reader."""
    given = Authority.objects.filter(scan=kept, enterprise__isnull=False)
    return any(reads_attorney(one, by) for one in given.select_related("enterprise"))


def reads_attorney(one: Authority, by: Membership) -> bool:
    """Tell whether somebody may open a power of attorney: it is between the enterprise, that agent and the window."""
    if by.role != Role.ENTERPRISE:
        return by.role not in (Role.CLERK, Role.HEAD)
    return one.agent_id == by.pk or one.principal.pk == by.organisation_id


def attorneys_of(filing: Filing) -> set[int]:
    """Return the keys of the powers of attorney given in a case."""
    return set(_attorneys(filing.pk, filing.enterprise_id))


@Asked
def _attorneys(filing: int, enterprise: int) -> QuerySet[Any]:
    given = Authority.objects.filter(Q(filing=filing) | Q(enterprise=enterprise))
    return given.exclude(scan=None).order_by().values_list("scan", flat=True)


def case_of(thing: Any) -> Filing | None:
    """Return the filing that a thing is, or belongs to."""
    if thing is None or isinstance(thing, Filing):
        return thing
    for name in ("filing", "acceptance", "measure", "slot", "agenda"):
        if (of := getattr(thing, name, None)) is not None:
            return case_of(of)
    return None


def why_not_agent(thing: Any, by: Membership) -> str:
    """Say why somebody who was named agent in a case may not act in it (any more); empty for everybody else."""
    filing = case_of(thing)
    if filing is None or by.role != Role.ENTERPRISE or by.organisation_id == filing.enterprise_id:
        return ""
    given = Authority.objects.covering(filing).of(by)
    last = given.order_by("-valid_to", "-pk").first()
    return _why(filing, last) if last else ""


def why_typed_at_counter(thing: Any, by: Membership) -> str:
    """Say to an enterprise why it writes nothing into a draft that the window types from its paper."""
    draft = isinstance(thing, Filing) and thing.on_paper and thing.stage == Stage.DRAFT
    if not draft or by.role != Role.ENTERPRISE:
        return ""
    return _("窗口正在按贵单位的纸质申请录入，由窗口的第二人对照确认后算申报；要改的请联系窗口。")


def why_no_longer_agent(thing: Any, by: Membership) -> str:
    """Say why a case is closed to who was agent in it; of things of this desk, which they could see before."""
    filing = case_of(thing)
    if filing is None or thing._meta.app_label != "approvals" or filing.powers_of(by):
        return ""
    return why_not_agent(thing, by)


def _why(filing: Filing, last: Authority) -> str:
    today = timezone.localdate(clock.judged())
    names: dict[str, Any] = {
        "project": filing, "enterprise": filing.enterprise.label, "powers": last.powers_text,
        "from": date_long(last.valid_from), "until": date_long(last.valid_to),
    }  # fmt: skip
    if last.ended_at is not None:
        names |= {"until": date_long(timezone.localdate(last.ended_at)), "why": last.ended_because}
        return (
            _(
                "您代办“%(project)s”的授权已于%(until)s终止（%(why)s），不能再办理。要继续代办，须由%(enterprise)s重新授权。"
            )
            % names
        )
    if today > last.valid_to:
        return (
            _(
                "您代办“%(project)s”的授权已于%(until)s届满，不能再办理。要继续代办，须由%(enterprise)s重新授权。"
            )
            % names
        )
    if today < last.valid_from:
        return _("您代办“%(project)s”的授权从%(from)s起生效，现在还不能办理。") % names
    return (
        _(
            "您代办“%(project)s”的授权只包括：%(powers)s。这一步须由%(enterprise)s办理，或者由其另行明确授权。"
        )
        % names
    )


def with_people(rows: QuerySet[Filing]) -> QuerySet[Filing]:
    """Return filings each with whether anybody else acts in it, took it over, or brought papers: `peopled`."""
    of = {"filing": OuterRef("pk")}
    general = Exists(Authority.objects.filter(enterprise=OuterRef("enterprise")))
    known = (Authority, HandOver, PaperIntake)
    asked = [Exists(model._default_manager.filter(**of)) for model in known]
    return rows.annotate(peopled=general | asked[0] | asked[1] | asked[2])


def names_in(people: Iterable[Membership | None]) -> dict[str, str]:
    """Return people's names by the reference under which they stand in the ledger."""
    return {one.reference: str(one.user) for one in people if one is not None}
