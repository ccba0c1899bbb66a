"""A person before the pages: reads what is written, presses what is labelled, fills in by label."""

import re

from desk.rules.people import PASSWORD

# Whether Tab leads to what has the focus: nobody took it out of the order, and the order is that of the page.
BY_TAB = """e => e === document.activeElement && e.tabIndex === 0 && !e.closest('[inert]')
  && !document.querySelector('[tabindex]:not([tabindex="0"]):not([tabindex="-1"])')"""


class Person:
    """One browser window; `faults` gathers what it complained of. With `keys` nobody touches the mouse.

    Links, buttons, choices and boxes are then reached as Tab reaches them and pressed by Enter and the space bar.
    """

    def __init__(self, context, name, shots, *, keys=False):
        self.context, self.name, self.shots, self.keys = context, name, shots, keys
        self.faults = []
        self.page = context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"{name}: {error}"))
        self.page.on("requestfailed", self._failed)

    def _heard(self, message):
        if message.type == "error":
            self.faults.append(f"{self.name} {self.page.url}: {message.text}")

    def _failed(self, request):
        # A request that a newer one replaces is given up by the page itself.
        if "ERR_ABORTED" not in (request.failure or ""):
            self.faults.append(f"{self.name}: {request.url} {request.failure}")

    # — reading ——————————————————————————————————————————————————————————————————

    def text(self):
        """Everything in sight and behind folded lines of the main part, blanks as one."""
        return re.sub(r"\s+", " ", self.page.locator("main").inner_text())

    def sees(self, *wanted):
        """Read the page and find these words."""
        found = self.text()
        for words in wanted:
            assert words in found, (
                f"{self.name} does not see “{words}” at {self.page.url}:\n{found}"
            )

    def sees_not(self, *unwanted):
        """Read the page and find none of these words."""
        found = self.text()
        for words in unwanted:
            assert words not in found, f"{self.name} sees “{words}” at {self.page.url}"

    def shoot(self, name):
        """Keep a picture of the whole page, where pictures are wanted."""
        if self.shots:
            self.shots.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=self.shots / f"{name}.png", full_page=True)

    # — doing ————————————————————————————————————————————————————————————————————

    def leaves_by(self, way):
        """Press a link or button and wait for the page behind it: read too early, the page is the one before."""
        way.wait_for()
        self.page.evaluate("document.documentElement.dataset.left = ''")
        self.puts(way)
        self.page.wait_for_selector("html:not([data-left])", state="attached")
        self.page.wait_for_load_state()

    def puts(self, way, key="Enter"):
        """Press a link, a button or a line that folds: by a click, or by a key where Tab leads."""
        if not self.keys:
            way.click()
            return
        way.focus()
        assert way.evaluate(BY_TAB), f"{self.name}: no Tab leads to {way} at {self.page.url}"
        self.page.keyboard.press(key)

    def ticks(self, box):
        """Tick a box or a choice."""
        if not self.keys:
            box.check()
        elif not box.is_checked():
            self.puts(box, "Space")

    def log_in(self, username):
        """Log in by the form of the login page."""
        self.goes("/")
        self.leaves_by(self.page.locator("header").get_by_role("link", name="登录"))
        self.enters(username)

    def enters(self, username, *, arrives="**/desk/"):
        """Fill in the login form that is before one."""
        form = self.page.locator("form.form")
        form.locator("[name=login]").fill(username)
        form.locator("[name=password]").fill(PASSWORD)
        self.puts(form.get_by_role("button", name="登录"))
        self.page.wait_for_url(arrives)

    def goes(self, path):
        """Open an address."""
        answer = self.page.goto(path)
        assert answer.ok, f"{self.name}: {path} {answer.status}"
        return answer

    def desk(self):
        """Open the desk by the main navigation."""
        self.turns_to("工作台")

    def takes_up(self, words):
        """Open the first thing on the desk's lists that names these words."""
        self.desk()
        row = self.page.locator("main .worklist tr", has_text=words).first
        self.leaves_by(row.locator("[data-stop]"))

    def looks_up(self, words):
        """Open a case by the list of filings."""
        self.turns_to("申报件")
        self.follow(words)

    def turns_to(self, words):
        """Follow a link of the main navigation."""
        navigation = self.page.get_by_role("navigation", name="主导航")
        self.leaves_by(navigation.get_by_role("link", name=words))

    def follow(self, words, *, within="main", exact=False):
        """Follow the first link with these words."""
        self.leaves_by(self.page.locator(within).get_by_role("link", name=words, exact=exact).first)

    def press(self, words, *, within="main"):
        """Press the button with these words."""
        self.leaves_by(self.page.locator(within).get_by_role("button", name=words).first)

    def fill(self, **fields):
        """Fill in fields by their labels' names in the form: place="…"."""
        for name, value in fields.items():
            self.page.locator(f"main [name={name}]").fill(value)

    def choose(self, name, label):
        """Tick a choice of a group by what is written beside it."""
        self.ticks(self.page.locator(f"#id_{name}").get_by_label(label, exact=True))

    def hand_over(self, name, file):
        """Choose a file: name, content type and bytes."""
        self.page.locator(f"main [name={name}]").set_input_files(file)
