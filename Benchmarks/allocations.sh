#!/bin/bash
# Allocations and searches of rules' patterns per thousand records of `ailogger analyze` in the steady state, against
# Benchmarks/allocations.threshold. Allocations are counted on a file and on its first half, and subtracted, so that what
# starting up allocates falls out. Exit 1 over a threshold.
#
#   ALLOCATIONS_MB=40    size of the whole file
#   AILOGGER=...         the command to measure (.build/release/ailogger)
set -euo pipefail
cd "$(dirname "$0")/.."

mb=${ALLOCATIONS_MB:-40}
work=.build/bench/allocations
generate=.build/bench/generate
read -ra ailogger <<<"${AILOGGER:-.build/release/ailogger}"
mkdir -p "$work"

if ! command -v "${ailogger[0]}" >/dev/null; then
    echo "allocations: ${ailogger[0]} is missing: run make build first" >&2
    exit 2
fi
if [ ! -x "$generate" ] || [ -n "$(find Benchmarks/generate -name '*.swift' -newer "$generate" -print -quit)" ]; then
    timeout 600 swiftc -O -wmo Benchmarks/generate/*.swift -o "$generate"
fi
cc=$(command -v clang || command -v gcc || command -v cc)
"$cc" -O2 -Wall -shared -fPIC Benchmarks/malloc_count.c -o "$work/malloc_count.so"

allocations() {
    rm -f "$work/count"
    timeout 300 env LD_PRELOAD="$PWD/$work/malloc_count.so" MALLOC_COUNT_FILE="$work/count" \
        "${ailogger[@]}" analyze --jobs 1 "$1" >/dev/null || return
    tail -n 1 "$work/count"
}

# A record of `traces` begins with a time; the lines of a trace belong to it.
records() {
    case $1 in
        traces) grep -c '^2026-' "$2" ;;
        *) wc -l <"$2" ;;
    esac
}

# verdict MEASURED THRESHOLD: what to say of it; notes in `over` that it is over.
over=0
verdict() {
    if awk -v m="$1" -v t="$2" 'BEGIN { exit !(m > t) }'; then
        verdict="over the threshold of $2"
        over=1
    else
        verdict="at most $2"
    fi
}

while read -r kind threshold searches; do
    case $kind in '' | '#'*) continue ;; esac
    timeout 300 "$generate" "$kind" $((mb * 1000000)) 1 >"$work/whole.log"
    head -n $(($(wc -l <"$work/whole.log") / 2)) "$work/whole.log" >"$work/half.log"
    if ! whole=$(allocations "$work/whole.log") || ! half=$(allocations "$work/half.log"); then
        echo "allocations: analyze failed on $kind" >&2
        exit 2
    fi
    more=$((whole - half))
    extra=$(($(records "$kind" "$work/whole.log") - $(records "$kind" "$work/half.log")))
    measured=$(awk -v a="$more" -v r="$extra" 'BEGIN { printf "%.2f", 1000 * a / r }')
    verdict "$measured" "$threshold"
    echo "$kind: $measured allocations per 1,000 records ($more for $extra): $verdict"
    # A literal that is in every line costs a search of PCRE2 in each: one such rule made Apache's logs half as fast.
    measured=$(timeout 300 "${ailogger[@]}" rules bench --format json "$work/whole.log" |
        awk '/^  "events"/ { e = $2 + 0 } /^  "searches"/ { s = $2 + 0 } END { printf "%.1f", 1000 * s / e }')
    verdict "$measured" "$searches"
    echo "$kind: $measured searches of rules' patterns per 1,000 records: $verdict"
done <Benchmarks/allocations.threshold
exit $over
