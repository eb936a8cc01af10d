/// Bounds that keep memory flat whatever the input is.
package enum Limits {
    /// Bytes of a file handled at a time. 1 MiB with its records stays within a core's second-level cache.
    package static let batchBytes = 1 << 20
    /// The longest event kept; of a longer one the first bytes, with the flag `truncated`.
    package static let eventBytes = 1 << 20
    /// From this many NUL bytes at the start of a line on, they are a record of their own.
    package static let nulRun = 8
}
