#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// All bytes of a small file: rules, formats, plugins.
package func readFile(_ path: String, limit: Int = 16 << 20) throws(SourceError) -> [UInt8] {
    try bytes(of: Descriptor.open(path), limit: limit)
}

private func bytes(of file: Descriptor, limit: Int) throws(SourceError) -> [UInt8] {
    if let bytes = wholeFile(file, limit: limit) { return bytes }
    let source = StreamBytes(file)
    var bytes: ContiguousArray<UInt8> = []
    var count = 0
    repeat {
        bytes.append(contentsOf: repeatElement(0, count: 1 << 16))
        let read = try bytes.read(upTo: 1 << 16, from: source, at: count)
        count += read
        if read < 1 << 16 { break }
    } while count < limit
    return Array(bytes[..<count])
}

/// The same of a regular file and nothing else: what lies in a folder of definitions may be a pipe that nobody writes to.
package func readRegularFile(_ path: String, limit: Int = 16 << 20) throws(SourceError) -> [UInt8] {
    let file = try Descriptor.open(path, O_NONBLOCK)
    var info = stat()
    guard fstat(file.number, &info) == 0 else { throw .system("cannot read") }
    switch info.st_mode & S_IFMT {
    case S_IFREG: return try bytes(of: file, limit: limit)
    case S_IFDIR: throw SourceError("is a folder, not a file")
    default: throw SourceError("is no regular file: not read")
    }
}

/// All bytes of a regular file that keeps its size meanwhile: a start reads hundreds of small
/// files. Nil for anything else, with nothing read.
private func wholeFile(_ file: Descriptor, limit: Int) -> [UInt8]? {
    var info = stat()
    guard fstat(file.number, &info) == 0, info.st_mode & S_IFMT == S_IFREG, info.st_size > 0, info.st_size < limit
    else {
        return nil
    }
    // One byte more than there should be: if it comes, the file grows.
    let size = Int(info.st_size)
    let bytes = [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, count in
        count = max(0, pread(file.number, buffer.baseAddress, size + 1, 0))
    }
    guard bytes.count == size else { return nil }
    return bytes
}

/// Names in a folder, sorted; empty if there is no such folder.
package func folderEntries(_ path: String) -> [String] {
    guard let handle = opendir(path) else { return [] }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { NativePath.text($0) }
        }
        if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
}

package func isFolder(_ path: String) -> Bool {
    var info = stat()
    return nativeStat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
}

/// A regular file: it can be read twice.
package func isFile(_ path: String) -> Bool {
    var info = stat()
    return path != "-" && nativeStat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFREG
}

/// Anything of that name, a link to nothing included.
package func isThere(_ path: String) -> Bool {
    var info = stat()
    return lstat(path, &info) == 0
}

/// Whether a link at `path` leads out of `folder`.
package func leadsOut(_ path: String, of folder: String) -> Bool {
    var info = stat()
    guard lstat(path, &info) == 0, info.st_mode & S_IFMT == S_IFLNK else { return false }
    return !realPath(path).hasPrefix(realPath(folder) + "/")
}

/// The path with links and dots resolved; as it was if it doesn't exist.
package func realPath(_ path: String) -> String {
    guard let resolved = NativePath.with(path, { realpath($0, nil) }) else { return path }
    defer { free(resolved) }
    return NativePath.text(resolved)
}

/// Bytes of a regular file; nil for all else.
func fileSize(_ path: String) -> Int64? {
    var info = stat()
    return path != "-" && nativeStat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFREG ? Int64(info.st_size) : nil
}
