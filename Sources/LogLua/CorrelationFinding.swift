package import LogCore

/// What a correlator found between events.
package struct CorrelationFinding: Sendable, Equatable {
    /// The event that stands for it.
    package struct Sample: Sendable, Equatable {
        package var source = ""
        package var line: Int64 = 0
        package var offset: Int64 = 0
        package var time: Int64?
        package var text = ""

        /// The longest text that is kept of it.
        package static let textLimit = 2000

        package init() {}
    }

    /// "finding" or "alert".
    package var kind = ""
    /// Behind the plugin's name; empty for the plugin's one kind of finding.
    package var id = ""
    package var title = ""
    package var level = Severity.unspecified
    package var message = ""
    package var cause = ""
    package var fix: [String] = []
    package var docs: [(title: String, url: String)] = []
    package var fields: [(name: String, value: FieldValue)] = []
    package var key = ""
    /// "raised" or "cleared", of an alert.
    package var status = ""
    package var since: Int64?
    package var until: Int64?
    package var sample = Sample()

    package init() {}

    package static func == (a: CorrelationFinding, b: CorrelationFinding) -> Bool {
        a.kind == b.kind && a.id == b.id && a.title == b.title && a.level == b.level && a.message == b.message
            && a.key == b.key && a.status == b.status && a.since == b.since && a.until == b.until
            && a.sample == b.sample && a.fields.elementsEqual(b.fields, by: ==)
    }
}
