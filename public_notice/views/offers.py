"""What this desk offers on a case: publishing the commitment, and answering what is said against it."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from accounts.policies import staff
from approvals.models import Filing
from approvals.policies import own_enterprise
from approvals.queries import PAPERS_SEEN
from approvals.stages import AFTER_LIST, ENDS, MAY_EXIT, Stage
from core.documents.models import Paper
from core.steps.offers import Offer, offer
from core.steps.templatetags.look import deadline
from public_notice.models import Disclosure
from public_notice.policies import satisfaction_is_open, window
from public_notice.queries import to_answer
from public_notice.queries.history import to_decide
from public_notice.rules.confidential import BEFORE_NOTICE, marks_parts


def to_publish(filing: Filing) -> str:
    """Say what waits while nothing is published: no limit of its own runs, and nobody may start."""
    return _("不发布的，公示期不开始，企业不能开工。")


def to_reply(filing: Filing) -> str:
    """Say how many objections wait, until when the first, and what silence comes to."""
    waiting = list(to_answer(filing))
    if not waiting:
        return ""
    first = waiting[0]
    until = deadline(first.due_at) if first.due_at else _("放假安排公布后确定的日期")
    return _("%(count)d件异议待答复；最早一件%(until)s前未答复的，转效能监督督办；公示不结束。") % {
        "count": len(waiting),
        "until": until,
    }


def to_second(filing: Filing) -> str:
    """Say that something proposed about the notice waits for another person; nothing where nothing does."""
    waiting = to_decide(filing).count()
    if not waiting:
        return ""
    return _("%(count)d项公示处置等第二人决定；不决定的，一切照旧。") % {"count": waiting}


def letters_seen(by: Membership) -> QuerySet[Paper]:
    """Return the papers of requests for disclosure: the window's, who answers them."""
    if not window(None, by):
        return Paper.objects.none()
    return Paper.objects.filter(book__in=Disclosure.objects.order_by().values("book"))


PAPERS_SEEN.append(letters_seen)
offer(
    "approvals.Filing",
    Offer(
        "publish",
        gettext_lazy("发布承诺公示"),
        "public_notice:publish",
        (Stage.COMMITTED,),
        window,
        transition="publish",
        silence=to_publish,
    ),
    Offer(
        "confidential",
        gettext_lazy("标注不公开部分"),
        "public_notice:mark_in_case",
        BEFORE_NOTICE,
        marks_parts,
        primary=False,
    ),
    Offer(
        "reply",
        gettext_lazy("答复公示异议"),
        "public_notice:objections",
        AFTER_LIST,
        window,
        shown=lambda filing: to_answer(filing).exists(),
        silence=to_reply,
    ),
    Offer(
        "handling",
        gettext_lazy("公示管理"),
        "public_notice:handling",
        (Stage.COMMITTING, Stage.COMMITTED, *MAY_EXIT, Stage.COMPLETED, *ENDS),
        staff,
        shown=lambda filing: filing.notices.exists(),
        silence=to_second,
        primary=False,
    ),
    Offer(
        "satisfaction",
        gettext_lazy("评价办理情况"),
        "public_notice:satisfaction",
        (Stage.COMPLETED,),
        own_enterprise,
        shown=satisfaction_is_open,
        primary=False,
    ),
)
