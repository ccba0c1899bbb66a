"""On PostgreSQL a statement that was planned stays planned from one test to the next.

Each test is taken back, and after a ROLLBACK the driver forgets every statement that it has prepared, for a table may
have gone with it. Ours stay: what changes a table in a test says ALTER or DROP, and there it forgets as before. The
test server plans each statement once for all values (deploy/postgres.sh): its tables are too small for a choice.
"""

from psycopg._preparing import PrepareManager

KEPT = 2_000  # statements of a process; the whole suite asks some thousand kinds


def keep_planned():
    """Let the connections of this process keep what they have prepared when a test is taken back."""
    forgets = PrepareManager._should_discard

    def forgets_but_at_rollback(manager, prep, results):
        others = [result for result in results if result.command_status != b"ROLLBACK"]
        return forgets(manager, prep, others)

    PrepareManager._should_discard = forgets_but_at_rollback
    PrepareManager.prepared_max = KEPT
