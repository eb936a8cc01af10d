import ArgumentParser
import LogEngine

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Where a command's result goes: standard output, or the file of `--output`.
struct FileOutput: ~Copyable {
    let descriptor: Int32
    private let path: String?

    /// `inputs`: what the command reads; none of them may be the file that is written.
    init(_ path: String?, notAmong inputs: [String] = []) throws {
        let descriptor = try Self.open(path, notAmong: inputs)
        self.path = path
        self.descriptor = descriptor
    }

    /// Refuses a file that is read: it would be empty before its first line is.
    static func refuse(_ path: String, among inputs: [String]) throws(Failure) {
        var target = stat()
        guard stat(path, &target) == 0, target.st_mode & S_IFMT == S_IFREG else { return }
        for input in inputs {
            var source = stat()
            if stat(input, &source) == 0, source.st_dev == target.st_dev, source.st_ino == target.st_ino {
                throw Failure("\(path): is one of the inputs, and would be overwritten")
            }
        }
    }

    private static func open(_ path: String?, notAmong inputs: [String]) throws(Failure) -> Int32 {
        guard let path, path != "-" else { return 1 }
        try refuse(path, among: inputs)
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Failure("\(path): cannot write: \(String(cString: strerror(errno)))") }
        return descriptor
    }

    /// Writes all; a reader that went away is no error.
    func write(_ bytes: some Sequence<UInt8>) throws {
        if let code = FileOutput.write(Array(bytes), to: descriptor), code != EPIPE {
            throw Failure("\(path ?? "standard output"): cannot write: \(String(cString: strerror(code)))")
        }
    }

    /// Says whether everything reached the disk: some file systems report a full one only now.
    consuming func finish() throws {
        guard descriptor != 1 else { return }
        if close(descriptor) != 0 {
            throw Failure("\(path ?? ""): cannot write: \(String(cString: strerror(errno)))")
        }
    }

    /// Nil if all was written, or the error number.
    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + offset }, $0.count - offset)
            }
            if count < 0 {
                if errno == EINTR { continue }
                return errno
            }
            offset += count
        }
        return nil
    }
}

/// Something could not be done: said in one line, and exit status 2.
struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }

    /// What `work` gives, or its error as one of the command's.
    static func wrapped<Result>(_ work: () throws(SourceError) -> Result) throws(Failure) -> Result {
        do throws(SourceError) { return try work() } catch { throw Failure(error.message) }
    }

    /// What `read` gives, or its error with the name of what was read.
    static func named<Result>(_ name: String, _ read: () throws(SourceError) -> Result) throws(Failure) -> Result {
        do throws(SourceError) { return try read() } catch { throw Failure("\(name): \(error.message)") }
    }
}
