"""What is a person's own: who they are here, and their work list."""

from typing import Any

from django.conf import settings
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import AccessToken, Membership
from accounts.queries import memberships_of
from approvals.api.shown import Body
from core import clock
from core.steps.api import Table
from desk.queries.work import waiting_for, waiting_for_others

LABEL = _("我的工作台")


class Office(serializers.ModelSerializer):
    """An office a person holds."""

    organisation = Body()
    role_label = serializers.CharField(source="get_role_display")

    class Meta:
        model = Membership
        fields = ("reference", "organisation", "role", "role_label", "valid_from", "valid_to")


class TokenShown(serializers.ModelSerializer):
    """The token a request came with; its secret is shown to nobody."""

    class Meta:
        model = AccessToken
        fields = ("name", "scope", "created_at", "expires_at")


class MeShown(serializers.Serializer):
    """Who asks, in which office, with which token."""

    username = serializers.CharField()
    name = serializers.CharField()
    acting = Office()
    offices = Office(many=True)
    token = TokenShown(allow_null=True)


class Me(Table):
    """我是谁."""

    tag, title, operation = LABEL, _("我的身份和令牌"), "me"
    serializer_class = MeShown

    def table(self, by: Any) -> Any:
        """Return who asks."""
        token = self.request.auth
        return {
            "username": by.user.username,
            "name": by.user.name,
            "acting": by,
            "offices": memberships_of(by.user, timezone.localdate(clock.now())),
            "token": token if isinstance(token, AccessToken) else None,
        }


class Waiting(serializers.Serializer):
    """One thing that waits: what, of which case, until when, and what happens if nothing is done."""

    title = serializers.CharField()
    about = serializers.CharField(source="sub")
    stage = serializers.CharField()
    who = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)
    light = serializers.SerializerMethodField()
    left = serializers.SerializerMethodField()
    silence = serializers.CharField()
    page = serializers.SerializerMethodField()

    def get_light(self, row: Any) -> str:
        """Return the light of the limit; empty without one."""
        return str(row.due.get("light", ""))

    def get_left(self, row: Any) -> str:
        """Say how much is left."""
        return str(row.due.get("text", ""))

    def get_page(self, row: Any) -> str:
        """Return where a person would do it."""
        return f"{settings.SITE_URL}{row.url}"


class WorkShown(serializers.Serializer):
    """What waits for me, earliest due first, and what I follow while others have the move."""

    mine = Waiting(many=True)
    others = Waiting(many=True)


class Work(Table):
    """待办."""

    tag, title, operation = LABEL, _("待办清单"), "work"
    serializer_class = WorkShown

    def table(self, by: Any) -> Any:
        """Return the person's lists."""
        now = clock.now()
        rows = waiting_for(by, now)
        return {"mine": rows, "others": waiting_for_others(by, now, {row.url for row in rows})}


ADDRESSES = [
    path("me/", Me.as_view(), name="me"),
    path("work/", Work.as_view(), name="work"),
]
