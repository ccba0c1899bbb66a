"""Programs that call the API as somebody: `Program(client, membership)` with a token, a key for each POST."""

import uuid

from accounts.services import make_token
from accounts.stages import Scope
from core import clock


class Program:
    """A program with a token; `get` and `post` take the address below /api/v1/."""

    def __init__(self, client, membership=None, *, scope=Scope.ACT, days=30, secret=None):
        self.client, self.secret = client, secret
        if membership is not None:
            _token, self.secret = make_token(
                by=membership, name="测试", scope=scope, days=days, at=clock.now()
            )

    def _headers(self, more):
        token = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        return {**token, **more}

    def get(self, address, query=None, **headers):
        """Read."""
        return self.client.get(f"/api/v1/{address}", query, headers=self._headers(headers))

    def post(self, address, body=None, *, key=None, files=False, **headers):
        """Take a step; a new key each time unless one is given, none with key=""."""
        key = str(uuid.uuid4()) if key is None else key
        more = {"Idempotency-Key": key} if key else {}
        form = (
            {"data": body or {}}
            if files
            else {"data": body if body is not None else {}, "content_type": "application/json"}
        )
        return self.client.post(
            f"/api/v1/{address}", headers=self._headers({**more, **headers}), **form
        )
