import LogCore

/// Files that are no logs, told by their first bytes.
enum BinaryFile {
    /// Bytes that are looked at.
    static let headBytes = 512

    private static let marks: [(bytes: StaticString, offset: Int, what: String)] = [
        (
            "LPKSHHRH", 0,
            "a binary systemd journal; `journalctl --file=FILE --output=export | ailogger analyze -` reads it"
        ),
        ("LfLe", 4, "a Windows event log of the old kind (.evt); save it as .evtx"),
        ("Rar!\u{1A}\u{7}", 0, "a RAR archive; unpack it first"),
        ("070701", 0, "a cpio archive; unpack it first"), ("070707", 0, "a cpio archive; unpack it first"),
        ("!<arch>\n", 0, "an ar archive; unpack it first"),
        ("SQLite format 3\0", 0, "an SQLite database"), ("\u{7F}ELF", 0, "a program (ELF)"),
        ("\0asm", 0, "a WebAssembly module"), ("%PDF-", 0, "a PDF"), ("GIF8", 0, "an image (GIF)"),
        ("PAR1", 0, "a Parquet file"), ("Obj\u{1}", 0, "an Avro file"),
    ]

    /// The same, of bytes that no text has.
    private static let byteMarks: [(bytes: [UInt8], what: String)] = [
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7-Zip archive; unpack it first"),
        ([0x1F, 0x9D], "compressed by `compress`; `zcat FILE | ailogger analyze -` reads it"),
        ([0x02, 0x21, 0x4C, 0x18], "LZ4's legacy format; `lz4cat FILE | ailogger analyze -` reads it"),
        ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A], "an image (PNG)"), ([0xFF, 0xD8, 0xFF], "an image (JPEG)"),
        ([0xCA, 0xFE, 0xBA, 0xBE], "a Java class"), ([0xD4, 0xC3, 0xB2, 0xA1], "a packet capture (pcap)"),
        ([0x0A, 0x0D, 0x0D, 0x0A], "a packet capture (pcapng)"),
    ]

    /// What the file is, and how to read it all the same where there is a way; nil if it is none of those known.
    static func known(_ head: Span<UInt8>) -> String? {
        for mark in byteMarks where head.starts(with: mark.bytes) { return mark.what }
        for mark in marks where head.matches(mark.bytes, at: mark.offset) { return mark.what }
        return nil
    }

    /// Control bytes that no log has, in number. NUL alone doesn't count: a crash leaves runs of it.
    static func looksBinary(_ head: Span<UInt8>) -> Bool {
        var controls = 0
        for i in head.indices {
            let byte = head[i]
            if byte < 0x20, byte != 0, byte != 0x09, byte != 0x0A, byte != 0x0D, byte != 0x0C, byte != 0x1B {
                controls += 1
            }
        }
        return controls * 20 > head.count
    }
}

extension Span<UInt8> {
    fileprivate func starts(with bytes: [UInt8]) -> Bool {
        guard bytes.count <= count else { return false }
        for i in bytes.indices where self[i] != bytes[i] { return false }
        return true
    }
}
