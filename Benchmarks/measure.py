"""Runs the commands of the benchmark as whole processes, interleaved, and prints the result as Markdown.

Called by run.sh: `measure.py WORK_FOLDER KIND…`. The settings are described there.
"""

import json
import os
import platform
import shlex
import shutil
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

RUNS = int(os.environ.get("BENCH_RUNS", "3"))
TIMEOUT = float(os.environ.get("BENCH_TIMEOUT", "600"))
SIZE = int(os.environ.get("BENCH_MB", "500"))
AILOGGER = shlex.split(os.environ.get("AILOGGER", ".build/release/ailogger"))
COLD_RUNS = 20

# One regex an input that takes the whole line apart, as somebody would write it who has only grep.
REGEX = {
    "apache": r'^(\S+) (\S+) (\S+) \[([^\]]+)\] "(\S+) (\S+) ([^"]*)" (\d{3}) (\d+|-) "([^"]*)" "([^"]*)"$',
    "syslog": r"^([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) (\S+) ([^\s\[:]+)(?:\[(\d+)\])?: (.*)$",
    "json": r'^\{"timestamp":"([^"]+)","level":"([^"]+)","service":"([^"]+)","host":"([^"]+)",'
    r'"trace_id":"([^"]+)","span_id":"([^"]+)","message":"((?:[^"\\]|\\.)*)"(.*)\}$',
    "traces": r"^(?:(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) (?:\[([^\]]+)\] (\w+) +(\S+) - (.*)|- (\S+) - (\w+) - (.*))"
    r"|(\s+at (\S+)\((.*)\).*)|(.*))$",
}
LEVELS = ";SELECT log_level, count(*) FROM all_logs GROUP BY log_level"

# The goals: MB/s per CPU-second of `analyze`, and how many times faster than lnav by the clock.
GOALS = {"apache": (400, 4), "syslog": (250, 5), "json": (300, 4), "traces": (300, 2.5)}


@dataclass
class Run:
    wall: float
    cpu: float
    peak_mib: float
    status: int


@dataclass
class Case:
    """One command on one input, and its runs so far."""

    name: str
    command: list[str]
    size: int
    environment: dict[str, str] = field(default_factory=dict)
    output: str = os.devnull
    runs: list[Run] = field(default_factory=list)

    @property
    def failure(self) -> str | None:
        bad = [run.status for run in self.runs if run.status != 0]
        if not bad:
            return None if self.runs else "not run"
        return "over time" if bad[0] == -9 else f"failed with status {bad[0]}"

    def median(self, name: str) -> float:
        return statistics.median(getattr(run, name) for run in self.runs)

    def rate(self, name: str) -> float:
        return self.size / 1e6 / max(self.median(name), 1e-6)


def run(case: Case) -> Run:
    """One process; what it used is what the kernel says when it ends."""
    with open(case.output, "wb") as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            case.command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **case.environment},
            start_new_session=True,
        )
    timer = threading.Timer(TIMEOUT, lambda: os.killpg(process.pid, 9))
    timer.start()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, process.returncode)


def interleave(cases: list[Case], runs: int) -> None:
    """A, B, C, A, B, C …: whatever slows the machine down for a while slows all of them."""
    for _ in range(runs):
        for case in cases:
            if case.failure in (None, "not run"):
                case.runs.append(run(case))


def warm(path: Path) -> None:
    """Reads the file once, so that no command pays for the disk."""
    with path.open("rb", buffering=0) as file:
        while file.read(1 << 20):
            pass


def table(header: list[str], rows: list[list[str]]) -> None:
    print("| " + " | ".join(header) + " |")
    print("|" + "---|" * len(header))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print(flush=True)


def rows_of(cases: list[Case]) -> list[list[str]]:
    rows = []
    for case in cases:
        if case.failure:
            rows.append([case.name, case.failure, "", ""])
        else:
            rate, wall, peak = case.rate("cpu"), case.rate("wall"), case.median("peak_mib")
            rows.append([case.name, f"{rate:,.0f}", f"{wall:,.0f}", f"{peak:,.0f}"])
    return rows


