import Foundation
import Testing

/// Every option with a wrong value: what it takes is said, and nothing else happens.
@Suite struct OptionTests {
    struct Wrong: CustomStringConvertible {
        var arguments: [String]
        /// What the message holds.
        var says: [String]
        var description: String { arguments.joined(separator: " ") }

        init(_ arguments: String, _ says: String...) {
            self.arguments = arguments.split(separator: " ").map(String.init)
            self.says = says
        }
    }

    private static let inputs = ["analyze", "parse", "browse"]
    private static let reports = ["analyze", "merge"]

    private static let numbers: [Wrong] = {
        var wrong: [Wrong] = [
            Wrong("formats test --show -1 samples/json", "--show takes a number from 0 to 1000, not '-1'"),
            Wrong(
                "plugins bench redact --seconds -1 samples/json", "--seconds takes a number from 0 to 3600, not '-1'"),
        ]
        for command in inputs {
            for value in ["0", "-1", "1025", "x", "1.5", "99999999999999999999"] {
                wrong.append(
                    Wrong(
                        "\(command) --jobs \(value) samples/json",
                        "--jobs takes a number from 1 to 1024, not '\(value)'"))
            }
            wrong.append(Wrong("\(command) -j -2 samples/json", "--jobs takes a number from 1 to 1024, not '-2'"))
        }
        for command in reports {
            for value in ["-5", "x", "1000001"] {
                wrong.append(
                    Wrong(
                        "\(command) --top \(value) samples/json",
                        "--top takes a number from 0 to 1000000, not '\(value)'"))
            }
            for value in ["-3", "0", "39", "1001", "wide"] {
                wrong.append(
                    Wrong(
                        "\(command) --width \(value) samples/json",
                        "--width takes a number from 40 to 1000, not '\(value)'"))
            }
        }
        return wrong
    }()

    private static let times: [Wrong] = {
        var wrong: [Wrong] = []
        for command in inputs {
            for time in ["yesterdayish", "--1h", "-1", "1h30", "ago", "2026-13-45", "2026-02-30", "25:00", "1y"] {
                for flag in ["--since", "--until"] {
                    wrong.append(
                        Wrong("\(command) \(flag) \(time) samples/json", "'\(time)' is invalid for '\(flag) <time>'"))
                }
            }
            for (flags, says) in [
                ("--since 2026-11-21 --until 2026-11-20", "--since must be before --until"),
                ("--since 2026-11-20 --until 2026-11-20", "--since must be before --until"),
                ("--year 1066", "--year takes a year from 1970 to 2200, not '1066'"),
                ("--year -1", "--year takes a year from 1970 to 2200, not '-1'"),
                ("--date-order xyz", "--date-order takes dmy, mdy, ymd or auto, not 'xyz'"),
                ("--date-order -1", "--date-order takes dmy, mdy, ymd or auto, not '-1'"),
                ("--tz Europe/Berln", "there is no zone 'Europe/Berln'"), ("--tz -99:00", "'-99:00'"),
            ] {
                wrong.append(Wrong("\(command) \(flags) samples/json", says))
            }
        }
        return wrong
    }()

    private static let words: [Wrong] = {
        var wrong: [Wrong] = [
            Wrong("parse --format xml samples/json", "'xml' is invalid for '--format <format>'", "jsonl"),
            Wrong("check --format xml", "'xml' is invalid for '--format <format>'", "json"),
            Wrong("formats list --format xml", "'xml' is invalid for '--format <format>'", "json"),
            Wrong("plugins list --format xml", "'xml' is invalid for '--format <format>'", "json"),
            Wrong("plugins new x --kind xml", "'xml' is invalid for '--kind <kind>'", "correlator"),
            Wrong("analyze --lateness -5s samples/json", "'-5s' is invalid for '--lateness <duration>'", "90s"),
            Wrong("analyze --lateness 5 samples/json", "'5' is invalid for '--lateness <duration>'", "90s"),
            Wrong("analyze --set redact samples/json", "--set takes plugin.key=value, not 'redact'"),
            Wrong("analyze --fail-on no-such samples/json", "--fail-on takes a level", "not 'no-such'"),
            Wrong("analyze --fail-on regression samples/json", "needs a --baseline"),
            Wrong("analyze --baseline before samples/json", "--since, which is missing"),
            Wrong("analyze --baseline /nonexistent samples/json", "/nonexistent: No such file"),
            Wrong("analyze --follow --format json samples/json", "--follow draws on the terminal"),
            Wrong("merge", "Missing expected argument"),
            Wrong("merge samples/json/input.log", "not a summary"),
            Wrong("explain --nope x", "Unknown option '--nope'"),
        ]
        for command in inputs {
            wrong += [
                Wrong("\(command) --level LOUD samples/json", "'LOUD' is invalid for '--level <level>'", "warning"),
                Wrong("\(command) --level -1 samples/json", "'-1' is invalid for '--level <level>'", "warning"),
                Wrong("\(command) --nope samples/json", "Unknown option '--nope'"),
            ]
        }
        for command in ["analyze", "parse"] {
            wrong += [
                Wrong("\(command) --format-name no-such samples/json", "no-such: no format has this name"),
                Wrong("\(command) --rules /nonexistent samples/json", "/nonexistent: no such folder"),
                Wrong("\(command) --templates /nonexistent samples/json", "/nonexistent: no such file"),
            ]
        }
        for command in reports + ["browse"] {
            wrong.append(Wrong("\(command) --color -1 samples/json", "'-1' is invalid for '--color <color>'", "never"))
        }
        for command in reports {
            for value in ["xml", "-1"] {
                wrong.append(
                    Wrong(
                        "\(command) --format \(value) samples/json", "'\(value)' is invalid for '--format <format>'",
                        "markdown"))
            }
        }
        return wrong
    }()

    @Test(arguments: numbers + times + words)
    func `a wrong value is 2, and the message says what the option takes`(wrong: Wrong) async throws {
        let result = try await Command.ailogger(wrong.arguments)
        #expect(result.status == 2 && !result.timedOut)
        #expect(result.text == "")
        for text in wrong.says { #expect(result.errors.contains(text), "\(result.errors)") }
        #expect(result.errors.split(separator: "\n").count <= 12, "\(result.errors)")
    }

    @Test(arguments: [
        "--jobs 1024", "-j1", "--top 0", "--width 40", "--width 1000", "--since 2026-11-20", "--until 0s",
        "--tz -05:00", "--year 1970", "--lateness 0s", "--level trace", "--since=1h",
    ])
    func `values at the ends of the ranges are taken`(flags: String) async throws {
        let arguments = ["analyze"] + flags.split(separator: " ").map(String.init) + ["samples/json"]
        let result = try await Command.ailogger(arguments)
        #expect(result.status == 0, "\(result.errors)")
    }
}
