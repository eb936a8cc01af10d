/// What stands behind a correlator's `ctx`, in Lua: windows, keyed values, timers, sessions, pairs, thresholds and
/// heartbeats on event time, in the plugin's own sandboxed state.
///
/// The chunk is called with the plugin's table and the host's functions and returns `process`, `advance`, `due`, `save`,
/// `restore`, `lost` and `finish`. A call of `process` or `advance` runs at most one function of the plugin, and returns
/// true, to be called again, until time has passed as far as asked for and, with `process`, the event was handed over.
/// The second result is a time before which no timer is due, nil without any.
///
/// Only event time drives it and no order of a table's keys shows in what it does, so that the same log gives the same
/// findings, and a state that was saved and restored goes on as if nothing had been.
enum CorrelationMachine {
    /// One chunk: the parts share their local variables, in this order.
    static let source = [
        checks, families, timers, eviction, windows, keyed,
        keys, findings, running, saving,
    ].joined(separator: "\n\n")
}
