import CMD
import LogCore

/// Writes a report as one HTML file that needs nothing else: the report as JSON, and the page that shows it
/// (`Page/`). Everything of the logs reaches the page as text; its policy lets no other script run and nothing be
/// loaded.
package enum HTMLReport {
    /// Of the text that stands in for the page where scripts don't run.
    private static let textLimit = 40_000

    package static func render(_ report: Report) -> ContiguousArray<UInt8> {
        let excerpt = Excerpt(report)
        let style = PackageResources.page_css
        let script = [
            PackageResources.text_js, PackageResources.state_js, PackageResources.timeline_js,
            PackageResources.findings_js, PackageResources.sections_js, PackageResources.page_js,
        ].flatMap(\.self)
        let policy =
            "default-src 'none'; script-src 'sha256-\(hash(script))'; style-src 'sha256-\(hash(style))'; "
            + "base-uri 'none'; form-action 'none'"
        return fill(
            PackageResources.page_html,
            [
                "policy": ContiguousArray(policy.utf8),
                "style": ContiguousArray(style),
                "text": ScriptText.escaped(markup: text(excerpt.report)),
                "report": ScriptText.escaped(json: JSONReport.render(excerpt)),
                "script": ContiguousArray(script),
            ])
    }

    private static func text(_ report: Report) -> String {
        let text = TextReport(width: 100, color: false, unicode: true, height: 60, top: 20)
        return String(text.render(report, elapsed: nil).prefix(textLimit))
    }

    /// The page with `{{name}}` replaced by what is called so.
    private static func fill(_ page: [UInt8], _ parts: [String: ContiguousArray<UInt8>]) -> ContiguousArray<UInt8> {
        var result: ContiguousArray<UInt8> = []
        var rest = page[...]
        while let open = rest.firstRange(of: Array("{{".utf8)),
            let close = rest[open.upperBound...].firstRange(of: Array("}}".utf8))
        {
            result.append(contentsOf: rest[..<open.lowerBound])
            let name = String(decoding: rest[open.upperBound..<close.lowerBound], as: UTF8.self)
            result.append(contentsOf: parts[name] ?? [])
            rest = rest[close.upperBound...]
        }
        result.append(contentsOf: rest)
        return result
    }

    /// SHA-256 in base 64, as a policy names the script that may run.
    private static func hash(_ bytes: [UInt8]) -> String {
        var context = SHA2_CTX()
        SHA256Init(&context)
        SHA256Update(&context, bytes, bytes.count)
        var digest = [UInt8](repeating: 0, count: 32)
        digest.withUnsafeMutableBufferPointer { SHA256Final($0.baseAddress, &context) }
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: 30, by: 3) {
            let group = UInt32(digest[start]) << 16 | UInt32(digest[start + 1]) << 8 | UInt32(digest[start + 2])
            for shift in [18, 12, 6, 0] as [UInt32] { text.append(alphabet[Int(group >> shift & 63)]) }
        }
        // 32 bytes leave two over.
        let last = UInt32(digest[30]) << 8 | UInt32(digest[31])
        text += [alphabet[Int(last >> 10)], alphabet[Int(last >> 4 & 63)], alphabet[Int(last << 2 & 63)]]
        return String(decoding: text, as: UTF8.self) + "="
    }
}
