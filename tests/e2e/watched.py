"""A browser of one person that notes what ran, what was stopped, what was asked of another host, and what would run."""

from django.core import mail

from core.notify.models import Message
from core.notify.services import deliver, tell
from tests.payloads import HOST

PATIENCE = (
    120_000  # milliseconds for a page that says five hundred things, on a machine that others use
)
BROKEN = 500
# What is not there; and the worker of a page that is shown to a browser without its login.
NO_FAULT = ("Failed to load resource", "The script resource is behind a redirect")
# As the site says of all it serves; without it a text with strange characters is taken for a file.
NO_GUESS = {"X-Content-Type-Options": "nosniff"}
# Runs in every frame before anything else of the page.
WATCH = """
globalThis.seen = [];
document.addEventListener("securitypolicyviolation", e =>
  seen.push(`${e.violatedDirective} ${e.blockedURI} ${e.sample}`));
"""
# What chromium has made of a page: nothing that runs by a click or a look, and nothing that leads to another host.
ACTS = """([host, strict]) => {
  const leads = ["href", "src", "action", "formaction", "data", "srcdoc", "poster", "xlink:href", "background"];
  const runs = /^(javascript|vbscript|data:(?!image\\/(png|jpeg|svg))|\\/\\/)/;
  const found = [];
  for (const e of document.querySelectorAll("*")) {
    if (["SCRIPT", "IFRAME", "OBJECT", "EMBED", "BASE", "FRAME"].includes(e.tagName.toUpperCase())) {
      const own = (e.getAttribute("src") || "").startsWith("/static/") || /json$/.test(e.type || "");
      if (!own) { found.push(e.outerHTML.slice(0, 200)); }
    }
    for (const {name, value} of e.attributes) {
      const said = value.replace(/[\\s\\x00-\\x20]/g, "").toLowerCase();
      const away = leads.includes(name) && (runs.test(said) || said.includes("//" + host));
      if (/^on/.test(name) || (name === "style" && strict) || away) {
        found.push(`${e.tagName} ${name}=${value.slice(0, 120)}`);
      }
    }
  }
  return found.slice(0, 5);
}"""


class Watched:
    """`wrong` gathers what no page may do; `shielded` is with the site's content policy.

    `strict`: no page of the site says how it looks in an attribute; the printer's pages do.
    """

    def __init__(self, site, username=None, *, shielded=True):
        self.site, self.wrong, self.strict = site, [], True
        self.context = site.browser.new_context(base_url=site.url, bypass_csp=not shielded)
        self.context.set_default_timeout(PATIENCE)
        self.context.add_init_script(WATCH)
        if username:
            self.context.add_cookies([site._entered(username)])
        self.page = self.context.new_page()
        self.page.on("dialog", self._dialog)
        self.page.on("pageerror", lambda error: self.wrong.append(f"{self.page.url} {error}"))
        self.page.on("console", self._heard)
        self.page.on("request", self._asked)

    def _dialog(self, dialog):
        self.wrong.append(f"{self.page.url} dialog {dialog.message}")
        dialog.dismiss()

    def _heard(self, message):
        if message.type == "error" and not any(said in message.text for said in NO_FAULT):
            self.wrong.append(f"{self.page.url} {message.text}")

    def _asked(self, request):
        if not request.url.startswith((self.site.url, "data:", "blob:")):
            self.wrong.append(f"{self.page.url} asked {request.url}")

    def looks(self, path):
        """Open an address, press on what opens, and gather what happened; return whether a payload was there."""
        answer = self.page.goto(path)
        if answer is not None and answer.status >= BROKEN:
            self.wrong.append(f"{path} {answer.status}")
        return self.looked(path)

    def looked(self, path):
        """Gather what happened on the open page; return whether a payload was there."""
        ran = self.page.evaluate("globalThis.pwned === undefined ? [] : ['ran']")
        acts = self.page.evaluate(ACTS, [HOST, self.strict])
        self.wrong += [
            f"{path} {one}" for one in [*ran, *acts, *self.page.evaluate("globalThis.seen")]
        ]
        said = self.page.content()
        return "pwned" in said or "alert(7)" in said or HOST in said

    def shows(self, path, body, kind):
        """Open an address that answers with these bytes, whatever stands there: as if it were opened from the disk."""
        self.context.route(
            f"**{path}",
            lambda route: route.fulfill(body=body, headers=NO_GUESS | {"Content-Type": kind}),
            times=1,
        )
        return self.looks(path)

    def shows_raw(self, payloads):
        """Open a page that is nothing but payloads, as a careless site would have it."""
        body = "<!doctype html>" + "\n".join(payloads)
        self.shows("/careless/", body, "text/html; charset=utf-8")
        found, self.wrong = self.wrong, []
        return found


# A browser keeps these as files; opened from the disk they are text.
KEPT_AS_FILES = ("text/csv", "text/calendar", "application/yaml")


def kind_shown(kind):
    """As what kind an answer is shown where the browser would keep it as a file."""
    return "text/plain; charset=utf-8" if kind.startswith(KEPT_AS_FILES) else kind


def mailed(person, said, at):
    """Write a letter of the house that says this in its head and its body; yield the parts of all that is sent."""
    mail.outbox.clear()
    person.user.email = "reader@example.org"
    person.user.save(update_fields=["email"])
    Message.objects.filter(sent_at=None).update(
        sent_at=at
    )  # what waits comes first, so many in a pass
    tell([person], said, about=f"payload:{at.isoformat()}", at=at, body=said)
    deliver(at)
    assert mail.outbox
    for letter in mail.outbox:
        for part in letter.message().walk():
            if not part.is_multipart():
                yield part.get_payload(decode=True), part.get_content_type()