class Goals:
    """The rows of the last table: each is a ratio or a figure of this run against what it should be."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []

    def add(self, what: str, cases: list[Case], value, goal: float, unit: str = "", at_most: bool = False) -> None:
        sign = "≤" if at_most else "≥"
        bound = f"{sign} {goal:g}{unit}"
        failed = [case.name for case in cases if case.failure]
        if failed:
            self.rows.append([what, "", bound, "no figure: " + ", ".join(failed)])
            return
        figure = value()
        met = figure <= goal if at_most else figure >= goal
        digits = 0 if abs(figure) >= 20 else 2
        self.rows.append([what, f"{figure:,.{digits}f}{unit}", bound, "met" if met else "not met"])


def measure_input(kind: str, path: Path, work: Path, goals: Goals) -> None:
    size = path.stat().st_size
    file = str(path)
    one = Case("ailogger analyze, 1 job", [*AILOGGER, "analyze", "--jobs", "1", file], size)
    two = Case("ailogger analyze, 2 jobs", [*AILOGGER, "analyze", "--jobs", "2", file], size)
    parse = Case("ailogger parse, 1 job", [*AILOGGER, "parse", "--jobs", "1", file], size)
    lines = Case("wc -l", ["wc", "-l", file], size)
    grep = Case("grep -cP, whole line", ["grep", "-cP", REGEX[kind], file], size, {"LC_ALL": "C"})  # bytes: its faster way
    home = {"HOME": str((work / "lnav").resolve()), "TERM": "dumb"}
    lnav = Case("lnav, count by level", ["lnav", "-n", "-c", LEVELS, file], size, home)
    everything = [one, two, parse, lines, grep, lnav]
    cases = [case for case in everything if shutil.which(case.command[0])]
    grep.output = str(work / "grep.out")  # grep stops at the first match when it sees that its output is /dev/null
    warm(path)
    interleave(cases, RUNS)

    print(f"### {kind}, {size / 1e6:,.0f} MB\n")
    table(["command", "MB/s per CPU-second", "MB/s by the clock", "peak MiB"], rows_of(cases))
    for case in everything:
        if case not in cases:
            print(f"Not measured: {case.name}: {case.command[0]} is not installed.\n")

    speed, lead = GOALS[kind]
    goals.add(f"{kind}: analyze, MB/s a core", [one], lambda: one.rate("cpu"), speed)
    goals.add(f"{kind}: two jobs against one", [one, two], lambda: one.median("wall") / two.median("wall"), 1.8, "x")
    goals.add(f"{kind}: parse, MB/s a core", [parse], lambda: parse.rate("cpu"), 150)
    goals.add(f"{kind}: analyze against grep -cP, a core", [one, grep], lambda: one.rate("cpu") / grep.rate("cpu"), 0.3, "x")
    goals.add(f"{kind}: analyze against lnav by the clock", [two, lnav], lambda: two.rate("wall") / lnav.rate("wall"), lead, "x")
    peak = [one, two]
    goals.add(f"{kind}: peak memory", peak, lambda: max(r.peak_mib for c in peak for r in c.runs), 200, " MiB", at_most=True)


def measure_rules(kind: str, path: Path, work: Path, goals: Goals) -> None:
    size = path.stat().st_size
    few, many = (
        Case(f"ailogger analyze, {count:,} rules", [*AILOGGER, "analyze", "--jobs", "1", "--rules", str(folder), str(path)], size)
        for count, folder in ((10, work / "data/rules10"), (1000, work / "data/rules1000"))
    )
    warm(path)
    interleave([few, many], RUNS)
    print(f"### {kind}, {size / 1e6:,.0f} MB\n")
    table(["command", "MB/s per CPU-second", "MB/s by the clock", "peak MiB"], rows_of([few, many]))
    goals.add(
        f"{kind}: 1,000 rules against 10, time", [few, many], lambda: many.median("cpu") / few.median("cpu"), 1.2, "x", at_most=True
    )


def measure_cold_start(source: Path, work: Path, goals: Goals) -> None:
    path = work / "data/twenty-lines.log"
    with source.open("rb") as file:
        path.write_bytes(b"".join(file.readline() for _ in range(20)))
    case = Case("ailogger analyze, 20 lines", [*AILOGGER, "analyze", str(path)], path.stat().st_size)
    interleave([case], COLD_RUNS)
    goals.add("20 lines from a cold start", [case], lambda: case.median("wall") * 1000, 100, " ms", at_most=True)


def bench_plugin(name: str, path: Path) -> dict[str, int]:
    """What `ailogger plugins bench` says of one of the plugins beside this file. Each has a folder of its own: the parser
    would read the lines for the filters too."""
    folder = Path(__file__).parent / "plugins" / name
    command = [*AILOGGER, "plugins", "bench", f"bench_{name}", "--format", "json", "--plugins", str(folder), str(path)]
    return json.loads(subprocess.run(command, capture_output=True, check=True, timeout=TIMEOUT).stdout)


def measure_plugins(path: Path, goals: Goals) -> None:
    analyze = Case("ailogger analyze", [*AILOGGER, "analyze", "--jobs", "1", str(path)], path.stat().st_size)
    warm(path)
    interleave([analyze], RUNS)
    field, captures, nothing = (bench_plugin(name, path) for name in ("field", "captures", "nothing"))
    own = (nothing["nanoseconds_with"] - nothing["nanoseconds_without"]) / 1e9
    goals.add("filter that reads a field and writes one, parse included, MB/s a core", [analyze],
              lambda: field["bytes"] / field["nanoseconds_with"] * 1e3, 350)
    goals.add("parser with one regex of six captures, lines/s", [analyze],
              lambda: captures["lines"] / captures["nanoseconds_with"] * 1e9, 1_000_000)
    goals.add("no-op filter, share of analyze", [analyze],
              lambda: 100 * own / analyze.median("cpu"), 5, " %", at_most=True)


def main() -> None:
    work, kinds = Path(sys.argv[1]), sys.argv[2:]
    if not shutil.which(AILOGGER[0]):
        sys.exit(f"bench: no such command: {AILOGGER[0]}")
    goals = Goals()
    print(f"# {time.strftime('%Y-%m-%d %H:%M')}: medians of {RUNS}, {os.cpu_count()} cores, {platform.machine()}\n")
    for kind in kinds:
        print(f"bench: measuring {kind}", file=sys.stderr)
        path = work / f"data/{kind}-{SIZE}.log"
        if kind in REGEX:
            measure_input(kind, path, work, goals)
        else:
            measure_rules(kind, path, work, goals)
    if "apache" in kinds:
        measure_plugins(work / f"data/apache-{SIZE}.log", goals)
    measure_cold_start(work / f"data/{kinds[0]}-{SIZE}.log", work, goals)
    print("### Goals\n")
    table(["what", "measured", "goal", ""], goals.rows)


if __name__ == "__main__":
    main()
