import LogCore
package import LogPatterns

extension Catalog {
    /// The rules that match a text pasted by someone, whatever its component, with what they capture there.
    package func explain(_ text: [UInt8]) -> [(rule: Rule, captures: [(name: String, text: String)])] {
        var batch = Batch(capacity: max(text.count, 1))
        for (i, byte) in text.enumerated() { batch.raw[i] = byte }
        batch.rawCount = text.count
        batch.clearEvents()
        var record = Record()
        record.raw = ByteRange(0, text.count)
        record.message = record.raw
        batch.records.append(record)
        var matcher = RuleMatcher(rules, ignoresComponents: true)
        matcher.match(&batch)
        var result: [(rule: Rule, captures: [(name: String, text: String)])] = []
        for hit in batch.hits {
            var captures: [(name: String, text: String)] = []
            for (offset, name) in rules.captureNames(Int(hit.rule)).enumerated() {
                let range = batch.captures[Int(hit.firstCapture) + offset]
                if !range.isEmpty { captures.append((name, batch.string(range))) }
            }
            result.append((rules.rules[Int(hit.rule)], captures))
        }
        return result.sorted { $0.rule.level > $1.rule.level }
    }
}
