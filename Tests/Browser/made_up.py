"""Incidents, changes and a comparison for a page whose log has none, so that all of it is tested on any log."""

import json
import re

DATA = re.compile(r'(<script type="application/json" id="report">)(.*?)(</script>)', re.S)


def report_of(page):
    return json.loads(DATA.search(page).group(2))


def with_report(page, report):
    text = json.dumps(report).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return DATA.sub(lambda match: match.group(1) + text + match.group(3), page, count=1)


def cite(finding):
    sample = finding["sample"]
    return {"count": finding["count"], "source": sample["source"], "line": sample["line"], "time": sample["time"]}


def add(report):
    found = sorted(report["findings"] + report["unexplained"], key=lambda one: one["rank"])
    first, second, third = [one for one in found if one["first"]][:3]
    times = sorted(one["first"] for one in (first, second, third))
    say = lambda text, *cited: {"text": text, "citations": [cite(one) for one in cited]}
    name = lambda one: one.get("title") or one["template"]
    report["incidents"] = [{
        "rank": 1, "title": name(second), "level": "CRITICAL", "start": times[0], "end": max(first["last"], second["last"]),
        "failures": 30,
        "suspects": [
            {"finding": second["rank"], "title": name(second), "component": "kernel", "confidence": 0.82,
             "reasons": [say("It failed first, 2 s before anything else", second),
                         say("Its host is the one that refused the connections", first, third)]},
            {"finding": third["rank"], "title": name(third), "component": "", "confidence": 0.11, "reasons": []}],
        "components": [{"name": "kernel", "failures": 6, "first": times[0]},
                       {"name": "orders", "failures": 24, "first": times[1]}],
        "findings": [second["rank"], first["rank"], third["rank"]],
        "statements": [say("Memory ran out, then the disk was full", second, third),
                       say("19 s later writes failed in two services", first)],
    }]
    report["changes"] = [{
        "kind": "burst", "subject": {"rule": first.get("rule", "a.b")}, "name": name(first),
        "statement": say("18 times as many as before, for 8 minutes", first), "start": first["first"], "end": None,
        "observed": 41.0, "expected": 2.3, "chance": 1e-9, "sample": first["sample"]}]
    report["comparison"] = {
        "baseline": "release-41/", "events": report["totals"]["events"], "baseline_events": 4800,
        "scale": 2.0, "note": "most messages come 2 times as often as there", "differences": [{
            "kind": "slower", "subject": {"template": "0" * 16, "parameter": 1}, "name": "GET <*> took <*>",
            "statement": say("It takes 4.2 s, 38 ms before", third), "here": 4.2, "there": 0.038, "chance": 0.003,
            "sample": third["sample"]}]}
    return report
