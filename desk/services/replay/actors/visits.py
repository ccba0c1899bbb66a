"""On the site of a visit: each department's persons, what they find at their points, a photograph, the signature."""

import io
from uuid import UUID, uuid5

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from accounts.models import Membership
from desk.services.replay.world import World
from prereview import services
from prereview.models import AgendaItem, Invitation
from prereview.queries.visit import Visit
from prereview.services import Mark
from prereview.stages import FindingResult

NAMES = UUID("5f0e2b52-6a0c-4c0e-9d5a-0c7f1e7a2b10")  # of a play's entries: the same in every run
WIDE, HIGH = 640, 480


def enter(world: World, agenda: AgendaItem) -> None:
    """What a case has in store of its site (`seen`, a point, what is lacking there), entered by whoever came."""
    seen = world.event(agenda.filing, "seen")
    if seen is None:
        return
    points = Visit(agenda, world.now).points
    came = agenda.session.invitations.exclude(checked_in_at=None).filter(left_at=None)
    shown = False
    for summons in came.select_related("department").order_by("department__code"):
        own = [point.topic for point in points if summons.department.code in point.askers]
        if own:
            lacks = {seen.value: seen.text} if seen.value in own and not shown else {}
            shown = shown or bool(lacks)
            _of_department(world, agenda, summons, own, lacks)


def _of_department(
    world: World, agenda: AgendaItem, summons: Invitation, own: list[str], lacks: dict[str, str]
) -> None:
    code = summons.department.code
    by: Membership = world.people.clerks[code]

    def mark(what: str) -> Mark:
        name = uuid5(
            NAMES, f"{world.plan.seed}:{agenda.session.number}:{agenda.order}:{code}:{what}"
        )
        return Mark(name, world.now, by.pk)

    for number, name in enumerate((by.user.name, f"{code}同行示例"), start=1):
        world.do(
            services.enter_presence, agenda, mark=mark(f"person{number}"), name=name,
            card=f"示例{code}{number:03}", by=by,
        )  # fmt: skip
    covers = []
    for topic in own:
        said = lacks.get(topic, "")
        result = FindingResult.SUPPLEMENT if said else FindingResult.FINE
        found = world.do(
            services.enter_finding, agenda, mark=mark(topic), topic=topic, result=result, text=said, by=by
        )  # fmt: skip
        covers.append(str(found.uid))
    for topic in lacks:
        taken = world.do(
            services.enter_photo, agenda, mark=mark(f"photo-{topic}"), upload=picture(), topic=topic, by=by
        )  # fmt: skip
        covers.append(str(taken.uid))
    world.do(services.sign_site, agenda, mark=mark("signed"), covers=covers, by=by)


def picture() -> SimpleUploadedFile:
    """Return a drawn picture that stands for a photograph of a site: sky, a slope, the stakes of a boundary."""
    image = Image.new("RGB", (WIDE, HIGH), "#b9d3e8")
    draw = ImageDraw.Draw(image)
    draw.polygon([(0, 300), (260, 210), (640, 290), (640, 480), (0, 480)], fill="#a58e63")
    draw.line([(60, 400), (580, 380)], fill="#4f6d8a", width=14)  # a ditch
    for x in range(80, 600, 120):
        draw.line([(x, 330), (x, 392)], fill="#b3262d", width=6)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return SimpleUploadedFile("现场示例.jpg", out.getvalue(), content_type="image/jpeg")
