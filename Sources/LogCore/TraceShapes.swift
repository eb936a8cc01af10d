/// The shapes of a crash's first and following lines, for lines that no format claims.
///
/// A program that logs with time and level still prints its last words without either, so these lines
/// are told from their own words. Decided from the lines of one event only: where a chunk of the file
/// ends changes nothing.
package enum TraceShape: UInt8, Sendable {
    case none
    /// `Traceback (most recent call last):` up to the first line that isn't indented.
    case python
    /// `Exception in thread "main" …`, `\tat …`, `Caused by: …`.
    case java
    /// `panic: …`, goroutines with lines that aren't indented, up to `exit status`.
    case go
    /// `thread 'main' panicked at …`, the message on the next line, a note or a backtrace.
    case rust

    /// The crash that a line opens on its own, if it does; a Python traceback is none,
    /// since `logging.exception` prints it right after its own header.
    package static func crash(_ line: Span<UInt8>) -> TraceShape {
        guard line.count > 8 else { return .none }
        switch line[unchecked: 0] {
        case UInt8(ascii: "E"):
            return line.matches("Exception in thread \"", at: 0) ? .java : .none
        case UInt8(ascii: "p"):
            return line.matches("panic: ", at: 0) ? .go : .none
        case UInt8(ascii: "f"):
            return line.matches("fatal error: ", at: 0) ? .go : .none
        case UInt8(ascii: "t"):
            guard line.matches("thread '", at: 0) else { return .none }
            // Up to the quote; thread names are short.
            guard let quote = line.firstIndex(of: UInt8(ascii: "'"), from: 8), quote < 160 else { return .none }
            var at = quote &+ 1
            if line.matches(" (", at: at), let end = line.firstIndex(of: UInt8(ascii: ")"), from: at), end < 200 {
                at = end &+ 1
            }
            return line.matches(" panicked at ", at: at) ? .rust : .none
        default:
            return .none
        }
    }

    /// Whether the line opens a Python traceback.
    @inlinable
    package static func opensTraceback(_ line: Span<UInt8>) -> Bool {
        line.matches("Traceback (most recent call last)", at: 0)
    }

    /// Whether a line belongs to whatever stands before it, by its own shape: indented, or the joints of a trace.
    package static func isContinuation(_ line: Span<UInt8>) -> Bool {
        guard line.count > 0 else { return false }
        switch line[unchecked: 0] {
        case 0x20, 0x09, UInt8(ascii: "}"), UInt8(ascii: ")"):
            return true
        case UInt8(ascii: "C"):
            return line.matches("Caused by: ", at: 0)
        case UInt8(ascii: "D"):
            return line.matches("During handling of the above exception", at: 0)
        case UInt8(ascii: "T"):
            return opensTraceback(line) || line.matches("The above exception was", at: 0)
        case UInt8(ascii: "S"):
            return line.matches("Suppressed: ", at: 0)
        case UInt8(ascii: "g"):
            return line.matches("goroutine ", at: 0)
        case UInt8(ascii: "n"):
            return line.matches("note: run with `RUST_BACKTRACE", at: 0)
        case UInt8(ascii: "s"):
            return line.matches("stack backtrace:", at: 0)
        default:
            return false
        }
    }
}
