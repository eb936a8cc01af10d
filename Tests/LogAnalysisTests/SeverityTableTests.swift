import LogCore
import Testing

@testable import LogAnalysis

/// The level of messages whose format says none, as the generic parser and the miner find it.
@Suite struct SeverityTableTests {
    private static func level(_ line: String) -> Severity {
        var batch = Batch(capacity: 4096)
        let bytes = Array((line + "\n").utf8)
        for i in bytes.indices { batch.raw[i] = bytes[i] }
        batch.rawCount = bytes.count
        var joiner = EventJoiner()
        // Messages that others wrap.
        if line.hasPrefix("Feb 11 ") { joiner.parsers = [Syslog3164Parser()] }
        _ = batch.readEvents(&joiner, atEnd: true, clock: SourceClock(year: 2026))
        var miner = TemplateMiner()
        miner.mine(&batch)
        return batch.records.first?.severity ?? .unspecified
    }

    private static let info = [
        // A word that is part of a path, an address, a name or a key.
        "opened /var/log/error.log", "rotating /var/log/app/errors/2026.log", "GET /failed/jobs from cache",
        "see https://example.org/docs/error?code=1", "fetched http://error.example.org/", "errors=0 warnings=0",
        "error_count: 0", "ErrorHandler registered", "registered FailureDetector", "loaded module mod_error_pages.so",
        "loaded error-handler.js", "config key on_error=retry", "using class org.example.ErrorMapper",
        "C:\\logs\\error\\today.txt opened", "table failed_jobs created", "user=error logged in",
        "topic errors.dlq created",
        "file=\"fatal.txt\" size=3", "starting panic-button service", "build error-prone 2.3 as dependency",
        "include errno.h", "the failover node is db2", "fail2ban started", "timeout=30 retries=2", "timeout: 30s",
        "using timeout 5s for all calls", "unknown_hosts=0",
        // Negated.
        "svc:738 [INFO] login failed",
        "gw - on_log - 375 - INFO - text failed",
        "no error", "no errors", "no errors found", "0 errors", "0 errors, 0 warnings", "finished without error",
        "finished without errors", "completed without any errors", "no failures", "0 failed, 12 passed",
        "12 passed, 0 failed, 1 skipped", "errors: 0", "error 0 done 1", "failed: 0", "failures=0", "last error: none",
        "error: nil",
        "err=nil", "error=null", "error: <nil>", "zero errors so far", "the disk is free of errors",
        "request has never failed", "job did not fail", "no fatal messages", "there was no exception",
        "replication lag 0s, no problem", "recovered from error", "restart on failure", "retry on error",
        "memory check: no errors detected", "non-fatal", "not denied", "any failure is reported to the owner",
        // Things that are called so.
        "error handler installed", "error log rotated", "error rate 0.1 percent", "exception handling enabled",
        "error reporting level is 3", "error correction active", "error pages loaded", "error budget 99 percent left",
        "setting up exception handler... done.", "failure detection started", "error counter reset",
        "warning level is 3",
        // Exit codes, statuses.
        "process exited with status 0", "command finished, exit code 0", "exit status: 0", "exit_code=0",
        "worker returned with code 0", "Main process exited, code=exited, status=0/SUCCESS",
        "killed by user, exit code 130",
        "GET /index.html HTTP/1.1 status 200", "response status 204", "status_code=301", "upstream responded with 200",
        "\"GET /a HTTP/1.1\" 200 77", "query returned 500 rows", "HTTP 200", "returned 404 bytes",
        // The program says so itself.
        "Feb 11 15:23:20 db1 a: notice: cannot open", "Feb 11 15:23:20 db1 a: [INFO] could not start",
        "Feb 11 15:23:20 db1 a: time=\"now\" level=info msg=\"failed\"",
        "Feb 11 15:23:20 db1 a: Info: 3 failed things", "Feb 11 15:23:20 db1 a: setting level=error for all",
        "Feb 11 15:23:20 db1 a: crit: none", "Feb 11 15:23:20 db1 a: crit=3 rows", "Feb 11 15:23:20 db1 a: critical: 0",
        "Feb 11 15:23:20 db1 a: Fine: all is well",
        // Usual business.
        "connection from 10.0.0.5 port 22", "session opened for user root", "listening on port 8080", "job 7 started",
        "cache warmed up", "user anna logged in", "reload finished", "checkpoint complete: wrote 3 buffers",
        "Accepted publickey for deploy", "rows: 77", "health check passed", "GC pause 3 ms",
    ]

