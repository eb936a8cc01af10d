// What reads binary logs and archives, on any bytes: compiled together with the sources of LogCore into one module.

/// The first byte says which of them; what comes out must be lines, and the same however the bytes are cut.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    guard size > 2 else { return 0 }
    let bytes = ContiguousArray(UnsafeBufferPointer(start: data + 2, count: size - 2))
    let cut = Int(data[1]) * bytes.count / 256
    switch data[0] % 7 {
    case 0: precondition(transcribe(JournalExport(), bytes, 0) == transcribe(JournalExport(), bytes, cut))
    case 1:
        // The bytes as the records of a chunk, or as they are.
        let log = data[0] & 4 == 0 ? bytes : chunk(bytes)
        precondition(transcribe(EvtxLog(), log, 0) == transcribe(EvtxLog(), log, cut))
    case 2:
        _ = TarHeader(bytes.span)
        _ = PaxRecords(bytes.span)
    case 3: readZip(bytes)
    case 4: precondition(transcribe(XMLEvents(), bytes, 0) == transcribe(XMLEvents(), bytes, cut))
    case 5:
        precondition(transcribe(YAMLDocuments(), bytes, 0) == transcribe(YAMLDocuments(), bytes, cut))
        _ = YAMLDocuments.isHead(bytes.span, paths)
    default:
        let layout: JSONRecords.Layout = data[0] & 8 == 0 ? .documents(paths) : .bulk
        precondition(transcribe(JSONRecords(layout), bytes, 0) == transcribe(JSONRecords(layout), bytes, cut))
        _ = JSONRecords.layout(of: bytes.span, paths)
    }
    return 0
}

/// Arrays of objects, of lists with names, in objects and in arrays.
private let paths: [JSONRecordPath] = ["r", "d.v", "a.b.c"].map {
    var path = JSONRecordPath(Array($0.utf8), signs: [[Array("\"t".utf8)]])
    path.given = [Array("o".utf8)]
    if $0 == "d.v" { path.places = [Array("t".utf8), Array("l".utf8)] }
    return path
}

private func transcribe<Log: Transcriber & ~Copyable>(
    _ log: consuming Log, _ bytes: ContiguousArray<UInt8>, _ cut: Int
) -> ContiguousArray<UInt8> {
    log.take(bytes.span.extracting(0..<cut))
    log.take(bytes.span.extracting(cut..<bytes.count))
    log.finish()
    precondition(log.lines.isEmpty || log.lines.last == 0x0A, "a record is no line")
    return log.lines
}

/// One record around the bytes, in a chunk behind a file's header.
private func chunk(_ bytes: ContiguousArray<UInt8>) -> ContiguousArray<UInt8> {
    var log = ContiguousArray<UInt8>(repeating: 0, count: 4096 + 65_536)
    let xml = bytes.prefix(65_536 - 512 - 28)
    log.replaceSubrange(0..<8, with: Array("ElfFile\0".utf8))
    log.replaceSubrange(4096..<4104, with: Array("ElfChnk\0".utf8))
    let size = (0..<4).map { UInt8(truncatingIfNeeded: (xml.count + 28) >> (8 * $0)) }
    let start = 4096 + 512
    log.replaceSubrange(start..<(start + 8), with: [0x2A, 0x2A, 0, 0] + size)
    log.replaceSubrange((start + 24)..<(start + 24 + xml.count), with: xml)
    log.replaceSubrange((start + 24 + xml.count)..<(start + 28 + xml.count), with: size)
    return log
}

private func readZip(_ bytes: ContiguousArray<UInt8>) {
    let span = bytes.span
    if case .directory(let place) = ZipDirectory.end(in: span, size: bytes.count) {
        precondition(place.offset >= 0 && place.offset + place.size <= bytes.count && place.prefix >= 0)
    }
    _ = ZipDirectory.place(zip64: span, at: bytes.count)
    var at = 0
    while let count = ZipDirectory.entryBytes(span, at: at) {
        _ = ZipDirectory.member(span, at: at)
        at += count
    }
    if let found = ZipDirectory.header(span, at: 0) { precondition(found.dataStart <= bytes.count) }
}
