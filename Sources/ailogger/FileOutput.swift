import ArgumentParser
import LogEngine
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Where a command's result goes: standard output, or the file of `--output`, which keeps what it held until all is
/// written: it is written beside it, and takes its name in the end.
struct FileOutput: ~Copyable {
    let descriptor: Int32
    private let path: String?
    /// What is written until then; nil where the file is written in place, such as a device.
    private let draft: Draft?

    /// `inputs`: what the command reads; none of them may be the file that is written.
    init(_ path: String?, notAmong inputs: [String] = []) throws {
        self.path = path
        guard let path, path != "-" else {
            (descriptor, draft) = (1, nil)
            return
        }
        try Self.refuse(path, among: inputs)
        // A link is followed, not replaced.
        let target = realPath(path)
        var info = stat()
        let exists = stat(target, &info) == 0
        var made: (descriptor: Int32, draft: Draft?) = (-1, nil)
        if !exists || info.st_mode & S_IFMT == S_IFREG && access(target, W_OK) == 0 {
            let draft = "\(target).\(getpid()).part"
            made.descriptor = open(
                draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, exists ? info.st_mode & 0o777 : 0o644)
            if made.descriptor >= 0 { made.draft = Draft(draft) }
        }
        // A device, or a folder in which nothing may be made.
        if made.descriptor < 0 { made.descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644) }
        guard made.descriptor >= 0 else { throw Self.failure(path) }
        (descriptor, draft) = made
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

    /// Writes all; a reader that went away is no error.
    func write(_ bytes: some Sequence<UInt8>) throws {
        if let code = FileOutput.write(Array(bytes), to: descriptor), code != EPIPE {
            throw Failure("\(path ?? "standard output"): cannot write: \(String(cString: strerror(code)))")
        }
    }

    /// Says whether everything reached the disk: some file systems report a full one only now.
    consuming func finish() throws {
        guard descriptor != 1 else { return }
        guard let draft, let path else {
            if close(descriptor) != 0 { throw Self.failure(path) }
            return
        }
        // A full disk may show only now; the file keeps what it held.
        if fsync(descriptor) != 0, errno != EINVAL { throw Self.failure(path) }
        if close(descriptor) != 0 { throw Self.failure(path) }
        if rename(draft.path, realPath(path)) != 0 { throw Self.failure(path) }
        draft.isKept.store(true, ordering: .relaxed)
    }

    private static func failure(_ path: String?) -> Failure {
        Failure("\(path ?? ""): cannot write: \(String(cString: strerror(errno)))")
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

/// A file that goes unless it is kept.
private final class Draft: Sendable {
    let path: String
    let isKept = Atomic<Bool>(false)
    /// Address of the path of the one that is being written, for a handler of signals, which may neither allocate nor wait; 0 for
    /// none.
    private static let pending = Atomic<UInt>(0)

    init(_ path: String) {
        self.path = path
        guard let text = strdup(path) else { return }
        Self.pending.store(UInt(bitPattern: text), ordering: .sequentiallyConsistent)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            let before = signal(number) { number in
                Draft.unlinkPending()
                // The caller is to see that it was ended by the signal.
                signal(number, SIG_DFL)
                raise(number)
            }
            // Somebody has it ignored, or ends in good order.
            if before != nil { signal(number, before) }
        }
    }

    private static func unlinkPending() {
        let address = pending.exchange(0, ordering: .sequentiallyConsistent)
        if let text = UnsafePointer<CChar>(bitPattern: address) { unlink(text) }
    }

    deinit {
        let address = Self.pending.exchange(0, ordering: .sequentiallyConsistent)
        free(UnsafeMutableRawPointer(bitPattern: address))
        if !isKept.load(ordering: .relaxed) { unlink(path) }
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
