import Foundation
import Testing

/// Standard input and output as pipes.
@Suite struct StreamTests {
    @Test func `standard input is read where no path is given, and for -`() async throws {
        let input = Data("2026-11-22 10:00:00,123 ERROR [main] shop.Cart - no answer\n".utf8)
        for arguments in [["parse"], ["parse", "-"]] {
            let result = try await Command.ailogger(arguments, input: input)
            #expect(result.status == 0)
            #expect(result.lines.count == 1)
            #expect(result.text.contains(#""message":"no answer""#))
            #expect(result.text.contains(#""source":"-""#))
        }
        let report = try await Command.ailogger(["analyze"], input: input)
        #expect(report.status == 0)
        #expect(report.text.contains("no answer"))
    }

    @Test func `an empty stream is an empty result`() async throws {
        let parsed = try await Command.ailogger(["parse", "-"])
        #expect(parsed.status == 0)
        #expect(parsed.text == "" && parsed.errors == "")
        let report = try await Command.ailogger(["analyze", "--format", "json", "-"])
        #expect(report.status == 0)
        #expect(try JSONSerialization.jsonObject(with: report.out) is [String: Any])
    }

    @Test func `a pipe gives what the file gives`() async throws {
        let file = try await Command.ailogger(["parse", "samples/log4j/input.log"])
        let pipe = try await Command.shell(#"cat samples/log4j/input.log | "$AILOGGER" parse -"#)
        #expect(pipe.text == file.text.replacing(#""source":"samples/log4j/input.log""#, with: #""source":"-""#))
        let packed = try await Command.shell(#"gzip -c samples/log4j/input.log | "$AILOGGER" parse"#)
        #expect(packed.text == pipe.text)
        let slow = try await Command.shell(
            #"while IFS= read -r line; do printf '%s\n' "$line"; done < samples/log4j/input.log | "$AILOGGER" parse"#)
        #expect(slow.text == pipe.text)
    }

    @Test func `a reader that goes away is no error`() async throws {
        let script = #"""
            for i in $(seq 20000); do echo "2026-11-22 10:00:00,123 ERROR [main] shop.Cart - no answer $i"; done > big.log
            for command in "parse big.log" "parse --jobs 4 big.log big.log" "analyze --format json big.log" "rules list"; do
                "$AILOGGER" $command | head -1 > /dev/null
                echo "${PIPESTATUS[0]}"
            done
            """#
        let folder = try Folder()
        let result = try await Command.shell(script, in: folder.path)
        #expect(result.lines == ["0", "0", "0", "0"])
        #expect(result.errors == "")
        #expect(!result.timedOut)
    }

    @Test func `an endless stream with a reader that goes away ends`() async throws {
        let result = try await Command.shell(
            #"yes 'ERROR no answer' | "$AILOGGER" parse - | head -1; echo "${PIPESTATUS[1]}""#)
        #expect(result.lines.last == "0")
        #expect(!result.timedOut)
    }

    @Test func `a full disk is said, with 2`() async throws {
        guard isFile("/dev/full") else { return }
        let result = try await Command.shell(#""$AILOGGER" parse samples/json > /dev/full"#)
        #expect(result.status == 2)
        #expect(result.errors.contains("No space left on device"))
        let report = try await Command.shell(#""$AILOGGER" analyze samples/json > /dev/full"#)
        #expect(report.status == 2)
        #expect(report.errors.contains("No space left on device"))
    }

    /// Two lines of 300 MB, one behind the other: what is over a mebibyte is dropped while it is read.
    @Test func `memory stays bounded, however long a line is`() async throws {
        let script = #"""
            log() { printf '%s' "2026-11-22 10:00:00,123 ERROR [main] shop.Cart - $1"; }
            line() { log long; head -c 300000000 /dev/zero | tr '\0' x; echo; }
            { log start; echo; line; line; log end; echo; } |
                { ulimit -v 1500000; "$AILOGGER" parse --jobs 1 - | cut -c1-200; exit "${PIPESTATUS[0]}"; }
            """#
        let result = try await Command.shell(script)
        #expect(result.status == 0 && !result.timedOut, "\(result.errors)")
        #expect(result.lines.last?.contains("end") == true)
        #expect(result.lines.count == 4)
    }
}
