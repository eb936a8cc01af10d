import LogAnalysis

/// A number with so many digits behind the point, 0 or 1, and its thousands apart.
func decimal(_ value: Double, _ digits: Int) -> String {
    let tenths = Int64((value * 10).rounded())
    return digits == 0
        ? TextLayout.grouped(Int64(value.rounded())) : "\(TextLayout.grouped(tenths / 10)).\(tenths % 10)"
}

extension String {
    func leading(_ width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
