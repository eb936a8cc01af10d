import CLuaHost
import LogCore

/// Texts that stay where they are, for C to read: names of formats, ids of rules, templates.
package final class LuaTexts {
    private var texts: ContiguousArray<ailua_text> = []

    package init(_ texts: [String] = []) { for text in texts { append(text) } }

    deinit { for text in texts { text.bytes?.deallocate() } }

    package var count: Int { texts.count }

    package func append(_ text: String) {
        let utf8 = Array(text.utf8)
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(1, utf8.count))
        _ = copy.initialize(from: utf8)
        texts.append(ailua_text(bytes: UnsafePointer(copy.baseAddress), length: utf8.count))
    }

    /// Good until the next `append`.
    func withTexts<R>(_ body: (UnsafePointer<ailua_text>?, Int) -> R) -> R {
        texts.withUnsafeBufferPointer { body($0.baseAddress, $0.count) }
    }
}

/// What a plugin may ask about a batch besides its events.
package struct LuaBatchFacts: ~Copyable {
    package var path: LuaTexts
    package var formats: LuaTexts
    package var rules: LuaTexts
    package var templates: LuaTexts

    package init(
        path: LuaTexts = LuaTexts([""]), formats: LuaTexts = LuaTexts(), rules: LuaTexts = LuaTexts(),
        templates: LuaTexts = LuaTexts()
    ) {
        self.path = path
        self.formats = formats
        self.rules = rules
        self.templates = templates
    }
}

/// Lends batches to C in place.
enum LuaBatch {
    /// Calls `body` with the batch as C sees it. While it runs, C reads the arrays, and interns names of fields.
    static func lend<R>(
        _ batch: inout Batch, _ facts: borrowing LuaBatchFacts, _ body: (UnsafePointer<ailua_batch>) -> R
    ) -> R {
        // Second references: the arrays stay as they are while the table of keys, another part of the batch, changes.
        let raw = batch.raw
        let decoded = batch.event.decoded
        let records = batch.records
        let fields = batch.event.fields
        let hits = batch.hits
        let templates = batch.templates
        var lent = ailua_batch()
        lent.raw_count = batch.event.rawCount
        lent.count = records.count
        lent.hit_count = hits.count
        lent.first_line = batch.firstLine
        lent.offset = batch.offset
        lent.key_table = UInt64(UInt(bitPattern: ObjectIdentifier(batch.event.keys.identity).hashValue))
        return raw.withUnsafeBufferPointer { raw in
            decoded.withUnsafeBufferPointer { decoded in
                records.withUnsafeBytes { records in
                    fields.withUnsafeBytes { fields in
                        hits.withUnsafeBytes { hits in
                            templates.withUnsafeBufferPointer { templates in
                                lent.raw = raw.baseAddress
                                lent.decoded = decoded.baseAddress
                                lent.records = records.baseAddress?.assumingMemoryBound(to: ailua_record.self)
                                lent.fields = fields.baseAddress?.assumingMemoryBound(to: ailua_field.self)
                                lent.hits = hits.baseAddress?.assumingMemoryBound(to: ailua_hit.self)
                                lent.templates = templates.isEmpty ? nil : templates.baseAddress
                                return lend(&lent, &batch.event.keys, facts, body)
                            }
                        }
                    }
                }
            }
        }
    }

    /// The texts and the table of keys.
    static func lend<R>(
        _ lent: inout ailua_batch, _ keys: inout KeyTable, _ facts: borrowing LuaBatchFacts,
        _ body: (UnsafePointer<ailua_batch>) -> R
    ) -> R {
        facts.path.withTexts { path, _ in
            facts.formats.withTexts { formats, formatCount in
                facts.rules.withTexts { rules, _ in
                    facts.templates.withTexts { templates, _ in
                        withUnsafeMutablePointer(to: &keys) { keys in
                            lent.path = path?.pointee ?? ailua_text()
                            lent.formats = formats
                            lent.format_count = formatCount
                            lent.rules = rules
                            lent.template_texts = templates
                            lent.keys = UnsafeMutableRawPointer(keys)
                            return withUnsafePointer(to: &lent) { body($0) }
                        }
                    }
                }
            }
        }
    }
}