    private static let warnings = [
        "connection timed out", "request timed out after 30 ms", "warning: disk almost full", "option x is deprecated",
        "retrying in 5 s", "invalid user admin from 10.0.0.5", "unexpected end of file", "unknown command foo",
        "connection lost", "rate limit exceeded", "certificate expired", "page not found", "header missing",
        "array is degraded", "container is unhealthy", "slow query: 3 s", "malformed packet", "request rejected",
        "connection reset by peer", "write: broken pipe", "peer is not responding", "checksum mismatch",
        "illegal option", "wrong password for ana", "bad password attempt", "incorrect password from 192.0.2.7",
        "no such user ana", "login attempt for nonexistent user", "operation not permitted", "login was unsuccessful",
        "policy violation by ana",
        "status 404", "response status 429", "status_code=404 path=/a", "\"GET /a HTTP/1.1\" 404 77",
        "upstream responded with 403", "HTTP 404", "W: some index is old", "npm WARN deprecated x@1",
        "throttled by quota", "Feb 11 15:23:20 db1 a: <warn>  failed to start", "Feb 11 15:23:20 db1 a: level=warn x=1",
        "Feb 11 15:23:20 db1 a: WARNING: could not start", "Feb 11 15:23:20 db1 a:  warn: panic averted",
    ]

    private static let errors = [
        "[string \"scripts/x.lua\"]:12: attempt to index a nil value", "attempt to call a nil value (global 'f')",
        "[b8b3f9aa-5233-4a5f-856b-c14321d0a0be] NoMethodError (undefined method 'id' for nil):",
        "svc:738 [ERROR] it is not there", "upd: 1000: Image: ERROR: it is closed", "gw - on_log - 375 - ERROR - text",
        "Erreur : fichier introuvable", "Échec de la connexion", "Verbindung fehlgeschlagen", "Fallo al conectar",
        "Anmeldung war nicht erfolgreich", "Ошибка соединения", "连接失败", "接続エラー",
        "error", "Error: cannot open file", "an error occurred", "error in line 7", "I/O error on sda", "read error",
        "ERROR something", "failed to start", "start failed", "authentication failure", "unhandled rejection",
        "Uncaught TypeError: x is not a function", "TypeError: x is not a function", "ValueError: bad literal",
        "java.io.IOException: stream closed", "caused NullPointerException", "connection refused", "permission denied",
        "access denied for user", "could not connect", "couldn't resolve host", "unable to lock file",
        "cannot allocate memory", "can't open file", "database is corrupted", "transaction aborted", "worker crashed",
        "host is unreachable", "no space left on device", "No such file or directory", "address already in use",
        "too many open files", "segfault at 0 ip", "core dumped", "Traceback (most recent call last):",
        "deadlock detected", "task kworker blocked for more than 120 seconds", "service unavailable", "giving up",
        "npm ERR! code E404", "not ok 3 - adds numbers", "3 errors", "3 errors, 2 warnings", "2 failed, 7 passed",
        "errors: 4", "read returned error 5", "failed=2 ok=7", "failures: 1", "process exited with status 1",
        "exit code 127", "exit status: 2",
        "exit_code=3", "command exited with code 255", "Main process exited, code=exited, status=1/FAILURE",
        "status 500", "response status 503", "status_code=502 path=/a", "\"GET /a HTTP/1.1\" 502 77",
        "upstream responded with 504", "HTTP 503", "returned 500 for /a", "error: 0x80070005 access denied",
        "main.c:7:5: error: unknown type name", "error[E0308]: mismatched types", "make: *** [all] Error 2",
        "Feb 11 15:23:20 db1 a: err: x", "Feb 11 15:23:20 db1 a: [error] x", "Feb 11 15:23:20 db1 a: ERROR - x",
        "Feb 11 15:23:20 db1 a: level=\"error\" x=1", "Feb 11 15:23:20 db1 a: Alert: login refused",
        "E: Unable to locate package", "insufficient memory for the job", "job 7 failed", "update fails",
        "stack overflow in worker",
    ]

    private static let critical = [
        "Kernel panic - not syncing", "fatal: not a git repository", "Out of memory: Killed process 7",
        "system is in emergency mode", "received signal SIGSEGV", "segmentation violation in worker",
        "Feb 11 15:23:20 db1 a: crit: x", "Feb 11 15:23:20 db1 a: [EMERG] x",
        "Feb 11 15:23:20 db1 a: CRITICAL - x", "panic: runtime error", "fatal error: all goroutines are asleep",
    ]

    @Test func `a program may call its trouble less than it sounds`() {
        #expect(Self.level("Feb 11 15:23:20 db1 a: [debug] failed to open") == .debug)
        #expect(Self.level("Feb 11 15:23:20 db1 a: DEBUG: connection refused") == .debug)
        #expect(Self.level("Feb 11 15:23:20 db1 a: TRACE failed to open") == .trace)
    }

    @Test func `the table has 150 lines and more`() {
        let all = Self.info + Self.warnings + Self.errors + Self.critical
        #expect(Set(all).count == all.count)
        #expect(all.count >= 150)
    }

    @Test(arguments: info) func `nothing is wrong`(line: String) { #expect(Self.level(line) == .info, "\(line)") }
    @Test(arguments: warnings) func `a warning`(line: String) { #expect(Self.level(line) == .warning, "\(line)") }
    @Test(arguments: errors) func `an error`(line: String) { #expect(Self.level(line) == .error, "\(line)") }
    @Test(arguments: critical) func `a catastrophe`(line: String) { #expect(Self.level(line) == .critical, "\(line)") }
}
