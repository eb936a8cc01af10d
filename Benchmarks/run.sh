#!/bin/bash
# Measures ailogger beside other tools on generated logs; see Benchmarks/README.md.
#
#   BENCH_MB=50          size of each input (500)
#   BENCH_RUNS=3         runs of each command, of which the median counts
#   BENCH_TIMEOUT=600    seconds after which a command is ended and shown as failed
#   BENCH_KINDS="..."    inputs to measure (apache syslog json traces); BENCH_RULES=0 leaves out the comparison of rules
#   AILOGGER=...         the command to measure (.build/release/ailogger)
set -euo pipefail
cd "$(dirname "$0")/.."

mb=${BENCH_MB:-500}
work=.build/bench
data=$work/data
generate=$work/generate
mkdir -p "$data"

if [ -z "${AILOGGER:-}" ] && [ ! -x .build/release/ailogger ]; then
    echo "bench: .build/release/ailogger is missing: run make build first" >&2
    exit 2
fi

# The generator, when it is missing or older than its source; inputs that an older one wrote are written again.
if [ ! -x "$generate" ] || [ -n "$(find Benchmarks/generate -name '*.swift' -newer "$generate" -print -quit)" ]; then
    echo "bench: building the generator" >&2
    timeout 600 swiftc -O -wmo Benchmarks/generate/*.swift -o "$generate.new"
    if ! cmp -s "$generate.new" "$generate"; then rm -rf "$data"; mkdir -p "$data"; fi
    mv "$generate.new" "$generate"
fi

input() {
    local file=$data/$1-$mb.log
    [ -s "$file" ] && return
    echo "bench: writing $file" >&2
    timeout 600 "$generate" "$1" $((mb * 1000000)) 1 >"$file.new"
    mv "$file.new" "$file"
}

kinds=${BENCH_KINDS:-apache syslog json traces}
rule_kinds="hits quiet"
[ "${BENCH_RULES:-1}" = 0 ] && rule_kinds=
for kind in $kinds $rule_kinds; do input "$kind"; done
for count in 10 1000; do
    [ -d "$data/rules$count" ] && continue
    rm -rf "$data/rules$count.new"
    timeout 60 "$generate" rules $count 1 "$data/rules$count.new"
    mv "$data/rules$count.new" "$data/rules$count"
done

# lnav writes into its home folder; it gets one of its own, with a format for the JSON lines.
mkdir -p "$work/lnav/.lnav/formats/installed"
cp Benchmarks/lnav-format.json "$work/lnav/.lnav/formats/installed/"

BENCH_MB=$mb python3 Benchmarks/measure.py "$work" $kinds $rule_kinds | tee "$work/last.md.new"
mv "$work/last.md.new" "$work/last.md"
