/// Keeps the share of false alarms among all that is told below a bound, however much was looked at.
enum FalseDiscoveries {
    /// One in a hundred of what is told may be chance.
    static let rate = 0.01

    /// The chances adjusted by the procedure of Benjamini and Hochberg (1995): what stands at or below `rate` is told.
    /// - Parameter tests: how many were made, those that found nothing included.
    static func adjusted(_ chances: [Double], tests: Int) -> [Double] {
        let order = chances.indices.sorted { (chances[$0], $0) < (chances[$1], $1) }
        var adjusted = Array(repeating: 1.0, count: chances.count)
        var least = 1.0
        for (place, index) in order.enumerated().reversed() {
            least = min(least, chances[index] * Double(max(tests, chances.count)) / Double(place + 1))
            adjusted[index] = least
        }
        return adjusted
    }
}
