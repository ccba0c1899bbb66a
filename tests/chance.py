"""Where a random test has its seed from, which it prints.

`make test` draws by the code itself (deploy/test.sh): the same code meets the same cases wherever it is tested, and a
change of it meets others, so that a red run is red again for whoever looks into it. CHENGNUO_SEED asks for one seed
again; without it every run draws anew.
"""

import os
import random
from zlib import crc32


def drawn(name):
    """The seed of the test of this name."""
    given = os.environ.get("CHENGNUO_SEED", "")
    return crc32(f"{given} {name}".encode()) if given else random.SystemRandom().randrange(1 << 32)
