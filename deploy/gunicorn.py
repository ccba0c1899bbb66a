"""One process with threads serves a county; its ticker does the background work. A larger one has more processes."""

import io
import os
import sys

HOST = os.environ.get("CHENGNUO_HOST", "127.0.0.1")
PORT = os.environ.get("PORT", "8000")
LOCAL = {"127.0.0.1", "0.0.0.0", "::1", "::"}  # noqa: S104  # names to recognise, nothing is bound

BOOT_ERROR = 3  # what gunicorn's own server takes for "it cannot be started"; after any other it tries again for ever

bind = [f"[{HOST}]:{PORT}" if ":" in HOST else f"{HOST}:{PORT}"]
workers = int(os.environ.get("CHENGNUO_WORKERS", "1"))
# Each process loads the site after the fork, so that none shares a database connection or a pool with another.
preload_app = False
worker_class = "gthread"
threads = 8
timeout = 120
graceful_timeout = 20
keepalive = 5
loglevel = "warning"
control_socket_disable = True


def post_worker_init(worker) -> None:  # noqa: ANN001  # gunicorn's own
    """Start the ticker here, for threads do not survive a fork; then say where the site is.

    Where the printer of papers lacks something, the process ends and with it the server, however it was started: a
    paper would take ten seconds, or not be printed at all.
    """
    from django.conf import settings
    from django.core.management import CommandError, call_command

    from config.database.sqlite3.log import keep_long
    from desk import ticker

    try:
        call_command("check", tags=["papers"], fail_level="ERROR", stdout=io.StringIO())
    except CommandError as lacking:
        print(f"error: {lacking}", file=sys.stderr, flush=True)
        sys.exit(BOOT_ERROR)
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        keep_long(str(database["NAME"]))
    ticker.start()  # in every process: what one is at, the others pass by
    if worker.age > 1:
        return
    if settings.DEMO:
        call_command("demo_accounts")
    name = "localhost" if HOST in LOCAL else HOST
    print(f"==> serving at http://{name}:{PORT}/  (Ctrl-C stops)", flush=True)
