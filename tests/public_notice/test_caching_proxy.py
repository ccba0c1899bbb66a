"""The same through a real proxy: nginx keeps what it may for ten minutes, and nobody is served what is another's."""

import shutil
import socket
import subprocess
import time
from http.client import HTTPConnection

import pytest
from django.conf import settings as configured
from django.test import Client

from core import clock
from tests.conftest import instant
from tests.public_notice.test_shared_cache import ALL, private_ways, reader, ways
from tests.walk import walk

pytestmark = pytest.mark.hunt
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin")
PATIENCE = 10  # seconds in which it opens its port
CONF = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/temp;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  proxy_cache_path {folder}/cache keys_zone=all:1m;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass {site}; proxy_set_header Host $proxy_host; proxy_cache all; proxy_cache_key $request_uri;
      proxy_cache_valid any 10m; add_header X-Kept $upstream_cache_status always;
    }}
  }}
}}
"""


@pytest.fixture
def proxy(live_server, tmp_path):
    """The port of a proxy before the site."""
    if NGINX is None:
        pytest.skip("skipped: nginx is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    conf = tmp_path / "nginx.conf"
    conf.write_text(CONF.format(folder=tmp_path, port=port, site=live_server.url))
    process = subprocess.Popen([NGINX, "-c", conf, "-e", tmp_path / "error.log"])
    _wait(port)
    yield port
    process.terminate()
    process.wait(PATIENCE)


def _wait(port):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(port)


def asked(port, path, cookie=""):
    """Ask through the proxy; return the answer's status, its bytes, and whether it was a kept one."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    answer = connection.getresponse()
    body, kept = answer.read(), answer.headers.get("X-Kept")
    connection.close()
    return answer.status, body, kept == "HIT"


def test_a_proxy_serves_nobody_what_is_anothers(proxy, people, at, settings, tmp_path):
    settings.DEMO, settings.VAR_DIR, settings.MEDIA_ROOT = True, tmp_path, tmp_path / "files"
    w = walk(people, instant("2018-05-14 09:00"), to="noticed")
    clock.keep_shift(w.now - clock.timezone.now())
    readers = {role: reader(people, role) for role in ALL}
    wrong, hits, private = [], 0, private_ways(w.filing)
    for path in [*ways(w.filing), *private]:
        alone = Client().get(path).status_code
        for role, (client, marks) in readers.items():
            cookie = f"{configured.SESSION_COOKIE_NAME}={client.cookies[configured.SESSION_COOKIE_NAME].value}"
            _status, _body, kept = asked(proxy, path, cookie)
            hits += kept
            status, body, strangers = asked(proxy, path)
            hits += strangers
            wrong += [f"{path}: {role}'s words" for mark in marks if mark in body]
            if status != alone or (path in private and (kept or strangers)):
                wrong.append(f"{path}: {status} after {role}, {alone} alone")
    print(f"{len(readers)} readers, {len(private)} private addresses, {hits} kept answers served")
    assert hits  # it keeps what it may
    assert wrong == []
