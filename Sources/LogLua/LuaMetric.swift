import CLuaHost

/// A counter, gauge or histogram of a plugin, under one set of labels. The shares of several workers add up.
package struct LuaMetric: Sendable {
    package enum Value: Sendable {
        case counter(Double)
        /// The value, and the event time at which it was set; nil where events have none.
        case gauge(Double, at: Int64?)
        /// `buckets` has one more than `bounds`: what lies above all of them.
        case histogram(bounds: [Double], buckets: [UInt64], sum: Double, count: UInt64)
    }

    package var name: String
    package var help: String
    package var labels: [(name: String, value: String)]
    package var value: Value

    static func take(from handle: OpaquePointer, into output: inout LuaOutput) {
        var cursor = 0
        var series = ailua_series()
        while ailua_metrics_next(handle, &cursor, &series) { output.metrics.append(LuaMetric(series)) }
        output.droppedSeries += Int64(clamping: ailua_metrics_dropped(handle))
        ailua_metrics_clear(handle)
    }

    private init(_ series: ailua_series) {
        name = Self.text(series.name)
        help = Self.text(series.help)
        labels = UnsafeBufferPointer(start: series.labels, count: series.label_count).map {
            (Self.text($0.name), Self.text($0.value))
        }
        switch UInt32(series.kind) {
        case AILUA_COUNTER.rawValue: value = .counter(series.value)
        case AILUA_GAUGE.rawValue: value = .gauge(series.value, at: series.time == .min ? nil : series.time)
        default:
            value = .histogram(
                bounds: Array(UnsafeBufferPointer(start: series.bounds, count: series.bound_count)),
                buckets: Array(UnsafeBufferPointer(start: series.buckets, count: series.bound_count + 1)),
                sum: series.value, count: series.count)
        }
    }

    private static func text(_ text: ailua_text) -> String { LuaState.text(text.bytes, text.length) }
}
