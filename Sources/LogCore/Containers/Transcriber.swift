/// Turns a log whose records are no lines into one whose records are: a JSON object each, by the names of docs/fields.md.
package protocol Transcriber: ~Copyable {
    /// Lines that are ready; the caller takes them and empties it.
    var lines: ContiguousArray<UInt8> { get set }
    /// What was wrong first, and where; the records around it are read all the same.
    var problem: String? { get }

    /// Takes the next bytes, cut anywhere.
    mutating func take(_ bytes: Span<UInt8>)
    /// There are no more.
    mutating func finish()
}
