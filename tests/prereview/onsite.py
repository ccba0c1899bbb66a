"""A survey that runs, and what persons on the site enter."""

import hashlib
import io
from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from approvals.stages import Stage
from core import clock
from prereview import services
from prereview.services import Mark
from tests.walk import walk


def running(people, at, *, absent=()):
    """A walk whose survey is open; every department came except those in `absent`."""
    w = walk(people, at, to=Stage.ACCEPTED)
    w.call_survey()
    w.acknowledge(w.survey)
    w.open(w.survey, absent=absent)
    w.stop = w.survey.agenda.get()
    return w


def jpeg(color="red", exif=True):
    """A small photograph as a telephone writes it: with where it was taken in its data."""
    out = io.BytesIO()
    image = Image.new("RGB", (40, 30), color)
    data = Image.Exif()
    if exif:
        data[0x010F] = "示例手机"
        data.get_ifd(0x8825)[1] = "N"
    image.save(out, "JPEG", exif=data)
    return out.getvalue()


def upload(content, name="现场.jpg"):
    """The photograph as it arrives."""
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def digest(content):
    """Its SHA-256."""
    return hashlib.sha256(content).hexdigest()


class Device:
    """One person's telephone on the site: what it sends, at the instant of the walk."""

    def __init__(self, w, by):
        self.w, self.by = w, by

    def mark(self, uid=None, made=None, **place):
        """The name of an entry, made now."""
        name = UUID(uid) if isinstance(uid, str) else uid or uuid4()
        return Mark(name, made or self.w.now, self.by.pk, **place)

    def _do(self, service, **said):
        with clock.driven(self.w.now):
            return service(self.w.stop, by=self.by, at=self.w.now, **said)

    def comes(self, name="勘察示例甲", card="示例001", mark=None):
        """A person is there."""
        return self._do(services.enter_presence, mark=mark or self.mark(), name=name, card=card)

    def two(self):
        """Two persons are there."""
        return [self.comes(), self.comes("勘察示例乙", "示例002")]

    def finds(self, topic="site", result="fine", text="", mark=None):
        """Enter a finding."""
        return self._do(
            services.enter_finding, mark=mark or self.mark(), topic=topic, result=result, text=text
        )

    def shoots(self, content=None, topic="site", sha256="", mark=None):
        """Enter a photograph."""
        return self._do(
            services.enter_photo, mark=mark or self.mark(), upload=upload(content or jpeg()), topic=topic,
            sha256=sha256,
        )  # fmt: skip

    def signs(self, *entries, mark=None):
        """Sign for entries."""
        covers = [str(getattr(one, "uid", one)) for one in entries]
        return self._do(services.sign_site, mark=mark or self.mark(), covers=covers)

    def settles(self, topic, result, reasons="召集人现场核对"):
        """The convenor settles a conflict."""
        return self._do(services.settle_findings, topic=topic, result=result, reasons=reasons)
