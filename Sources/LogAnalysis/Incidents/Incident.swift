package import LogCore

/// What belongs together: failures that follow from one another, told as a story.
package struct Incident: Equatable, Sendable {
    /// From 1, the place in the report.
    package var rank = 0
    /// What happened, in the words of its root.
    package var title: String
    package var severity: Severity
    /// Nanoseconds since the epoch.
    package var start: Int64
    package var end: Int64
    /// Errors and worse in it.
    package var failures: Int64
    /// Machines that failed alike, where many did: it is one incident of all of them. Or the one of several that failed alone.
    package var hosts: Hosts?
    /// The suspects for its root, the strongest first. At least one.
    package var suspects: [Suspect]
    /// Components that failed in it, by when they did.
    package var components: [AffectedComponent]
    /// Ranks of the findings that belong to it, by when they began.
    package var findings: [Int]
    /// What is known of it, in the order of the story.
    package var statements: [Statement]
    /// How many of the first of them tell what came before it.
    var acts = 0

    /// The finding that may as well be the root as the first.
    var rival: Int? {
        guard suspects.count > 1, suspects[1].confidence >= 0.9 * suspects[0].confidence else { return nil }
        return suspects[1].finding
    }

    package struct Suspect: Equatable, Sendable {
        /// Rank of the finding.
        package var finding: Int
        package var title: String
        package var component: String
        /// Why it is suspected.
        package var reasons: [Statement]
        /// 0 to 1: how much stronger the evidence is than for the others.
        package var confidence: Double

        package init(finding: Int, title: String, component: String, reasons: [Statement], confidence: Double) {
            self.finding = finding
            self.title = title
            self.component = component
            self.reasons = reasons
            self.confidence = confidence
        }
    }

    package struct Hosts: Equatable, Sendable {
        package var count: Int
        /// There are more than are known.
        package var isPart: Bool
        /// Hosts, or pods or containers on some.
        package var kind = JoinKind.host
        /// Of the one that failed alone.
        package var name: String?

        /// `64+ hosts`; `web3`, `pod shop-7f9`
        package var text: String {
            if let name { return kind == .host ? name : "\(kind.noun) \(name)" }
            return isPart ? "\(count)+ \(kind.noun)s" : "\(count) \(kind.noun)s"
        }
    }

    package struct AffectedComponent: Equatable, Sendable {
        package var name: String
        package var failures: Int64
        /// When its first failure in the incident was, nanoseconds since the epoch.
        package var first: Int64

        package init(name: String, failures: Int64, first: Int64) {
            self.name = name
            self.failures = failures
            self.first = first
        }
    }

    package init(
        title: String, severity: Severity, start: Int64, end: Int64, failures: Int64, hosts: Hosts? = nil,
        suspects: [Suspect],
        components: [AffectedComponent], findings: [Int], statements: [Statement]
    ) {
        self.title = title
        self.severity = severity
        self.start = start
        self.end = end
        self.failures = failures
        self.hosts = hosts
        self.suspects = suspects
        self.components = components
        self.findings = findings
        self.statements = statements
    }
}
