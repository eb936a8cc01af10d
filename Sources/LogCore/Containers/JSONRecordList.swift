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
        var i = 0
        while i < members.count {
            var escaped = false
            let nameEnd = members.jsonStringEnd(from: i + 1, escaped: &escaped)
            guard nameEnd >= 0 else { return [] }
            let end = members.jsonValueEnd(from: nameEnd + 2)
            guard end >= 0 else { return [] }
            if members.extracting(i + 1..<nameEnd).isEqual(columns) {
                return names(of: members.extracting(nameEnd + 2..<end))
            }
            i = end + 1
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
        var i = 1
        while i < object.count, object[i] == UInt8(ascii: "\"") {
            var escaped = false
            let keyEnd = object.jsonStringEnd(from: i + 1, escaped: &escaped)
            guard keyEnd >= 0 else { return nil }
            let end = object.jsonValueEnd(from: keyEnd + 2)
            guard end >= 0 else { return nil }
            let key = object.extracting(i + 1..<keyEnd)
            if object[keyEnd + 2] == UInt8(ascii: "\""), key.isEqual("name") || key.isEqual("ColumnName") {
                return keyEnd + 3..<end - 1
            }
            i = end + 1
        }
        return nil
    }

    /// Where in an object its name stands, quotes included, and its value.
    private static func pair(_ object: Span<UInt8>) -> (name: Range<Int>, value: Range<Int>)? {
        guard object[0] == UInt8(ascii: "{") else { return nil }
        var name = 0..<0
        var value = 0..<0
        var i = 1
        while i < object.count, object[i] == UInt8(ascii: "\"") {
            var escaped = false
            let keyEnd = object.jsonStringEnd(from: i + 1, escaped: &escaped)
            guard keyEnd >= 0 else { return nil }
            let end = object.jsonValueEnd(from: keyEnd + 2)
            guard end >= 0 else { return nil }
            let key = object.extracting(i + 1..<keyEnd)
            if key.isEqual("value") {
                value = keyEnd + 2..<end
            } else if object[keyEnd + 2] == UInt8(ascii: "\""), nameKeys.contains(where: { key.isEqual($0) }) {
                name = keyEnd + 2..<end
            }
            i = end + 1
        }
        return name.isEmpty || value.isEmpty ? nil : (name, value)
    }
}
