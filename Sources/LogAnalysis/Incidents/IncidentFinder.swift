/// Puts findings together that follow from one another.
enum IncidentFinder {
    static func find(_ summary: Summary, _ findings: [Finding], _ changes: [Change]) -> [Incident] { [] }
}
