/// An event that is written as a list, as the object that it stands for: where what reads lines finds names.
enum JSONRecordList {
    /// What a pair's name is called: CloudWatch Logs Insights' `field`, and what others have.
    private static let nameKeys: [StaticString] = ["field", "key", "name"]

    /// The object: of a list of pairs, such as `[{"field":"@message","value":"x"}]`, or of values that `places` names. Nil if the
    /// list is neither. White space between the parts is gone already.
    static func object(_ list: Span<UInt8>, _ places: [[UInt8]]) -> ContiguousArray<UInt8>? {
        var object: ContiguousArray<UInt8> = [UInt8(ascii: "{")]
        var i = 1
        var place = 0
        while i < list.count, list[i] != UInt8(ascii: "]") {
            let end = list.jsonValueEnd(from: i)
            guard end >= 0, end < list.count else { return nil }
            // What nobody has a name for.
            if !places.isEmpty, place >= places.count { break }
            if object.count > 1 { object.append(UInt8(ascii: ",")) }
            if place < places.count {
                object.append(UInt8(ascii: "\""))
                object.append(contentsOf: places[place])
                object.append(UInt8(ascii: "\""))
                object.append(UInt8(ascii: ":"))
                object.append(contentsOf: list.extracting(i..<end))
            } else {
                guard let pair = pair(list.extracting(i..<end)) else { return nil }
                object.append(contentsOf: list.extracting(i + pair.name.lowerBound..<i + pair.name.upperBound))
                object.append(UInt8(ascii: ":"))
                object.append(contentsOf: list.extracting(i + pair.value.lowerBound..<i + pair.value.upperBound))
            }
            place += 1
            i = end
            if list[i] == UInt8(ascii: ",") { i += 1 }
        }
        object.append(UInt8(ascii: "}"))
        return object
    }

    /// The names of a table's columns: what the member `columns` of an object holds, whose brackets are left out.
    static func names(in members: Span<UInt8>, of columns: Span<UInt8>) -> [[UInt8]] {
        var cursor = Members(from: 0)
        while let (name, value) = cursor.next(members) {
            if members.extracting(name).isEqual(columns) { return names(of: members.extracting(value)) }
        }
        return []
    }

    /// What the texts of a list are, and the names of its objects.
    private static func names(of list: Span<UInt8>) -> [[UInt8]] {
        var names: [[UInt8]] = []
        guard list.count > 0, list[0] == UInt8(ascii: "[") else { return [] }
        var i = 1
        while i < list.count, list[i] != UInt8(ascii: "]") {
            let end = list.jsonValueEnd(from: i)
            guard end >= 0 else { return [] }
            if list[i] == UInt8(ascii: "\"") {
                names.append(list.extracting(i + 1..<end - 1).withUnsafeBufferPointer { Array($0) })
            } else if let name = columnName(list.extracting(i..<end)) {
                names.append(
                    list.extracting(i + name.lowerBound..<i + name.upperBound).withUnsafeBufferPointer { Array($0) })
            } else {
                return []
            }
            i = end < list.count && list[end] == UInt8(ascii: ",") ? end + 1 : end
        }
        return names
    }

    private static func columnName(_ object: Span<UInt8>) -> Range<Int>? {
        guard object[0] == UInt8(ascii: "{") else { return nil }
        var cursor = Members(from: 1)
        while let (name, value) = cursor.next(object) {
            let key = object.extracting(name)
            if object[value.lowerBound] == UInt8(ascii: "\""), key.isEqual("name") || key.isEqual("ColumnName") {
                return value.lowerBound + 1..<value.upperBound - 1
            }
        }
        return nil
    }

    /// Where in an object its name stands, quotes included, and its value.
    private static func pair(_ object: Span<UInt8>) -> (name: Range<Int>, value: Range<Int>)? {
        guard object[0] == UInt8(ascii: "{") else { return nil }
        var name = 0..<0
        var value = 0..<0
        var cursor = Members(from: 1)
        while let member = cursor.next(object) {
            let key = object.extracting(member.name)
            if key.isEqual("value") {
                value = member.value
            } else if object[member.value.lowerBound] == UInt8(ascii: "\""),
                nameKeys.contains(where: { key.isEqual($0) })
            {
                name = member.value
            }
        }
        return cursor.isBroken || name.isEmpty || value.isEmpty ? nil : (name, value)
    }

    /// Goes through the members of an object, one after the other.
    private struct Members {
        /// The text ends, or isn't JSON, where another part of a member is due.
        private(set) var isBroken = false
        private var position: Int

        init(from start: Int) { position = start }

        /// Where the next one's name stands, without its quotes, and its value; nil behind the last.
        mutating func next(_ text: Span<UInt8>) -> (name: Range<Int>, value: Range<Int>)? {
            guard !isBroken, position < text.count, text[position] == UInt8(ascii: "\"") else { return nil }
            var escaped = false
            let nameEnd = text.jsonStringEnd(from: position + 1, escaped: &escaped)
            let valueEnd = nameEnd < 0 ? -1 : text.jsonValueEnd(from: nameEnd + 2)
            guard valueEnd >= 0 else {
                isBroken = true
                return nil
            }
            let name = position + 1..<nameEnd
            position = valueEnd + 1
            return (name, nameEnd + 2..<valueEnd)
        }
    }
}
