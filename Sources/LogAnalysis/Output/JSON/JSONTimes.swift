import LogCore

// How often and when.
extension JSONWriter {
    /// Counts by level; `all` writes zeros too.
    mutating func levels(_ byRank: [Int64], all: Bool = false) {
        beginObject()
        for severity in Severity.allCases.reversed() where severity.rank < byRank.count {
            let count = byRank[severity.rank]
            if count == 0, !all { continue }
            switch severity {
            case .critical: member("CRITICAL", count)
            case .error: member("ERROR", count)
            case .warning: member("WARNING", count)
            case .info: member("INFO", count)
            case .debug: member("DEBUG", count)
            case .trace: member("TRACE", count)
            case .unspecified: member("NONE", count)
            }
        }
        endObject()
    }

    mutating func timeline(_ timeline: Timeline) {
        key("timeline")
        beginObject()
        member("width_seconds", timeline.width / Timestamp.second)
        list("buckets", timeline.buckets.sorted { $0.key < $1.key }) { writer, bucket in
            writer.beginObject()
            writer.key("start")
            writer.timestamp(writer.bucketStart(bucket.key, timeline.width))
            writer.key("levels")
            writer.levels(bucket.value.byRank)
            writer.endObject()
        }
        endObject()
    }

    /// The count of each bucket that has events, behind its distance from `start` in widths. Always on one line.
    mutating func series(_ series: CountSeries) {
        guard let first = series.buckets.first else {
            null()
            return
        }
        beginObject()
        member("width_seconds", series.width / Timestamp.second)
        key("start")
        timestamp(bucketStart(first, series.width))
        key("buckets")
        var compact = JSONWriter(capacity: series.buckets.count * 10)
        compact.beginArray()
        for (bucket, count) in zip(series.buckets, series.counts) {
            compact.beginArray()
            compact.number(bucket - first)
            compact.number(count)
            compact.endArray()
        }
        compact.endArray()
        raw(compact.bytes.span)
        endObject()
    }

    private func bucketStart(_ bucket: Int64, _ width: Int64) -> Int64 {
        let (start, overflow) = bucket.multipliedReportingOverflow(by: width)
        return overflow ? Timestamp.none : start
    }

    mutating func times(_ tally: Tally) {
        key("first")
        timestamp(tally.first ?? Timestamp.none)
        key("last")
        timestamp(tally.last ?? Timestamp.none)
    }
}
