import Testing

@testable import LogEngine

/// The table of groups against a list that is searched from end to end.
@Suite struct GroupTableTests {
    private struct Model {
        var key: ContiguousArray<UInt8>
        var since: Int64
        var times: [Int64] = []
    }

    /// Few keys, so that they come again; some as long as those that need memory of their own.
    private static func key(_ random: inout SeededNumbers) -> GroupKey {
        let number = UInt8.random(in: 0..<40, using: &random)
        return GroupKey(ContiguousArray(repeating: number, count: [0, 3, 31, 32, 33, 90][Int(number) % 6]) + [number])
    }

    @Test(arguments: 0..<40) func `groups are found, grow old and go as in a list`(seed: UInt64) throws {
        var random = SeededNumbers(seed: seed)
        var table = GroupTable()
        var model: [Model] = []
        var now: Int64 = 0
        for _ in 0..<1_000 {
            now += Int64.random(in: 0..<3, using: &random)
            let key = Self.key(&random)
            let place = model.firstIndex { $0.key == key.bytes }
            #expect((table.find(key) == nil) == (place == nil))
            switch Int.random(in: 0..<10, using: &random) {
            case 0:
                let time = now - 30
                table.purge(until: time)
                model.removeAll { $0.since <= time }
            case 1, 2:
                guard let place, let slot = table.find(key) else { continue }
                table.remove(slot)
                model.remove(at: place)
            default:
                let slot: Int
                if let place {
                    slot = try #require(table.find(key))
                    table.touch(slot, now: now)
                    var group = model.remove(at: place)
                    group.since = now
                    model.append(group)
                } else {
                    slot = table.insert(key, now: now)
                    model.append(Model(key: key.bytes, since: now))
                }
                table[slot].times.append(now)
                table.settle(slot)
                model[model.count - 1].times.append(now)
            }
            #expect(table.count == model.count)
            let slots = table.inOrder
            #expect(slots.map { table.key($0) } == model.map(\.key))
            #expect(slots.map { table.since($0) } == model.map(\.since))
            #expect(slots.map { slot in table[slot].times.list } == model.map(\.times))
            #expect(table.cost == model.reduce(0) { $0 + 300 + $1.key.count + 8 * $1.times.count })
        }
    }

    @Test func `the oldest group goes where there are too many`() {
        var table = GroupTable()
        func key(_ number: Int) -> GroupKey { GroupKey(ContiguousArray("\(number)".utf8)) }
        for number in 0..<GroupTable.limit + 3 { _ = table.insert(key(number), now: Int64(number)) }
        #expect(table.count == GroupTable.limit)
        #expect(table.evicted == 3)
        #expect(table.find(key(2)) == nil)
        #expect(table.find(key(3)) == table.oldest)
    }

    @Test(arguments: 0..<40) func `a list of times is an array of them`(seed: UInt64) {
        var random = SeededNumbers(seed: seed)
        var list = TimeList()
        var model: [Int64] = []
        for time in Int64(0)..<200 {
            switch Int.random(in: 0..<6, using: &random) {
            case 0:
                let place = Int.random(in: 0..<3, using: &random)
                list.setStep(place, time)
                while model.count <= place { model.append(.min) }
                model[place] = time
            case 1:
                guard let place = model.indices.randomElement(using: &random) else { continue }
                list.remove(at: place)
                model.remove(at: place)
            case 2:
                let count = Int.random(in: 0...model.count, using: &random)
                list.removeFirst(count)
                model.removeFirst(count)
            default:
                list.append(time)
                model.append(time)
            }
            #expect(list.list == model)
            #expect(list.isEmpty == model.isEmpty)
            #expect(list.step(model.count) == .min)
        }
    }
}

extension TimeList {
    fileprivate var list: [Int64] { (0..<count).map { self[$0] } }
}
