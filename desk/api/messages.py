"""A person's messages and how they hear of them; for the administrator what could not be delivered."""

from typing import Any

import django_filters as filters
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Membership
from accounts.policies import administrator
from approvals.api.shown import Body
from core.documents.sheets import Sheet
from core.notify.models import Message, Preference, Sending
from core.notify.services.handing import preference_of
from core.notify.stages import Way
from core.steps.api import Export, Listing, Step, StepEndpoint, Things
from core.steps.api.step import Takes, addresses
from desk.queries.outbox import undelivered
from desk.queries.sheets import sheet_of_sendings
from desk.services.inbox import mark_read, send_again, set_preference

LABEL = _("我的工作台")


class MessageShown(serializers.ModelSerializer):
    """A message to the person; `service` says that it is a legal service."""

    body = serializers.CharField(source="text")
    link = serializers.SerializerMethodField()

    class Meta:
        model = Message
        fields = ("id", "subject", "body", "link", "service", "created_at", "read_at")

    def get_link(self, message: Message) -> str:
        """Return the page it speaks of."""
        return f"{settings.SITE_URL}{message.link}" if message.link else ""


class ReadShown(serializers.Serializer):
    """How many were new."""

    read = serializers.IntegerField()


class MessageFilter(filters.FilterSet):
    """Messages, unread ones."""

    unread = filters.BooleanFilter("read_at", lookup_expr="isnull", label=_("未读"))

    class Meta:
        model = Message
        fields: list[str] = []


def _messages(by: Any) -> Any:
    return Message.objects.filter(to=by)


def _anyone(_nothing: None, by: Membership) -> bool:
    return by is not None


def _read(*, by: Membership, at: Any) -> dict[str, int]:
    return {"read": mark_read(by=by, at=at)}


class SettingsShown(serializers.ModelSerializer):
    """How the person hears of what is no legal service, beside the system itself."""

    class Meta:
        model = Preference
        fields = ("mail", "gateway", "digest", "quiet", "language")
        extra_kwargs = {name: {"required": True} for name in fields}


MESSAGES = Things("messages", "message", LABEL, Message, _messages, MessageShown)
READ = Step("read", _read, _anyone, _("全部标为已读"), shown=ReadShown)
CHOOSE = Step(
    "settings", set_preference, _anyone, _("更改消息设置"), SettingsShown, shown=SettingsShown,
    explain=_("依法送达的通知、文书和决定不受这些选择影响。"),
)  # fmt: skip


class Messages(Listing):
    """消息."""

    things = MESSAGES
    title = _("消息清单")
    filterset_class = MessageFilter


class MessageSettings(Takes):
    """消息设置."""

    things, step = MESSAGES, CHOOSE
    tag, title, operation = LABEL, _("消息设置"), "message_settings_read"

    def get(self, request: Request) -> Response:
        """Return what the person chose."""
        assert self.by is not None, "no public address"
        return Response(SettingsShown(preference_of(self.by.user)).data)

    def answers(self, method: str) -> dict[Any, Any]:
        """Return the settings."""
        return {200: SettingsShown}


# — for the administrator ————————————————————————————————————————————————————————


class SendingShown(serializers.ModelSerializer):
    """A letter that could not leave; `to` is the office, not the person's address."""

    to = serializers.CharField(source="to.reference")
    organisation = Body(source="to.organisation")
    subjects = serializers.SerializerMethodField()

    class Meta:
        model = Sending
        fields = (
            "id", "to", "organisation", "way", "subjects", "digest", "service", "tries", "created_at", "next_at",
            "sent_at", "failed_at", "error",
        )  # fmt: skip

    def get_subjects(self, sending: Sending) -> list[str]:
        """Return what it says, message by message."""
        return [message.label for message in sending.messages.all()]


def _sendings(by: Any) -> Any:
    return undelivered() if administrator(None, by) else Sending.objects.none()


SENDINGS = Things("undelivered", "sending", _("县管理员"), Sending, _sendings, SendingShown)
AGAIN = Step("again", send_again, administrator, _("再次发送"))


class SendingFilter(filters.FilterSet):
    """Letters by organisation and way; `given_up`: nothing more is tried."""

    organisation = filters.CharFilter("to__organisation__code", label=_("单位代码"))
    way = filters.MultipleChoiceFilter(choices=Way.choices, label=_("方式"))
    given_up = filters.BooleanFilter(
        "failed_at", lookup_expr="isnull", exclude=True, label=_("已停止发送")
    )

    class Meta:
        model = Sending
        fields: list[str] = []


class Undelivered(Listing):
    """未能送出的消息."""

    things = SENDINGS
    title = _("未能送出的消息")
    filterset_class = SendingFilter

    def rows(self, seen: Any) -> Any:
        """Refuse the list to everybody but the administrator."""
        if not administrator(None, self.by):
            raise PermissionDenied
        return seen


class UndeliveredExport(Export):
    """未能送出的消息 as a file."""

    things = SENDINGS
    title = _("导出未能送出的消息")
    filterset_class = SendingFilter

    def rows(self, seen: Any) -> Any:
        """Refuse everybody but the administrator."""
        if not administrator(None, self.by):
            raise PermissionDenied
        return seen

    def sheet(self, rows: Any) -> Sheet:
        """Return the table of the page."""
        return sheet_of_sendings(rows)


ADDRESSES = [
    path("messages/", Messages.as_view(), name="message_list"),
    path("messages/read/", StepEndpoint.as_view(things=MESSAGES, step=READ), name="message_read"),
    path("messages/settings/", MessageSettings.as_view(), name="message_settings"),
    path("undelivered/", Undelivered.as_view(), name="sending_list"),
    path("undelivered/export/", UndeliveredExport.as_view(), name="sending_export"),
    *addresses(SENDINGS, AGAIN),
]
