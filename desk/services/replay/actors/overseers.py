"""Efficiency supervision: the defaults of a month are drafted, reviewed by a second person, and published."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Membership
from accounts.queries import holders
from accounts.stages import Role
from desk.services.replay.world import ReplayError, World
from public_notice.models import Bulletin
from public_notice.queries.bulletins import months_without
from public_notice.services import draft_bulletin, review_bulletin
from public_notice.stages import BulletinState


def day(world: World) -> None:
    """What is drafted on the first working day of a month is reviewed on the next one."""
    for bulletin in Bulletin.objects.filter(state=BulletinState.DRAFTED).order_by("period"):
        if world.waited(bulletin.drafted_at, 1):
            world.do(review_bulletin, bulletin, approved=True, by=_second(world))
    today = timezone.localdate(world.now)
    first = world.calendar.add_working(today.replace(day=1) - timedelta(days=1), 1)
    if today == first:
        for month in reversed(months_without(world.now)):
            world.do(draft_bulletin, period=month, by=world.people.supervisor)


def _second(world: World) -> Membership:
    """Another person than who drafts: the county's administrator."""
    found = holders(Role.ADMINISTRATOR, timezone.localdate(world.now)).order_by("pk").first()
    if found is None:
        raise ReplayError("nobody reviews the bulletins")
    return found
