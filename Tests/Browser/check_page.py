#!/usr/bin/python3
"""Checks the HTML report in a real browser.

    check_page.py BINARY FOLDER CHECK…

writes reports with the binary into the folder and runs the checks (all of them unless named). What is wrong goes to
standard output, exit status 1. `AXE` names axe.min.js for the check `accessible`; `PICTURES` a folder that gets
pictures of the page, to be looked at.
"""

import json
import os
import random
import subprocess
import sys
import time

import browser
import made_up

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
LIMIT = 2_000_000
SHOWN = "[...document.querySelectorAll('#findings .entry, #unexplained .entry')]"
# Opens what of opened findings is folded, and says how many there are.
FURTHER = "(() => { const all = [...document.querySelectorAll('details.further')]; for (const one of all) one.open = true; return all.length; })()"
TITLES = SHOWN + ".map(entry => entry.querySelector('.title').textContent)"
CHECKS = {}


def check(function):
    CHECKS[function.__name__] = function
    return function


class Site:
    """The pages, written when they are first asked for, and the browser that shows them."""

    def __init__(self, binary, folder):
        self.binary, self.folder = binary, folder
        self.browser = browser.Browser(browser.find())

    def analyze(self, name, *paths):
        path = os.path.join(self.folder, name + ".html")
        if not os.path.exists(path):
            subprocess.run([self.binary, "analyze", "--quiet", "--format", "html", "-o", path, *paths], cwd=ROOT,
                           check=True, timeout=300)
        return path

    def samples(self):
        """The report of all samples, with incidents and all else that there can be."""
        path = os.path.join(self.folder, "complete.html")
        if not os.path.exists(path):
            with open(self.analyze("samples", "samples/")) as file:
                page = file.read()
            with open(path, "w") as file:
                file.write(made_up.with_report(page, made_up.add(made_up.report_of(page))))
        return path

    def log(self, name, data):
        path = os.path.join(self.folder, name + ".log")
        with open(path, "wb") as file:
            file.write(data)
        return self.analyze(name, path)

    def open(self, path, *arguments, **options):
        self.browser.open(path, *arguments, **options)
        return self.browser

    def quiet(self):
        problems = self.browser.problems()
        assert problems == [], problems


def report(path):
    with open(path) as file:
        return made_up.report_of(file.read())


def same(left, right):
    assert left == right, f"{left!r} is not {right!r}"


def comes(page, expression, seconds=10):
    """Waits for what the page does in a task of its own, such as telling that an entry was opened."""
    end = time.monotonic() + seconds
    while not page.run(expression):
        assert time.monotonic() < end, f"not within {seconds} s: {expression}"
        time.sleep(0.02)


@check
def complete(site):
    """Every section is there, and says what the report says."""
    path = site.samples()
    page = site.open(path)
    data = report(path)
    for name in ("incidents", "time", "findings", "unexplained", "changes", "comparison", "components", "files", "templates"):
        assert page.run(f"document.getElementById('{name}').offsetHeight > 40"), f"no section {name}"
    assert f"{len(data['inputs'])} files" in page.run("document.getElementById('about').textContent")
    text = page.run("document.getElementById('incidents').innerText")
    for statement in data["incidents"][0]["statements"]:
        assert statement["text"] in text, text
        for citation in statement["citations"]:
            assert f"{citation['source']}:{citation['line']}" in text, text
    assert "each accounted for" in page.run("document.getElementById('files').innerText")
    assert page.run("document.querySelectorAll('#chart path.ERROR').length") == 1
    site.quiet()


@check
def expands(site):
    """Every finding opens to its lines, cause, fix and links."""
    path = site.samples()
    page = site.open(path)
    same(page.run(SHOWN + ".filter(entry => entry.open).length"), 0)
    for finding in report(path)["findings"][:30]:
        page.run(f"document.querySelector('#finding-{finding['rank']} > summary').click()")
        text = page.run(f"document.getElementById('finding-{finding['rank']}').innerText")
        assert f"{finding['sample']['source']}:{finding['sample']['line']}" in text, text
        assert finding["sample"]["text"].split("\n")[0].strip()[:40] in text, text
        for part in finding["fix"] + [finding["cause"]]:
            assert part.replace("`", "").split("  ")[0][:60] in text, text
    links = page.run("[...document.querySelectorAll('.entry a[href^=http]')].map(a => [a.href, a.rel, a.target])")
    assert len(links) > 10
    assert all(rel == "noopener noreferrer" and target == "_blank" for _, rel, target in links), links
    page.run("document.querySelector('#incidents .suspects a').click()")
    same(page.run("document.activeElement.parentElement.id"),
         f"finding-{report(path)['incidents'][0]['suspects'][0]['finding']}")
    site.quiet()


