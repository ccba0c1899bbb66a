"""What must be on every answer, and what must not be in a page: `faults(response)` is a list of sentences."""

import re

from config.middleware import FOR_ALL

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}
# Of a picture that was drawn from a stranger's file: nothing at all, and this whole.
CLOSED = {"default-src 'none'", "frame-ancestors 'none'", "sandbox"}
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
DENIED = ("camera=()", "microphone=()", "geolocation=()", "payment=()", "usb=()")
# What the policy would stop: it must not be on a page in the first place, or the page does not work.
INLINE = {
    "an inline script": re.compile(
        r"<script(?![^>]*\ssrc=)"
        r"(?!(?:\s+(?:id|data-[a-z-]+)=\S+)*\s+type=\"application/(?:ld\+)?json\"[\s>])[^>]*>",
        re.IGNORECASE,
    ),
    "an inline style": re.compile(r"<style\b|<[a-z][^>]*\sstyle\s*=", re.IGNORECASE),
    "an event in an attribute": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "an address of javascript": re.compile(r"(?:href|src|action)\s*=\s*[\"']?\s*javascript:", re.IGNORECASE),
    "a foreign script or style": re.compile(r"<(?:script|link)[^>]*\s(?:src|href)=[\"']?(?:https?:)?//", re.IGNORECASE),
}  # fmt: skip


def faults(response, *, personal=False):
    """Return what is wrong with an answer; `personal`: it was made for somebody who is logged in."""
    head = response.headers
    found = [
        f"{name} is {head.get(name)!r}" for name, said in FIXED.items() if head.get(name) != said
    ]
    policy = {part.strip() for part in head.get("Content-Security-Policy", "").split(";")}
    wanted = CLOSED if policy <= CLOSED else POLICY
    found += [f"the policy lacks {missing}" for missing in sorted(wanted - policy)]
    found += [f"the policy allows {part}" for part in sorted(policy) if "unsafe" in part]
    # The page of a site alone asks for the position, and only when its button is pressed.
    said = head.get("Permissions-Policy", "").replace("geolocation=(self)", "geolocation=()")
    found += [f"{d} is missing" for d in DENIED if d not in said]
    kept = head.get("Cache-Control", "")
    # A file for every site is the same for everybody: nobody's name was looked up for it.
    early = response.wsgi_request.path_info.startswith(FOR_ALL) and not response.cookies
    for_all = early and head.get("Access-Control-Allow-Origin") == "*" and "Vary" not in head
    personal = personal and not (for_all and response.status_code < 400)
    if not kept or ("no-store" not in kept and (personal or response.status_code >= 400)):
        found.append(f"may be kept: Cache-Control is {kept!r}")
    if "Strict-Transport-Security" in head and not response.wsgi_request.is_secure():
        found.append("HSTS without https")
    for cookie in response.cookies.values():
        kept = cookie["max-age"] != 0
        if kept and not (cookie["httponly"] and cookie["samesite"] == "Lax"):
            found.append(f"the cookie {cookie.key} is open")
    return found + _page(response)


def _page(response):
    kind = response.headers.get("Content-Type", "")
    if response.streaming or not response.content:
        return []
    if not kind.startswith("text/html"):
        return [] if kind else ["no Content-Type"]
    text = response.content.decode()
    found = [f"{what}: {m[0]}" for what, pattern in INLINE.items() if (m := pattern.search(text))]
    return found + ([] if '<html lang="' in text or "<html lang=zh" in text else ["no language"])
