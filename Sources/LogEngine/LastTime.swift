import LogCore
import Synchronization

extension Engine {
    /// The latest time of all events, before anything is made of them: what a time of day on the command line is meant of. The logs
    /// are read to their ends for it, at about half of what an analysis costs, for a log need not be in order. Nil where none has a
    /// time, or where no log can be read twice.
    package func lastTime(of inputs: [Input], jobs: Int) async -> Int64? {
        let inputs = inputs.filter(\.isRepeatable)
        let readers = catalog.reading(inputs).enumerated().map { SourceReader($0.element, index: $0.offset) }
        return await withTaskGroup(of: Int64?.self) { group in
            for worker in 0..<max(jobs, 1) {
                group.addTask {
                    var batch = Batch()
                    var joiner = EventJoiner()
                    let formats = WorkerFormats(catalog)
                    var last: Int64?
                    for position in readers.indices {
                        let reader = readers[(position + worker) % readers.count]
                        reading: while true {
                            switch reader.next(&batch, &joiner, formats) {
                            case .end: break reading
                            case .bytes: _ = batch.readEvents(&joiner, atEnd: true, clock: batch.event.clock)
                            case .events: break
                            }
                            for record in batch.records where record.time != Timestamp.none {
                                last = max(last ?? record.time, record.time)
                            }
                        }
                    }
                    return last
                }
            }
            var last: Int64?
            for await one in group { last = [last, one].compactMap(\.self).max() }
            return last
        }
    }
}
