/// What orders samples: time, then source by the rank of its path, then offset. The default comes after all others.
struct Place {
    var time = Int64.max
    var source = Int.max
    var offset = Int64.max

    /// The order of `Sample.earlier`, without making a sample.
    @inline(__always)
    func precedes(_ other: Place) -> Bool {
        if time != other.time { return time < other.time }
        if source != other.source { return source < other.source }
        return offset < other.offset
    }
}
