/// Finds what changed, in a summary.
enum ChangeFinder {
    static func find(_ summary: Summary) -> [Change] { [] }
}
