import LogAnalysis
import LogCore

/// One line that says how far reading has come: a bar, the share, the rate and the time left where the whole is known.
package enum ProgressLine {
    /// - Parameters:
    ///   - read: bytes of logs, decoded.
    ///   - done: bytes on disk that were read, and how many there are; nil for what has no size, such as a pipe.
    package static func text(
        read: Int64, done: (bytes: Int64, of: Int64)?, seconds: Double, width: Int
    ) -> String {
        let seconds = max(seconds, 0.001)
        let rate = "\(TextLayout.bytes(Int64(Double(read) / seconds)))/s"
        guard let done, done.of > 0 else { return "\(TextLayout.bytes(read)), \(rate)" }
        let share = min(max(Double(done.bytes) / Double(done.of), 0), 1)
        var text = "\(Int(share * 100)) %, \(rate)"
        // Before a hundredth is read, nobody can tell.
        if share > 0.01, share < 1 {
            let left = seconds * (1 - share) / share
            text += ", \(TextLayout.duration(Int64(left.rounded(.up)) * Timestamp.second)) left"
        }
        let room = min(width - text.utf8.count - 4, 30)
        guard room >= 5 else { return text }
        let filled = Int(share * Double(room))
        return "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: room - filled) + "] " + text
    }
}
