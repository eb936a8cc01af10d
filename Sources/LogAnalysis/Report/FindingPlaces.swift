/// Where a finding's events come from: the components, hosts and log files that its sample of names kept.
package struct FindingPlaces: Equatable, Sendable {
    package struct Name: Equatable, Sendable {
        package var name: String
        /// Events that bear it.
        package var count: Int64
    }

    /// Most events first.
    package private(set) var components: [Name] = []
    package private(set) var hosts: [Name] = []
    package private(set) var files: [Name] = []
    /// Lists of which only a part is known: `components`, `hosts`, `files`.
    package private(set) var partial: [String] = []

    init(_ joins: JoinSample) {
        components = take(joins, .component, "components")
        hosts = take(joins, .host, "hosts")
        files = take(joins, .file, "files")
    }

    private mutating func take(_ joins: JoinSample, _ group: JoinKind.Group, _ list: String) -> [Name] {
        if joins.isFull(group) { partial.append(list) }
        return joins.entries(group).map { Name(name: $0.value, count: $0.count) }
            .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    }

    /// The machines that folders stand for.
    mutating func add(_ machines: [JoinSample.Entry]) {
        let new = machines.filter { machine in !hosts.contains { $0.name == machine.value } }
        guard !new.isEmpty else { return }
        hosts = (hosts + new.map { Name(name: $0.value, count: $0.count) })
            .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    }

    /// Leaves at most `most` names of each.
    mutating func shorten(to most: Int) {
        for (list, name) in [(\Self.components, "components"), (\.hosts, "hosts"), (\.files, "files")]
        where self[keyPath: list].count > most {
            self[keyPath: list].removeSubrange(most...)
            if !partial.contains(name) { partial.append(name) }
        }
    }
}