@check
def filters(site):
    """Search, level, component, file and time narrow the list; the address brings it back."""
    path = site.samples()
    data = report(path)
    found = sorted(data["findings"] + data["unexplained"], key=lambda one: one["rank"])
    page = site.open(path)
    page.run("document.getElementById('query').focus()")
    page.type("disk full")
    titles = page.run(TITLES)
    assert 0 < len(titles) < 40 and any("disk is full" in title for title in titles), titles
    same(page.run("document.getElementById('matches').textContent"), f"{len(titles)} of {len(found)} findings")
    page.press("Escape")
    page.run("document.querySelector('.chip.CRITICAL').click()")
    page.run("document.querySelector('.chip.WARNING').click()")
    levels = page.run(SHOWN + ".map(entry => entry.querySelector('.level').textContent)")
    assert 'ERROR' in levels and not {'CRITICAL', 'WARNING'} & set(levels), set(levels)
    same(page.run("document.querySelector('.chip.CRITICAL').ariaPressed"), "false")
    page.run("document.getElementById('reset').click()")
    choose = "(name, value) => { const list = document.getElementById(name); list.value = value; list.dispatchEvent(new Event('change')); }"
    source = next(one["sample"]["source"] for one in data["unexplained"])
    page.run(f"({choose})('file', {json.dumps(source)})")
    ranks = page.run(SHOWN + ".map(entry => Number(entry.dataset.rank))")
    mine = {one["rank"] for one in found if one["sample"]["source"] == source}
    assert mine <= set(ranks) and len(ranks) < len(found), (mine, ranks)
    page.run(f"({choose})('file', '')")
    component = next(one["component"] for one in data["unexplained"] if one["component"])
    page.run(f"({choose})('component', {json.dumps(component)})")
    same(len(page.run(TITLES)) > 0 and len(page.run(TITLES)) < len(found), True)
    address = page.run("location.hash")
    before = page.run(TITLES)
    page = site.open(path, fragment=address)
    same(page.run(TITLES), before)
    page.press("Escape")
    same(page.run("location.hash"), "")
    # Time: of what is dragged over, only what was then is left. Logs without a date have that of their file, so that nobody
    # knows before where in the whole the most lies.
    middle = page.run("(times => (times[times.length >> 1] - span.from) / (span.to - span.from))"
                      "(found.map(one => one.from).filter(at => at != null).sort((a, b) => a - b))")
    page.drag("#chart", max(middle - 0.1, 0.01), min(middle + 0.1, 0.99))
    assert "time=" in page.run("location.hash"), page.run("location.hash")
    start, end = page.run("[state.from, state.to]")
    ranks = page.run("found.filter(isShown).map(finding => finding.rank)")
    expected = page.run(f"found.filter(one => one.from != null && one.from < {end} && one.to >= {start}).map(one => one.rank)")
    same(ranks, expected)
    assert 0 < len(ranks) < len(found), len(ranks)
    assert page.run("document.getElementById('overview').offsetHeight") > 10
    page.run("document.querySelector('[data-move=all]').click()")
    same(page.run("location.hash"), "")
    site.quiet()


