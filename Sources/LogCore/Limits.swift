/// Bounds that keep memory flat whatever the input is.
package enum Limits {
    /// Bytes of a file handled at a time. 1 MiB with its records stays within a core's second-level cache.
    package static let batchBytes = 1 << 20
    /// The longest event kept; of a longer one the first bytes, with the flag `truncated`. That bounds its lines too.
    package static let eventBytes = 1 << 20
    /// Lines of an event of which each has a head of its own: where others' lines may stand between them.
    package static let joinedLines = 4_096
    /// Bytes that events may share whose lines stand between one another's.
    package static let sharedBytes = 512 << 10
    /// A line goes on with its writer's last one if that is no further back, in lines and in bytes. Twice as many lines would
    /// be another 1 % of the work: that much more is read twice where bytes are cut.
    package static let reachLines = 32
    package static let reachBytes = 256 << 10
    /// And if their heads' times, where they have some, are no further apart: what is printed at once is written within it.
    package static let reachNanoseconds: Int64 = 10_000_000_000
    /// From this many NUL bytes at the start of a line on, they are a record of their own.
    package static let nulRun = 8
}
