import LogAnalysis
import LogCore
import LogLua

/// What a run leaves behind, and how the next one goes on from it.
extension CorrelationStage {
    func save() -> SavedCorrelation {
        // What is read a second time isn't known yet.
        if isOverfull { return options.saved ?? SavedCorrelation() }
        var saved = SavedCorrelation()
        let time = max(order.released, advanced)
        saved.time = time > .min ? time : nil
        for (index, source) in order.sources.enumerated() {
            let tail = tails[index]
            saved.sources[paths[index]] = SavedCorrelation.Source(
                latest: source.latest, leap: source.leap, offset: max(tail?.start ?? source.offset, seen[index]),
                end: tail == nil ? nil : source.offset, file: marks[index] ?? FileMark(paths[index]),
                lag: pulses[index].lag)
        }
        for entry in order.waiting.sorted(by: <) + order.pending {
            guard let chunk = chunks[entry.chunk], paths.indices.contains(entry.source) else { continue }
            let event = chunk.selected.single(entry.index, names: keys.allNames)
            saved.waiting.append(
                SavedCorrelation.Waiting(
                    time: entry.time, source: paths[entry.source], isPending: order.isPending(entry),
                    correlators: correlators.indices.filter { event.wanting >> $0 & 1 == 1 }
                        .map { plan.correlators[$0].name },
                    rules: event.rules.map { plan.ruleIDs[Int($0)] }, event: event))
        }
        for (correlator, source) in zip(correlators, plan.correlators) {
            let errors = correlator.errors.count
            if let bytes = correlator.save() {
                saved.correlators[source.name] = Blob(bytes)
            } else if correlator.errors.count > errors {
                saved.problems.append(
                    "\(source.title): what it keeps can't be saved, the next run begins without it: only strings, numbers, "
                        + "booleans, ailogger.null and tables of these can, once each")
            }
        }
        saved.findings = found
        return saved
    }

    mutating func resume(_ saved: SavedCorrelation) {
        let files = ContinuedFiles(paths, saved.sources.compactMapValues(\.file))
        // Where events are now that waited; of a name that another file has taken, those of the former one.
        var places: [String: Int] = [:]
        for (index, path) in paths.enumerated() where files.before[path] == nil { places[path] = index }
        for (index, path) in paths.enumerated() { if let name = files.before[path] { places[name] = index } }
        for (index, path) in paths.enumerated() {
            let name = files.before[path]
            // Time goes on also where a new file has taken the name.
            guard let source = saved.sources[name ?? path] else { continue }
            order.resume(index, as: EventOrder.Source(latest: source.latest, leap: source.leap))
            pulses[index] = SourcePulse(lag: source.lag)
            guard name != nil else { continue }
            seen[index] = source.offset
            ends[index] = source.end
        }
        if let time = saved.time {
            order.release(upTo: time)
            advanced = time
        }
        if !files.lost.isEmpty {
            let more = files.lost.count > 1 ? " and \(files.lost.count - 1) more" : ""
            warnings.insert(
                "correlation: \(files.lost[0])\(more) can't be the file that the last run read, and that isn't among the inputs: it is "
                    + "read from its start, and what the former one got since is missed; name rotated files as well")
        }
        found = saved.findings
        for (correlator, source) in zip(correlators, plan.correlators) {
            guard let bytes = saved.correlators[source.name] else { continue }
            if !correlator.restore(bytes.bytes) {
                warnings.insert(
                    "correlation: what \(source.name) knew could not be read, it begins anew: "
                        + (correlator.errors.first ?? "the saved bytes are damaged, or of another version"))
            }
        }
        for waiting in saved.waiting {
            guard let source = places[waiting.source] else { continue }
            var event = waiting.event
            event.rules = waiting.rules.compactMap { id in plan.ruleIDs.firstIndex(of: id).map(UInt32.init) }
            event.wanting = 0
            for (number, correlator) in plan.correlators.enumerated()
            where waiting.correlators.contains(correlator.name) { event.wanting |= 1 << number }
            let selected = SelectedEvents(event, &keys)
            order.resume(
                EventOrder.Entry(
                    time: waiting.time, source: source, offset: selected.offsets[0], chunk: nextChunk, index: 0),
                isPending: waiting.isPending)
            keep(selected, as: nextChunk, waiting: 1)
        }
    }
}
