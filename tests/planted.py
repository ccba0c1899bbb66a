"""A case with a payload in every word that anybody may say about it: planted by the services, as forms would."""

from itertools import cycle
from unicodedata import category

from django.core.exceptions import ValidationError
from django.test import override_settings
from django.utils import timezone

from approvals.stages import Stage
from core import clock
from desk.services.people import enterprise_account
from public_notice import services
from public_notice.models import Disclosure
from public_notice.stages import Finding, Result
from tests.walk import png, walk

UNPRINTABLE = {"Cc", "Cf", "Zl", "Zp"}
INTO_DISCLOSURE = ("name", "identity", "contact", "wanted")


class Planted:
    """One case in its notice and, for each payload, an objection and a request for disclosure that consist of it.

    `refused` are the payloads that a service would not have: a field that takes none of them is no proof.
    """

    def __init__(self, people, start, payloads, *, number=66):
        self.people, self.payloads, self.refused = people, payloads, []
        # What no paper can hold is refused with the paper, and would stop the way of the case.
        printable = [one for one in payloads if not UNPRINTABLE & {category(char) for char in one}]
        said = cycle(printable)
        with override_settings(DEMO=True):
            firm = enterprise_account(
                number=number, name="示例" + next(said), person="示例" + next(said)[:18], at=start
            )
        words = {name: next(said) for name in ("project_name", "site_detail", "scale")}
        words["scale"] = "\n".join(printable)[:1000]
        self.way = walk(people, start, to=Stage.NOTICED, by=firm, **words)
        self.notice, self.at = self.way.notice, self.way.now
        with clock.driven(self.at):
            self._posted(next(said))
            for turn, one in enumerate(payloads):
                self._objected(one, turn)
                self._asked(one, turn)

    def _do(self, payload, service, *args, **said):
        try:
            return service(*args, at=self.at, **said)
        except ValidationError:
            self.refused.append(payload)
            return None

    def _posted(self, one):
        day = timezone.localdate(self.at)
        self._do(
            one, services.prove_posting, self.notice, place=one, posted_on=day, seen_on=day, upload=png(),
            by=self.people.window,
        )  # fmt: skip

    def _objected(self, one, turn):
        """Every third asks to be heard, is heard, and all but every fourth are answered."""
        words = dict.fromkeys(("name", "contact", "interest", "text"), one)
        made = self._do(
            one, services.lodge_objection, self.notice, worked=True, hearing=turn % 3 == 0, **words
        )
        if made is None:
            return
        by = self.people.window
        if made.hearing_asked:
            self._do(one, services.settle_hearing, made, note=one, by=by)
        if turn % 4:
            finding = Finding.SET_ASIDE if turn % 7 == 0 else Finding.NOT_UPHELD
            self._do(one, services.reply_objection, made, finding=finding, reply=one, by=by)

    def _asked(self, one, turn):
        """All are confirmed; some are asked for a supplement, others a third party's view, the rest are answered."""
        words = dict.fromkeys(INTO_DISCLOSURE, one)
        made = self._do(
            one, services.request_disclosure, applicant="person", form="electronic", origin=f"192.0.2.{turn}", **words
        )  # fmt: skip
        if made is None:
            return
        by = self.people.window
        made = self._do(one, services.confirm_disclosure, made, by=by)
        if turn % 3 == 0:
            self._do(one, services.ask_correction, made, text=one, by=by)
            self._do(one, services.supplement_disclosure, made, text=one)
        elif turn % 3 == 1:
            view = {"kind": "third_party", "whom": one, "text": one}
            if asked := self._do(one, services.ask_view, made, by=by, **view):
                self._do(one, services.record_view, asked, agrees=False, said=one, by=by)
        else:
            self._do(
                one, services.answer_disclosure, made, result=Result.DISCLOSED, reply=one, by=by
            )

    @property
    def requests(self):
        """The requests for disclosure, the last first."""
        return Disclosure.objects.order_by("-pk")
