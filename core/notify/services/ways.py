"""The ways out of the system, each off unless the operator set it up: mail, and a gateway for SMS or chat."""

import smtplib
from collections.abc import Iterable, Mapping
from datetime import datetime
from email.utils import formatdate
from typing import Any, Protocol, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import translation
from django.utils.translation import gettext as _

from core.notify.models import Message, Sending
from core.notify.services.gateway import Gateway
from core.notify.services.refusals import Away, Refused
from core.notify.stages import Way

NONE = "django.core.mail.backends.dummy.EmailBackend"
PERMANENT = range(500, 600)


class WayOut(Protocol):
    """What a way out can do."""

    @staticmethod
    def on() -> bool:
        """Whether the operator set it up."""

    @staticmethod
    def reaches(user: Any) -> bool:
        """Whether the person has an address there."""

    def __enter__(self) -> Self:
        """Begin a pass; raises Away."""

    def __exit__(self, *fault: object) -> None:
        """End a pass."""

    def send(self, sending: Sending, language: str) -> None:
        """Send one letter; raises Refused where no trying will help, Away where nobody can be reached."""


class Mail:
    """Mail by the server of EMAIL_URL, over one connection per pass."""

    def __init__(self) -> None:
        """Begin without a connection."""
        self._connection: Any = None

    @staticmethod
    def on() -> bool:
        """Whether there is a server."""
        return bool(settings.EMAIL_BACKEND != NONE)

    @staticmethod
    def reaches(user: Any) -> bool:
        """Whether the person has an address."""
        return bool(user.email)

    def __enter__(self) -> Self:
        """Connect."""
        try:
            self._connection = get_connection().__enter__()
        except OSError as error:  # smtplib's own are among them
            raise Away(str(error)) from error
        return self

    def __exit__(self, *fault: object) -> None:
        """Hang up."""
        self._connection.__exit__(*fault)

    def send(self, sending: Sending, language: str) -> None:
        """Send one letter; its Message-ID is the same each time, so that a doubled one is seen to be one."""
        subject, text = written(sending, language)
        letter = self.letter(
            subject, text, sending.to.user.email, token=sending.token, at=sending.created_at
        )
        for name, content, kind in invitations(sending):
            letter.attach(name, content, kind)
        self.post(letter)

    def letter(
        self,
        subject: str,
        text: str,
        to: str,
        *,
        token: str,
        at: datetime,
        head: Mapping[str, str] | None = None,
    ) -> EmailMessage:
        """Return a letter to one address; `token` makes its Message-ID, `head` are more lines of its head."""
        return EmailMessage(
            subject,
            text,
            settings.DEFAULT_FROM_EMAIL,
            [to],
            connection=self._connection,
            headers={
                "Message-ID": f"<{token}@{urlsplit(settings.SITE_URL).hostname}>",
                "Date": formatdate(at.timestamp()),
                "Auto-Submitted": "auto-generated",
                **(head or {}),
            },
        )

    @staticmethod
    def post(letter: EmailMessage) -> None:
        """Send a letter; raises Refused where no trying will help, Away where nobody can be reached."""
        try:
            letter.send()
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
            if _code(error) in PERMANENT:
                raise Refused(str(error)) from error
            raise
        except (smtplib.SMTPNotSupportedError, ValueError) as error:  # an address no server takes
            raise Refused(str(error)) from error
        except OSError as error:  # smtplib's own are among them
            raise Away(str(error)) from error


def _code(error: smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) -> int:
    """Return what the server answered; of several recipients there is one."""
    if isinstance(error, smtplib.SMTPDataError):
        return int(error.smtp_code)
    return max(code for code, _said in error.recipients.values())


def written(sending: Sending, language: str) -> tuple[str, str]:
    """Return subject and text of a letter in a language: one message, or a digest that names each with its link."""
    messages = list(sending.messages.order_by("pk"))
    with translation.override(language):
        if not sending.digest:
            return _one_line(messages[0].label), "\n\n".join(_parts(messages[0]))
        subject = _("您有%(count)s条新消息") % {"count": len(messages)}
        return subject, _listed(messages)


def invitations(sending: Sending) -> list[tuple[str, bytes, str]]:
    """Return what of a letter a calendar takes: name, content and kind of each; a digest may bring several."""
    found = sending.messages.exclude(calendar="").order_by("pk").values_list("calendar", flat=True)
    return [
        (f"invite{n}.ics", text.encode(), "text/calendar") for n, text in enumerate(found, start=1)
    ]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _parts(message: Message) -> list[str]:
    link = f"{settings.SITE_URL}{message.link}" if message.link else ""
    return [part for part in (message.label, message.text, link) if part]


def _listed(messages: Iterable[Message]) -> str:
    rows = (f"{n}. " + "\n   ".join(_parts(m)) for n, m in enumerate(messages, start=1))
    end = _("全部消息在系统内：%(link)s") % {"link": f"{settings.SITE_URL}/desk/"}
    return "\n\n".join((*rows, end))


class Hook:
    """The gateway of CHENGNUO_WEBHOOK_URL, asked once per letter."""

    def __init__(self) -> None:
        """Begin without a gateway."""
        self._gateway: Gateway | None = None

    @staticmethod
    def on() -> bool:
        """Whether there is one."""
        return bool(settings.WEBHOOK_URL)

    @staticmethod
    def reaches(user: Any) -> bool:
        """Whether the person can be named to it."""
        return bool(user.phone) or not Gateway.wants_phone()

    def __enter__(self) -> Self:
        """Read the settings, which may be wrong."""
        self._gateway = Gateway.of_settings()
        return self

    def __exit__(self, *fault: object) -> None:
        """Nothing stays open."""

    def send(self, sending: Sending, language: str) -> None:
        """Post one letter: its subject and link, no more of a case than that."""
        subject, _text = written(sending, language)
        link = "/desk/" if sending.digest else sending.messages.get().link
        assert self._gateway is not None, "opened before"
        self._gateway.post(
            sending.token,
            {
                "to": sending.to.reference,
                "phone": sending.to.user.phone,
                "subject": subject,
                "link": f"{settings.SITE_URL}{link}" if link else "",
            },
        )


WAYS_OUT: dict[str, type[WayOut]] = {Way.MAIL: Mail, Way.GATEWAY: Hook}
