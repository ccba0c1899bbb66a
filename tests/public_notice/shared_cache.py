"""A cache that many share, as RFC 9111 allows one: it keeps all that it may keep and serves it to whoever asks."""

import re
from dataclasses import dataclass, field

HEURISTIC = {200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501}


def directives(response):
    """Return the Cache-Control of an answer as a dict of lower-case names."""
    found = re.findall(r'([\w-]+)(?:="?([^",]*)"?)?', response.headers.get("Cache-Control", ""))
    return {name.lower(): value for name, value in found}


def may_store(response, *, authorised=False):
    """Tell whether a shared cache may keep an answer to a GET (RFC 9111, 3)."""
    said = directives(response)
    if "no-store" in said or "private" in said or response.headers.get("Vary", "").strip() == "*":
        return False
    if authorised and not {"public", "must-revalidate", "s-maxage"} & set(said):
        return False
    explicit = {"public", "max-age", "s-maxage"} & set(said) or "Expires" in response.headers
    return bool(explicit) or response.status_code in HEURISTIC


def fresh(response):
    """Tell whether a kept answer may be served without asking again, right after it was kept."""
    said = directives(response)
    if "no-cache" in said:
        return False
    lifetime = said.get("s-maxage") or said.get("max-age")
    return (
        int(lifetime) > 0 if lifetime else True
    )  # without a word, a heuristic lifetime is allowed


@dataclass
class Kept:
    """An answer as it lies in the cache."""

    response: object
    asked: dict  # the values of the headers in Vary, as they were asked
    by: str


@dataclass
class SharedCache:
    """Between readers and the site: `get` asks for a reader and says whose answer they got."""

    kept: dict = field(default_factory=dict)

    def get(self, client, path, *, by, **headers):
        """Return the answer, and who had asked for it first where it was a kept one."""
        asked = {
            "cookie": "; ".join(f"{c.key}={c.value}" for c in client.cookies.values()),
            **headers,
        }
        for one in self.kept.get(path, ()):
            if all(asked.get(name, "") == value for name, value in one.asked.items()) and fresh(
                one.response
            ):
                return one.response, one.by
        response = client.get(path, headers=headers)
        if may_store(response, authorised="authorization" in headers):
            names = [
                n.strip().lower() for n in response.headers.get("Vary", "").split(",") if n.strip()
            ]
            self.kept.setdefault(path, []).append(
                Kept(response, {n: asked.get(n, "") for n in names}, by)
            )
        return response, by