@check
def keyboard(site):
    """All of it without a mouse."""
    page = site.open(site.samples())
    focus = "document.activeElement.closest('.entry')?.dataset.rank ?? document.activeElement.closest('.entry')?.dataset.incident"
    page.press("j")
    same(page.run("document.activeElement.closest('.entry').dataset.incident"), "1")
    page.press("j")
    page.press("j")
    same(page.run(focus), "2")
    page.press("k")
    same(page.run(focus), "1")
    comes(page, "getComputedStyle(document.activeElement).outlineStyle === 'solid'")
    page.press("Enter")
    same(page.run("document.getElementById('finding-1').open"), True)
    comes(page, "location.hash.includes('open=1')")
    page.press("Enter")
    same(page.run("document.getElementById('finding-1').open"), False)
    page.press("/")
    same(page.run("document.activeElement.id"), "query")
    page.type("jk?")
    same(page.run("document.getElementById('query').value"), "jk?")
    page.press("Escape")
    same(page.run("document.getElementById('query').value"), "")
    # The focus is the page's again, and so are the keys.
    page.press("?")
    same(page.run("document.getElementById('keys').open"), True)
    page.press("Escape")
    same(page.run("document.getElementById('keys').open"), False)
    page.press("e")
    same(page.run(SHOWN + ".every(entry => entry.open)"), True)
    page.press("e")
    same(page.run(SHOWN + ".some(entry => entry.open)"), False)
    page.run("document.getElementById('chart').focus()")
    whole = page.run("state.to - state.from")
    page.press("+")
    same(page.run("state.to - state.from") * 2, whole)
    start = page.run("state.from")
    page.press("ArrowLeft")
    comes(page, f"state.from < {start}")
    page.press("0")
    same(page.run("state.to - state.from"), whole)
    page.press("d")
    same(page.run("document.documentElement.dataset.theme"), "dark")
    site.quiet()


@check
def hostile(site):
    """Whatever a log says stays text."""
    evil = [
        '</script><script>window.pwned = 1</script>', '<img src=x onerror="window.pwned = 2">', '<!-- <script>',
        '"quotes" \'single\' `tick` &lt;b&gt; &amp; {{text}} {{report}}', '\u202edlrow olleh\u202c \u2028 \u2029 \ufeff',
        '\x1b[31mred\x1b[0m \x07 \x7f \x9b31m', '\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 broke',
        'javascript:window.pwned=3', '<svg onload="window.pwned=4">', 'long ' + 'x' * 10_000,
    ]
    lines = [f"2026-11-20 04:{minute:02}:00,000 ERROR w<b>eb: {text}" for minute, text in enumerate(evil)]
    data = "\n".join(lines).encode() + b"\n2026-11-20 04:30:00,000 ERROR web: \x00\x01 \xff\xfe\xc3( end\n"
    path = site.log("hostile", data)
    with open(path, "rb") as file:
        source = file.read()
    same(source.count(b"<script"), 2)
    for hidden in ("\u202e", "\u2028", "\u2029", "\x1b", "\x00"):
        assert hidden.encode() not in source, repr(hidden)
    page = site.open(path)
    page.press("e")
    same(page.run("window.pwned === undefined"), True)
    same(page.run("document.querySelectorAll('main img, main b, main script, main svg[onload]').length"), 0)
    shown = page.run("document.querySelector('main').textContent")
    for text in evil[:4]:
        assert text in shown, text
    assert "U+202E" in shown and "\\x1b" in shown and "\\x00" in shown
    assert page.run("document.documentElement.scrollWidth") <= 1280
    site.quiet()
    # The policy holds even for what somebody manages to put in.
    page.run("document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.pwned = 5' }))")
    same(page.run("window.pwned === undefined"), True)
    page.events.clear()


@check
def large(site):
    """Ten thousand findings: a small file, a short list, and what is left out is said."""
    random.seed(7)
    word = lambda: "".join(random.choice("bcdfghklmnprstvw") + random.choice("aeiou") for _ in range(4))
    lines = (f"2026-11-20 {second // 3600:02}:{second // 60 % 60:02}:{second % 60:02},000 ERROR {word()}: {word()} {word()} {word()} failed <&> {word()}\n"
             for second in range(10_000))
    path = site.log("large", "".join(lines).encode())
    size = os.path.getsize(path)
    assert size < LIMIT, f"{size} bytes"
    data = report(path)
    kept = len(data["unexplained"])
    omission = next(one for one in data["omitted"] if one["list"] == "findings")
    assert omission["of"] >= 9_000 and omission["kept"] == kept + len(data["findings"]), omission
    same(omission["of"] - omission["kept"], sum(data["omitted_findings"].values()))
    page = site.open(path)
    same(len(page.run(TITLES)), 100)
    assert f"{omission['of'] - omission['kept']:,}" in page.run("document.getElementById('notes').innerText")
    page.run("document.querySelector('#unexplained .more').click()")
    same(len(page.run(TITLES)), 200)
    site.quiet()


