"""The people of a demonstration county, as its pack names them: invented, with one password that everybody may know."""

from typing import Final

from desk.rules.pack import Fault, PackError, Row
from desk.rules.pack.columns import TEXT, YES_NO, one_of
from desk.rules.pack.tables import Table, read_table

FILE: Final = "demo/people.csv"
PASSWORD: Final = "chengnuo-demo-2018"  # noqa: S105 - printed on the login page of every demonstration
ENTERPRISE: Final = "enterprise-{:02d}"  # the account names of the demonstration's enterprises

_TABLE: Final = Table(
    FILE,
    ("username", "organisation", "role"),
    {
        "username": TEXT,
        "name": TEXT,
        "organisation": TEXT,
        "role": one_of("window", "convenor", "supervisor", "administrator", "clerk", "head"),
        "on_login_page": YES_NO,
    },
)


def read_people(data: bytes) -> list[Row]:
    """Return one row per membership, in the order of the file; raise PackError with every fault."""
    faults: list[Fault] = []
    rows = read_table(_TABLE, data, faults)
    if faults or rows is None:
        raise PackError(faults)
    return rows
