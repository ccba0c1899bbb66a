"""再次申请限制: false material or deceit in a matter of safety bars the enterprise for one or three years.

行政许可法 78, 79. A filing to which one of the barred matters applies is not taken while the bar stands; nothing else
of the enterprise is touched, and what it has filed before goes on.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from approvals import policies
from approvals.models import ApplicationBar, Filing
from approvals.queries import rule_value
from approvals.rules.citing import in_words
from approvals.services.telling import tell_enterprise
from approvals.stages import BarArticle
from core.documents.models import Paper
from core.ledger.services import record
from core.notify.words import Said
from core.notify.words import said as _
from core.steps.moves import act, locked, permit
from core.steps.reasons import NotNow, need_words
from core.steps.templatetags.look import date_long

NO_BAR = gettext_lazy("本件没有还在执行的再次申请限制。")
YEARS = {BarArticle.CONCEALED: "33a", BarArticle.DECEIT: "33b"}  # rows of the rulebook, in years


def safety_codes(filing: Filing) -> list[str]:
    """Return the matters on the list of a filing that directly concern safety, health, life or property."""
    items = filing.items.exclude(applies=False).filter(item__clauses__safety=True)
    return sorted(set(items.values_list("code", flat=True)))


def years_later(day: date, years: int) -> date:
    """Return the corresponding day some years later; of 29 February the 28th where there is no such day."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


@transaction.atomic
def bar_application(
    filing: Filing, article: BarArticle, *, paper: Paper, by: Membership, at: datetime
) -> ApplicationBar | None:
    """限制再次申请: from the decision in `paper` on; None where no matter of safety is on the list.

    Called inside the act that decides, under the lock of the case's book.
    """
    codes = safety_codes(filing)
    found = rule_value(filing, YEARS[article], at)
    if not codes or found is None:
        return None
    bar = ApplicationBar.objects.create(
        enterprise=filing.enterprise, filing=filing, article=article, codes=codes, paper=paper, since=at,
        until=years_later(timezone.localdate(at), found[1].number),
    )  # fmt: skip
    record(
        filing.book, "bar_application", by=by, at=at, article=article, codes=codes, until=bar.until,
        paper=paper.number,
    )  # fmt: skip
    told = _told(article) % {"until": date_long(bar.until), "items": "、".join(codes)}
    tell_enterprise(filing, told, f"application-bar{bar.pk}", at)
    return bar


def _told(article: BarArticle) -> Said:
    if article == BarArticle.CONCEALED:
        return _(
            "自%(until)s的次日起，才可以就%(items)s再次申请（《中华人民共和国行政许可法》第七十八条）"
        )
    return _(
        "自%(until)s的次日起，才可以就%(items)s再次申请（《中华人民共和国行政许可法》第七十九条）"
    )


@transaction.atomic
def lift_application_bar(
    filing: Filing, *, number: str, reason: str, by: Membership, at: datetime
) -> ApplicationBar:
    """解除再次申请限制: the decision it rests on was overturned by another, of this number; from now it bars no more.

    It does not reach back: what was not taken while it stood is filed anew. The row is kept.
    """
    need_words(reason)
    if not number.strip():
        raise ValidationError({"number": _("请写明撤销或者变更原决定的文书文号。")})
    filing = locked(filing)
    permit(filing, policies.supervisor, by=by, at=at)
    bar = standing_bar(filing, at)
    if bar is None:
        raise NotNow([str(NO_BAR)])
    bar.lifted_at, bar.lifted_by = at, by
    bar.lifted_number, bar.lifted_because = number.strip(), reason.strip()
    bar.save(update_fields=["lifted_at", "lifted_by", "lifted_number", "lifted_because"])
    act(
        filing, "lift_application_bar", policy=policies.supervisor, by=by, at=at, paper=bar.paper.number,
        number=bar.lifted_number, reason=bar.lifted_because,
    )  # fmt: skip
    told = _("再次申请限制已经解除，可以就%(items)s申请：%(why)s，文号%(number)s") % {
        "items": "、".join(bar.codes), "why": bar.lifted_because, "number": bar.lifted_number,
    }  # fmt: skip
    tell_enterprise(filing, told, f"application-unbarred{bar.pk}", at)
    return bar


def standing_bar(filing: Filing, at: datetime) -> ApplicationBar | None:
    """Return the bar that a case's decision set and that stands at an instant, with its paper."""
    standing = filing.application_bars.filter(lifted_at=None, until__gte=timezone.localdate(at))
    return standing.select_related("paper").last()


def why_barred(filing: Filing, codes: Iterable[str], at: datetime) -> list[str]:
    """Return why an enterprise may not apply for some matters at an instant, each with its article and its end."""
    day, wanted = timezone.localdate(at), set(codes)
    bars = ApplicationBar.objects.filter(
        Q(lifted_at=None) | Q(lifted_at__gt=at),
        enterprise_id=filing.enterprise_id,
        since__lte=at,
        until__gte=day,
    )
    return [
        _("“%(items)s”在%(until)s以前不得再次申请：%(why)s，文号%(paper)s。")
        % {
            "items": "、".join(sorted(wanted & set(bar.codes))), "until": date_long(bar.until),
            "why": in_words(bar.get_article_display()), "paper": bar.paper.number,
        }
        for bar in bars.select_related("paper")
        if wanted & set(bar.codes)
    ]  # fmt: skip
