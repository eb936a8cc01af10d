// Writes the inputs of the benchmarks: logs with the shapes and the proportions of real ones, from a seed.
//
//     generate KIND BYTES SEED > file      KIND: apache, syslog, json, traces, quiet, hits
//     generate rules COUNT SEED DIR        COUNT rule files under DIR, which `hits` makes hit and `quiet` doesn't
//
// The same arguments give the same bytes. The text ends with the first event that reaches BYTES, and its times
// cover 30 hours from 2026-11-19 00:00 UTC, however long it is. Nothing but Glibc: `swiftc -O *.swift` builds it.

import Glibc

func fail(_ message: String) -> Never {
    fputs("generate: \(message)\n", stderr)
    exit(2)
}

func run(_ arguments: [String]) {
    let usage =
        "usage: generate apache|syslog|json|traces|quiet|hits BYTES SEED > file, or generate rules COUNT SEED DIR"
    guard arguments.count >= 4, let amount = Int(arguments[2]), amount > 0, let seed = UInt64(arguments[3]) else {
        fail(usage)
    }
    let out = Output(descriptor: 1)
    switch (arguments[1], arguments.count) {
    case ("apache", 4): generateApache(amount, seed, out)
    case ("syslog", 4): generateSyslog(amount, seed, [(70, Shapes(troubledMessages, lists))], out)
    case ("quiet", 4): generateSyslog(amount, seed, [], out)
    case ("hits", 4): generateSyslog(amount, seed, [(285, ruleShapes(0..<10)), (15, ruleShapes(10..<110))], out)
    case ("json", 4): generateJSON(amount, seed, out)
    case ("traces", 4): generateTraces(amount, seed, out)
    case ("rules", 5): writeRules(amount, seed, arguments[4])
    default: fail(usage)
    }
    out.flush()
}

run(CommandLine.arguments)
