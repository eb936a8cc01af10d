/// What an event says that several lines joined.
extension EventJoiner {
    /// Lets the message go on over the lines that joined.
    mutating func finishMessage(_ bytes: Span<UInt8>, _ open: inout OpenEvent, _ event: inout EventBuilder) {
        if let thread = writers.thread(at: open.record.raw.lower), writers.threads[thread].joined > 0 { return }
        if open.isDocument, readDocument(bytes, &open, &event) { return }
        let message = open.record.message
        let reachesEnd = message.upper == open.textEnd
        if !reachesEnd {
            let parser = Int(open.record.parser)
            guard parser >= stack.ways.count || stack.ways[parser].messageGoesOn else { return }
        }
        // Behind a head alone the text begins on the next line.
        let from = message.isEmpty ? open.joinedStart : open.headerEnd
        let end = min(open.record.raw.upper, open.record.raw.lower + Limits.eventBytes)
        guard from < end else { return }
        if !open.isColoured, message.isEmpty || reachesEnd && message.upper <= event.rawCount {
            open.record.message = ByteRange(message.isEmpty ? from : message.lower, end)
            return
        }
        // What stands behind the message in its line isn't part of it.
        let start = event.decoded.count
        event.appendText(message, bytes)
        ControlSequences.strip(bytes.extracting(from..<end), into: &event.decoded)
        open.record.message = ByteRange(event.rawCount + start, event.rawCount + event.decoded.count)
        open.record.flags.insert(.gathered)
    }

    /// Lets the lines that joined complete the event, where its format knows what they say.
    mutating func readBelow(_ bytes: Span<UInt8>, _ open: inout OpenEvent, _ event: inout EventBuilder) {
        let parser = Int(open.record.parser)
        guard parser < stack.ways.count, stack.ways[parser].readsBelow, open.joinedStart > open.record.raw.lower else {
            return
        }
        if let thread = writers.thread(at: open.record.raw.lower), writers.threads[thread].joined > 0 { return }
        let end = min(open.record.raw.upper, open.record.raw.lower + Limits.eventBytes)
        guard open.joinedStart < end else { return }
        let start = open.joinedStart
        event.completing(&open.record) { event in
            stack.parsers[parser].readBelow(bytes.extracting(start..<end), at: start, into: &event)
        }
    }

    /// Reads an event whose lines are one JSON object as that. False if they are none.
    private mutating func readDocument(
        _ bytes: Span<UInt8>, _ open: inout OpenEvent, _ event: inout EventBuilder
    ) -> Bool {
        let raw = open.record.raw
        guard raw.count <= Limits.eventBytes else { return false }
        let saved = (event.record, event.layer, event.fields.count)
        event.record = Record()
        event.record.firstField = UInt32(truncatingIfNeeded: saved.2)
        let text = bytes.extracting(raw.lower..<raw.upper)
        var number = UInt8(0)
        var isRead = false
        // A program's own names before those that many use.
        for reader in stack.documents where !isRead {
            event.layer = 0
            isRead = reader.parser.parse(text, at: raw.lower, into: &event)
            if isRead {
                number = event.layer == 0 ? reader.number : event.layer
            } else {
                event.fields.removeLast(event.fields.count &- saved.2)
                event.record = Record()
                event.record.firstField = UInt32(truncatingIfNeeded: saved.2)
            }
        }
        if !isRead {
            isRead = document.parsePlain(text, at: raw.lower, into: &event)
            if isRead { number = stack.number(of: document.name, other: Self.genericParser) }
        }
        if isRead {
            for i in saved.2..<event.fields.count where event.fields[i].kind == .json { event.compact(i, bytes) }
            event.record.raw = raw
            event.record.line = open.record.line
            event.record.flags.formUnion([.multiline, .gathered])
            event.record.parser = number
            open.record = event.record
        } else {
            event.fields.removeLast(event.fields.count &- saved.2)
        }
        event.record = saved.0
        event.layer = saved.1
        return isRead
    }
}

extension EventBuilder {
    /// Lends the record of an event that has its fields already, for more of them.
    mutating func completing(_ record: inout Record, _ body: (inout EventBuilder) -> Void) {
        // Fields of the line that comes next may stand behind the event's own.
        let saved = self.record
        self.record = record
        self.record.firstField = UInt32(truncatingIfNeeded: fields.count)
        for i in 0..<Int(record.fieldCount) {
            let field = fields[Int(record.firstField) &+ i]
            fields.append(field)
        }
        body(&self)
        record = self.record
        self.record = saved
    }

    /// Takes the blanks and line ends out of a field's JSON, which is written out as it stands.
    fileprivate mutating func compact(_ field: Int, _ bytes: Span<UInt8>) {
        let value = fields[field].value
        let isRaw = value.upper <= rawCount
        let start = decoded.count
        var isInside = false
        var isEscaped = false
        for i in value.lower..<value.upper {
            let byte = isRaw ? bytes[i] : decoded[i &- rawCount]
            if isInside || byte > 0x20 { decoded.append(byte) }
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = isInside
            } else if byte == UInt8(ascii: "\"") {
                isInside.toggle()
            }
        }
        fields[field] = Field(
            fields[field].key, .json, ByteRange(rawCount &+ start, rawCount &+ decoded.count))
    }

    /// Appends to the decoded text what stands in the bytes, or in the decoded text already.
    mutating func appendText(_ text: ByteRange, _ bytes: Span<UInt8>) {
        if text.upper <= rawCount {
            decoded.append(contentsOf: bytes.extracting(text.lower..<text.upper))
        } else {
            decoded.reserveCapacity(decoded.count &+ text.count)
            for i in text.lower &- rawCount..<text.upper &- rawCount {
                let byte = decoded[i]
                decoded.append(byte)
            }
        }
    }

    /// Lends the text of a range, which lies in the bytes or is decoded.
    @inline(__always)
    func withText<R>(_ range: ByteRange, _ bytes: Span<UInt8>, _ body: (Span<UInt8>) -> R) -> R {
        if range.isEmpty { return body(bytes.extracting(0..<0)) }
        if range.upper <= rawCount { return body(bytes.extracting(range.lower..<range.upper)) }
        return body(decoded.span.extracting((range.lower &- rawCount)..<(range.upper &- rawCount)))
    }
}