@check
def empty(site):
    """Nothing to report is said, not left blank."""
    page = site.open(site.log("empty", b""))
    assert "no event" in page.run("document.querySelector('main').innerText")
    page = site.open(site.log("calm", b"2026-11-20 04:00:00,000 INFO web: started\n"))
    assert "Nothing that a rule knows" in page.run("document.querySelector('main').innerText")
    page = site.open(site.log("timeless", b"ERROR something broke badly\n"))
    same(len(page.run(TITLES)), 1)
    site.quiet()


@check
def prints(site):
    """On paper everything is open, and the controls are gone."""
    page = site.open(site.samples(), fragment="#q=disk")
    page.run("addEventListener('beforeprint', () => { window.opened = " + SHOWN + ".filter(entry => entry.open).length; })")
    document = page.pdf()
    assert document.startswith(b"%PDF") and len(document) > 20_000
    assert page.run("window.opened") == len(page.run(TITLES)) > 3
    same(page.run(SHOWN + ".filter(entry => entry.open).length"), 0)
    page.call("Emulation.setEmulatedMedia", media="print")
    same(page.run("document.getElementById('filters').offsetHeight"), 0)
    page.call("Emulation.setEmulatedMedia", media="")
    site.quiet()


@check
def plain(site):
    """Without scripts the report is there as text."""
    path = site.samples()
    page = site.open(path, scripts=False)
    root = page.call("DOM.getDocument")["root"]["nodeId"]
    node = page.call("DOM.querySelector", nodeId=root, selector="noscript pre")["nodeId"]
    text = page.call("DOM.getOuterHTML", nodeId=node)["outerHTML"]
    title = report(path)["findings"][0]["title"]
    assert title.replace("&", "&amp;") in text, text[:500]


@check
def accessible(site):
    """axe finds nothing, in light and dark, wide and narrow, closed and open."""
    with open(os.environ["AXE"]) as file:
        axe = file.read()
    run = "axe.run(document, { resultTypes: ['violations', 'incomplete'] }).then(result => JSON.stringify(result.violations.map(one => [one.id, one.help, one.nodes.slice(0, 3).map(node => node.html.slice(0, 200) + ' ' + node.failureSummary)])))"
    for options in ({}, {"dark": True}, {"width": 360, "height": 700}):
        page = site.open(site.samples(), fragment="#q=full", **options)
        page.run(axe)
        for action in ("", "e", "?"):
            if action:
                page.press(action)
            if action == "e":
                assert page.run(FURTHER) > 0
            violations = json.loads(page.run(run))
            same((options, action, violations), (options, action, []))


@check
def narrow(site):
    """Nothing sticks out, down to 360 pixels."""
    for width in (360, 400, 768, 1280, 2000):
        page = site.open(site.samples(), width=width, height=800)
        page.press("e")
        page.run(FURTHER)
        page.run("document.querySelectorAll('#files summary, #templates summary, #changes summary').forEach(one => one.click())")
        assert page.run("document.documentElement.scrollWidth") <= width, (width, page.run("document.documentElement.scrollWidth"))
    site.quiet()


def pictures(site, folder):
    views = {"light": {}, "dark": {"dark": True}, "phone": {"width": 400, "height": 800}}
    for name, options in views.items():
        for part in ("", "time", "findings", "files"):
            page = site.open(site.samples(), **options)
            if part:
                page.run(f"document.querySelector('#{part} summary')?.click()")
                page.run(FURTHER)
                page.run(f"document.getElementById('{part}').scrollIntoView()")
            page.screenshot(os.path.join(folder, f"{name}-{part or 'top'}.png"))
    with open(os.path.join(folder, "print.pdf"), "wb") as file:
        file.write(site.open(site.samples(), fragment="#q=disk").pdf())


def main(binary, folder, *names):
    site = Site(os.path.abspath(binary), os.path.abspath(folder))
    failed = False
    try:
        for name in names or CHECKS:
            try:
                CHECKS[name](site)
            except (AssertionError, RuntimeError, subprocess.SubprocessError) as error:
                failed = True
                print(f"{name}: {type(error).__name__}: {str(error)[:4000]}")
        if os.environ.get("PICTURES"):
            pictures(site, os.environ["PICTURES"])
    finally:
        site.browser.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
