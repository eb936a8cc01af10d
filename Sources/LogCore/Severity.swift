/// How grave an event is: OpenTelemetry's severity numbers, the first of each group of four.
/// https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber
@usableFromInline package enum Severity: UInt8, Comparable, CaseIterable, Sendable {
    case unspecified = 0
    case trace = 1
    case debug = 5
    case info = 9
    case warning = 13
    case error = 17
    case critical = 21

    @inlinable
    package static func < (a: Severity, b: Severity) -> Bool { a.rawValue < b.rawValue }

    /// 0 for unspecified to 6 for critical: an index into a table of counts.
    @inlinable
    package var rank: Int { (Int(rawValue) + 3) / 4 }

    @usableFromInline package static let ranks = 7

    package var name: String {
        switch self {
        case .unspecified: "NONE"
        case .trace: "TRACE"
        case .debug: "DEBUG"
        case .info: "INFO"
        case .warning: "WARNING"
        case .error: "ERROR"
        case .critical: "CRITICAL"
        }
    }
}
