import ArgumentParser

/// A number on the command line. What is none gets the same answer as a number out of range, which names the range.
struct NumberArgument: ExpressibleByArgument {
    let text: String

    init(_ number: Int) { text = String(number) }
    init?(argument: String) { text = argument }

    var defaultValueDescription: String { text }

    var number: Int? { Int(text) }

    static func check(_ argument: NumberArgument?, _ flag: String, _ range: ClosedRange<Int>) throws(ValidationError) {
        guard let argument else { return }
        if let number = argument.number, range.contains(number) { return }
        throw ValidationError(
            "\(flag) takes a number from \(range.lowerBound) to \(range.upperBound), not '\(argument.text)'.")
    }
}
