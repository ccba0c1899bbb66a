/* What a page may get wrong before anybody reads it. Returns sentences; none where all is well. */
async ({ widest, smallest, access }) => {
  const all = (where) => [...document.querySelectorAll(where)];
  const seen = (e) => e.getBoundingClientRect().width > 1; // what only a screen reader gets is one pixel wide
  const words = (e) => e.textContent.replace(/\s+/g, " ").trim();
  const faults = [];

  // Accessibility by the rules of axe: what is merely moderate is mended all the same.
  const levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const found = access
    ? await axe.run(document, { resultTypes: ["violations"], runOnly: levels })
    : { violations: [] };
  for (const rule of found.violations) {
    for (const node of rule.nodes.slice(0, 3)) {
      const why = node.any.concat(node.all, node.none).map((check) => check.message)[0] || "";
      faults.push(`axe ${rule.impact} ${rule.id}: ${node.html.slice(0, 140)} ${why.slice(0, 140)}`);
    }
  }

  // Nothing sticks out at the right, except inside a box that scrolls by itself.
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) {
    const boxed = (e) => {
      for (let up = e.parentElement; up && up !== document.body; up = up.parentElement) {
        if (getComputedStyle(up).overflowX !== "visible") { return true; }
      }
      return false;
    };
    const out = all("body *").filter((e) => e.getBoundingClientRect().right > root.clientWidth + 1 && !boxed(e));
    faults.push(`${root.scrollWidth} px wide: ` + out.slice(0, 5).map((e) => `${e.tagName}.${e.className} ${words(e).slice(0, 20)}`));
  }

  // Running text keeps to the measure, and no letters are too small.
  for (const e of all("main :is(p, dd, li)")) {
    const style = getComputedStyle(e);
    const inline = (node) => node.nodeType === 3 || (node.nodeType === 1 && getComputedStyle(node).display === "inline");
    const own = [...e.childNodes].filter(inline).map((node) => node.textContent).join("").replace(/\s+/g, " ").trim();
    const room = (e.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)) / parseFloat(style.fontSize);
    if (own.length > 60 && room > widest) { faults.push(`a line of ${room.toFixed(0)}: ${own.slice(0, 30)}`); }
  }
  for (const e of all("main *")) {
    const own = [...e.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (own && seen(e) && parseFloat(getComputedStyle(e).fontSize) < smallest) { faults.push(`small letters: ${words(e).slice(0, 20)}`); }
  }

  // One title, no level left out, no colon at the end of a heading.
  const heads = all("h1, h2, h3, h4, h5, h6").filter(seen);
  const titles = heads.filter((e) => e.tagName === "H1").length;
  if (titles !== 1) { faults.push(`${titles} titles`); }
  heads.reduce((level, e) => {
    const own = Number(e.tagName[1]);
    if (own > level + 1) { faults.push(`${e.tagName} after H${level}: ${words(e)}`); }
    if (/[：:]$/.test(words(e))) { faults.push(`a heading ends in a colon: ${words(e)}`); }
    return own;
  }, 0);

  // The landmarks, the way past the navigation, names used once.
  for (const place of ["body > header", "main", "body > footer"]) {
    if (all(place).length !== 1) { faults.push(`${all(place).length} of ${place}`); }
  }
  const first = document.querySelector("a[href], button, input, summary");
  if (!first || !first.matches(".skip") || !document.querySelector(first.getAttribute("href"))) { faults.push("no way past the navigation"); }
  const ids = all("[id]").map((e) => e.id);
  new Set(ids.filter((id, n) => ids.indexOf(id) !== n)).forEach((id) => faults.push(`id twice: ${id}`));

  // The keyboard was used before, so what a script focuses shows as under the keyboard.
  for (const e of all("a[href], button:enabled, input:enabled:not([type=hidden]), select, textarea, summary").filter(seen)) {
    e.focus({ preventScroll: true });
    const style = getComputedStyle(e);
    const shown = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    if (document.activeElement === e && !shown) { faults.push(`focus not to be seen: ${e.outerHTML.slice(0, 100)}`); }
  }
  if (document.activeElement) { document.activeElement.blur(); }
  return faults;
}
