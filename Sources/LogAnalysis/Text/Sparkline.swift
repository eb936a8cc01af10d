/// Numbers as a row of bars, one character each.
package enum Sparkline {
    private static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    private static let ascii: [Character] = ["_", ".", ":", "-", "=", "+", "*", "#"]

    /// The lowest bar is for zero alone: a single error among thousands is seen.
    package static func render(_ values: [Int64], unicode: Bool) -> String {
        let bars = unicode ? blocks : ascii
        let top = values.max() ?? 0
        return String(
            values.map { value in
                guard value > 0, top > 0 else { return bars[0] }
                let height = (Double(value) / Double(top) * Double(bars.count - 1)).rounded(.up)
                return bars[min(max(Int(height), 1), bars.count - 1)]
            })
    }
}
