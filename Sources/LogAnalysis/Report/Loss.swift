import LogCore

/// What was read but not understood, or not read at all, for one reason: with the ledger, which adds up to every byte,
/// it says how far a report can be trusted.
package struct Loss: Equatable, Sendable {
    package enum Reason: String, CaseIterable, Sendable {
        /// No format was recognised in the file: time, level and component were read where any log has them.
        case unknownFormat = "unknown_format"
        /// The line has a time, but not the shape of the file's formats: another program's, or another layout of the same.
        case otherShape = "other_shape"
        /// The line has no time and belongs to no event before it.
        case untimed
        /// A run of NUL bytes, as a crash or a full disk leaves behind.
        case nulBytes = "nul_bytes"
        /// The end of an event that is longer than any that is kept.
        case cutOff = "cut_off"
        /// The input, or the rest of it, could not be read.
        case unread
        /// A file found in a folder that is no text.
        case noText = "no_text"

        /// Why a record isn't understood, as far as the record tells; nil for one that is.
        @inline(__always)
        init?(_ record: Record) {
            guard record.parser == EventJoiner.genericParser else {
                guard record.flags.contains(.truncated) else { return nil }
                self = .cutOff
                return
            }
            if record.flags.contains(.nulRun) {
                self = .nulBytes
            } else if record.flags.contains(.unparsed) {
                self = record.timeSource == .none || record.timeSource == .inherited ? .untimed : .otherShape
            } else {
                return nil
            }
        }

        var bit: UInt8 {
            switch self {
            case .unknownFormat: 1
            case .otherShape: 2
            case .untimed: 4
            case .nulBytes: 8
            case .cutOff: 16
            case .unread: 32
            case .noText: 64
            }
        }

        /// What it means, in a few words.
        package var text: String {
            switch self {
            case .unknownFormat: "of files whose format is not known"
            case .otherShape: "of another shape than the rest of their file"
            case .untimed: "without a time, and part of no event"
            case .nulBytes: "of nothing but NUL bytes, as a crash leaves behind"
            case .cutOff: "cut off: their events are longer than 1 MiB"
            case .unread: "not read"
            case .noText: "no text"
            }
        }
    }

    package var reason: Reason
    /// Events; for what wasn't read, files.
    package var count: Int64
    package var bytes: Int64
    /// Paths of the inputs that have some of it, in order.
    package var inputs: [String]
    /// The first line of some of these inputs.
    package var samples: [Sample]
    /// What was said of an input that could not be read.
    package var message: String?
    /// What to do about it.
    package var hint: String

    /// Samples kept of a reason.
    private static let sampleLimit = 3

    /// All that there is, what costs most bytes first.
    static func all(_ inputs: [SourceSummary]) -> [Loss] {
        var losses: [Reason: Loss] = [:]
        for input in inputs {
            for (reason, count, bytes) in parts(input) where count > 0 || bytes > 0 {
                var loss =
                    losses[reason]
                    ?? Loss(reason: reason, count: 0, bytes: 0, inputs: [], samples: [], message: nil, hint: "")
                loss.count += count
                loss.bytes += bytes
                loss.inputs.append(input.path)
                loss.message = loss.message ?? input.error ?? input.skipped
                if loss.samples.count < sampleLimit, let sample = sample(reason, input) { loss.samples.append(sample) }
                losses[reason] = loss
            }
        }
        return losses.values.map { loss in
            var loss = loss
            loss.hint = hint(loss)
            return loss
        }.sorted { ($1.bytes, $1.count, $0.reason.rawValue) < ($0.bytes, $0.count, $1.reason.rawValue) }
    }

    private static func parts(_ input: SourceSummary) -> [(Reason, Int64, Int64)] {
        let ledger = input.ledger
        var parts: [(Reason, Int64, Int64)] = [
            (.nulBytes, ledger.nulRunEvents, ledger.nulRunBytes),
            (.cutOff, ledger.truncatedEvents, ledger.truncatedBytes),
            (.unread, input.error == nil ? 0 : 1, 0),
            (.noText, input.skipped == nil ? 0 : 1, 0),
        ]
        if input.formats.isEmpty {
            parts.append((.unknownFormat, ledger.unparsedEvents, ledger.unparsedBytes))
        } else {
            parts.append((.untimed, ledger.untimedEvents, ledger.untimedBytes))
            parts.append(
                (
                    .otherShape, ledger.unparsedEvents &- ledger.untimedEvents,
                    ledger.unparsedBytes &- ledger.untimedBytes
                ))
        }
        return parts
    }

    private static func sample(_ reason: Reason, _ input: SourceSummary) -> Sample? {
        reason == .unknownFormat ? input.unparsedSample : input.lossSamples[reason.rawValue]
    }

    private static func hint(_ loss: Loss) -> String {
        let path = loss.inputs.first ?? ""
        return switch loss.reason {
        case .unknownFormat:
            "`ailogger plugins new NAME --from \(shellQuoted(path))` drafts a parser from its lines; "
                + "`ailogger analyze --explain-format` says why no format fits"
        case .otherShape:
            "put some of these lines into a file and let `ailogger plugins new NAME --from FILE` draft a parser; "
                + "for another pattern of the same format, see docs/formats.md"
        case .untimed:
            "where they belong to the event before them, let its format have `join: true`; else "
                + "`ailogger plugins new NAME --from FILE` drafts a parser"
        case .nulBytes: "the file system lost what was written there: see what happened to the machine at that time"
        case .cutOff: "the first 1 MiB of each is kept and searched"
        case .unread: "see what is said of each; the other inputs are in the report"
        case .noText: "name the file on the command line to have it read all the same"
        }
    }
}

extension SourceSummary {
    /// The first line that no format understood.
    package var unparsedSample: Sample? {
        [Loss.Reason.otherShape, .untimed].compactMap { lossSamples[$0.rawValue] }.min { $0.offset < $1.offset }
    }
}

/// A path as a shell takes it for one word.
package func shellQuoted(_ path: String) -> String {
    let isPlain =
        !path.isEmpty
        && path.utf8.allSatisfy { byte in
            (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || "/._-+,:@%".utf8.contains(byte)
        }
    let path = path.hasPrefix("-") ? "./" + path : path
    if isPlain { return path }
    let parts = path.split(separator: "'", omittingEmptySubsequences: false)
    return "'" + parts.joined(separator: #"'\''"#) + "'"
}
