"""What the tests of the desk share."""

from desk.rules.ladder import Steps
from desk.stages import Rung

SHIPPED_STEPS = Steps(
    50, (1, 0), ((Rung.RESPONSIBLE, 1), (Rung.HEAD, 2), (Rung.LEAD, 3), (Rung.LEADERSHIP, 5)), 3, 3
)
