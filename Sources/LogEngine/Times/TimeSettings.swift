package import LogCore

/// What the user says of a source's times.
package struct TimeSettings: Hashable, Sendable {
    /// Of times that write no zone.
    package var zone: LocalZone?
    /// Of the first time that writes no year.
    package var year: Int?
    /// Of dates that are nothing but numbers.
    package var order: DateOrder?

    package init(zone: LocalZone? = nil, year: Int? = nil, order: DateOrder? = nil) {
        self.zone = zone
        self.year = year
        self.order = order
    }
}
