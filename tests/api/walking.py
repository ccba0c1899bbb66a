"""The walk of tests/walk.py taken by programs: each act is sent to the address that offers its service."""

from datetime import date, datetime
from enum import Enum

from django.core.files.uploadedfile import UploadedFile

from approvals import services as filings
from approvals.stages import MaterialState
from config.api import VERSION_1
from core import clock
from prereview.services import Decision
from tests.api.programs import Program
from tests.walk import Walk, pdf


def offers():
    """Things and step by service, as the map of the API has them."""
    found = {}
    for pattern in VERSION_1:
        view = pattern.callback
        kept = view.initkwargs or vars(view.cls)
        step, things = kept.get("step"), kept.get("things")
        if step is not None:
            found[step.service] = (things, step)
    return found


class ProgramWalk(Walk):
    """A Walk whose every act is a POST with a token of the person who does it."""

    def __init__(self, client, people, start, **more):
        super().__init__(people, start, **more)
        self.client, self.offers, self.programs, self.answers_seen = client, offers(), {}, []

    def program(self, by):
        """The program of a person; its token is made at its first act."""
        if by.pk not in self.programs:
            self.programs[by.pk] = Program(self.client, by, days=366)
        return self.programs[by.pk]

    def upload(self, *, skip=()):
        """A program hands in each paper by itself."""
        for material in self.filing.intake_open().exclude(name__in=skip):
            self.do(filings.upload_material, material, upload=pdf(), by=self.enterprise)

    def check_materials(self):
        """A program checks each paper by itself."""
        for material in self.filing.materials.filter(state=MaterialState.RECEIVED):
            self.do(filings.check_material, material, fine=True, by=self.people.window)

    def do(self, verb, *args, by, **kwargs):
        """Send the act to its address; return the thing as it now is, or what the act opened."""
        things, step = self.offers[verb]
        thing = args[0] if args else None
        if thing is not None and not isinstance(thing, things.model):
            thing = self.filing  # the address names the case, the service takes its enterprise
        named = f"{getattr(thing, things.key)}/{step.name}/" if thing is not None else ""
        body = {name: said(value) for name, value in (_spread(kwargs)).items()}
        with clock.driven(self.now):
            answer = self.program(by).post(f"{things.address}/{named}", body, files=step.files)
        assert answer.status_code in (200, 201), (step.name, answer.json())
        self.answers_seen.append(answer.json())
        self.minutes(1)
        if things.key == "public_id" and thing is None:
            return things.model.objects.get(public_id=answer.json()["id"])
        if verb.__name__ == "publish_notice":
            return self.filing.notices.get(public_id=answer.json()["id"])
        return things.model.objects.get(pk=thing.pk)


def _spread(kwargs):
    for name, value in kwargs.items():
        if isinstance(value, Decision):
            return {key: given for key, given in vars(value).items() if given}
        if name == "filings":
            kwargs = {**kwargs, "filings": [filing.public_id for filing in value]}
    return kwargs


def said(value):
    """An argument as a program says it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UploadedFile | str | bool | int | list | dict):
        return value
    return value.code if hasattr(value, "code") else str(value)
