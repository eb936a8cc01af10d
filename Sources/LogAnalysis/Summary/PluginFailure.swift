/// How often a plugin failed, and how it did first.
package struct PluginFailure: Equatable, Sendable, Codable {
    package var count: Int64
    /// What failed: "event", "line", "call".
    package var noun: String
    /// It was put aside: it would have failed more often.
    package var isCut: Bool
    /// `path:line:column: error: …`, the line, a caret and what to do, as people read it.
    package var rendered: String
    /// The same in one line.
    package var sentence: String

    package init(count: Int64, noun: String, isCut: Bool, rendered: String, sentence: String) {
        self.count = count
        self.noun = noun
        self.isCut = isCut
        self.rendered = rendered
        self.sentence = sentence
    }

    /// Which of two is the first depends on who came first among the workers: the lesser one counts, so that it doesn't show.
    func merged(with other: PluginFailure) -> PluginFailure {
        var sum = sentence <= other.sentence ? self : other
        sum.count = count &+ other.count
        sum.isCut = isCut || other.isCut
        return sum
    }

    /// "3 events failed"; where it was put aside how many is a matter of how many workers there are.
    package var counted: String {
        isCut ? "so many \(noun)s failed that it was put aside" : TextLayout.count(count, noun) + " failed"
    }
}

extension Summary {
    /// A line for each plugin that failed, as warnings say it.
    package var failureTexts: [String] {
        (failures ?? [:]).sorted { $0.key < $1.key }.map { title, failure in
            "\(title): \(failure.counted), the first: \(failure.sentence)"
        }
    }
}
