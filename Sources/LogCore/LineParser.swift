/// Understands one line as the start of an event: a format's code, one instance a worker.
///
/// A line that isn't this format's is refused; the event joiner then tries the file's other formats
/// or hangs the line on the event before it.
package protocol LineParser: AnyObject {
    /// The format's id, as in `--explain-format` and the key `format` of `parse`.
    var name: String { get }
    /// Lines that this format refuses belong to the event before them (a stack trace after its header, for one).
    var joinsFollowingLines: Bool { get }
    /// Whether what it calls the message may be a line of another format.
    var inside: Inside { get }
    /// Reads `line` (without its line end), whose first byte stands at `base` in the batch.
    /// Fills `event.record` but for raw range, line and parser. All ranges are offset by `base`.
    /// Returns false, with `event` as it was but for leftover fields, if the line isn't this format's.
    func parse(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool
    /// False if no line that begins so can be this format's.
    func mayRead(beginning head: Span<UInt8>) -> Bool
    /// Whether each of the format's patterns that may read a line that begins with `start` may read one that begins with `head`,
    /// which begins with it too.
    func goesOn(with head: Span<UInt8>, after start: Span<UInt8>) -> Bool

    /// Its messages may go on with one before: each line of a trace has a head, and was sent as a message of its own.
    var joinsMessages: Bool { get }
    /// Some of its lines have a head and go on with the event before them.
    var mayContinue: Bool { get }
    /// Its lines may begin with blanks.
    var mayBeIndented: Bool { get }
    /// What it calls the message goes on over the lines that join; not where these belong to some cell of a table.
    var messageGoesOn: Bool { get }
    /// Lines inside may belong to whatever line of their writer stands before them.
    var insideJoinsLines: Bool { get }
    /// Lines that join its events say more of them: see `readBelow`.
    var readsBelow: Bool { get }
    /// Completes the event in `event.record`, whose fields are the last ones, by the lines below its first one.
    func readBelow(_ text: Span<UInt8>, at base: Int, into event: inout EventBuilder)
    /// Reads the outer layer only.
    func parseOuter(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool
    /// Reads what stands inside, once it was put together from several lines; `event` is that of the outer layer.
    func parseInside(_ text: Span<UInt8>, at base: Int, writer: UInt64, into event: inout EventBuilder)
}

extension LineParser {
    package func mayRead(beginning head: Span<UInt8>) -> Bool { true }
    package func goesOn(with head: Span<UInt8>, after start: Span<UInt8>) -> Bool { false }
    package var inside: Inside { .nothing }
    package var joinsMessages: Bool { inside == .message }
    package var mayContinue: Bool { false }
    package var mayBeIndented: Bool { false }
    package var insideJoinsLines: Bool { false }
    package var messageGoesOn: Bool { true }
    package var readsBelow: Bool { false }

    package func readBelow(_ text: Span<UInt8>, at base: Int, into event: inout EventBuilder) {}

    package func parseOuter(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool {
        parse(line, at: base, into: &event)
    }

    package func parseInside(
        _ text: Span<UInt8>, at base: Int, writer: UInt64, into event: inout EventBuilder
    ) {
        event.record.message = ByteRange(base, base &+ text.count)
        event.inner = InnerLine(text: event.record.message)
    }
}

/// What a format's messages hold.
package enum Inside: UInt8, Sendable {
    /// Text of its own.
    case nothing
    /// Text that some programs write in a format of their own: syslog's, or the member `message` of a JSON object.
    case message
    /// A whole line as a program printed it, before which someone put a head: a container's runtime, a service manager, a
    /// collector.
    case line
}
