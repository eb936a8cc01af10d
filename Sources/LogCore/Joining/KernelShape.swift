/// What the kernel says when something in it went wrong: an oops, a warning with its trace, a task that hangs. Each line
/// has its own head, so it is told which ones go on.
enum KernelShape {
    private static let openings: [StaticString] = [
        "BUG: ", "------------[ cut here ]", "Oops: ", "Oops[#", "general protection fault", "Unable to handle kernel ",
        "Internal error: ", "Kernel panic - not syncing", "INFO: task ", "WARNING: CPU: ", "watchdog: BUG: ",
        "rcu: INFO: ", "divide error: ", "invalid opcode: ", "kernel BUG at ", "stack segment: ",
    ]
    /// With which an opening may begin.
    private static let firstBytes: InlineArray<256, Bool> = {
        var table = InlineArray<256, Bool>(repeating: false)
        for opening in openings { table[Int(opening.utf8Start[0])] = true }
        return table
    }()
    private static let parts: [StaticString] = [
        "IP: ", "RIP: ", "RSP: ", "RAX: ", "RBX: ", "RDX: ", "RBP: ", "R10: ", "R13: ", "CR2: ", "CR0: ", "FS: ",
        "CS: ",
        "DR0: ", "DR3: ", "EIP: ", "EAX: ", "ESI: ", "PGD ", "*pde", "#PF: ", "Oops: ", "Call Trace",
        "Modules linked in",
        "Code: ", "CPU: ", "Hardware name: ", "Workqueue: ", "Stack: ", "Process ", "task:", "Tainted: ", "Comm: ",
        "<TASK>", "</TASK>", "<IRQ>", "</IRQ>", "<NMI>", "</NMI>", "<EOI>", "<#DF>", "[<", "PC is at ", "LR is at ",
        "pc : ", "lr : ", "sp : ", "pstate: ", "Exception stack", "WARNING: CPU: ", "kernel BUG at ", "PKRU: ",
        "\"echo 0 > /proc/sys/kernel/hung_task", "Not tainted ", "Mem abort info", "ESR = ", "Data abort info",
        "user pgtable: ",
        "ORIG_RAX: ", "Call trace:", "RSI: ", "RCX: ", "R08: ", "R09: ", "R12: ", "R15: ", "Kernel Offset: ",
        "Last Breaking",
        "invalid opcode: ", "general protection fault", "WARNING: ", "Dumping ftrace", "Supervisor ", "Supported: ",
    ]

    static func opens(_ text: Span<UInt8>) -> Bool {
        let start = uptimeEnd(text)
        guard start < text.count else { return false }
        let first = text[unchecked: start]
        guard firstBytes[Int(first)] else { return false }
        return openings.contains { text.matches($0, at: start) }
    }

    static func continues(_ text: Span<UInt8>) -> Block.Step {
        var i = uptimeEnd(text)
        while i < text.count, text[unchecked: i] == 0x20 || text[unchecked: i] == 0x09 { i &+= 1 }
        if i >= text.count { return .joins }
        if text.matches("---[ end ", at: i) { return .last }
        for part in parts where text.matches(part, at: i) { return .joins }
        return isFrame(text, i) || isRegisters(text, i) ? .joins : .ends
    }

    /// Behind `[71211.101200] ` at `start`, which the kernel writes before what it says; `start` if that isn't there.
    @inline(__always)
    static func uptimeEnd(_ text: Span<UInt8>, at start: Int = 0) -> Int {
        guard start < text.count, text[unchecked: start] == UInt8(ascii: "["),
            let time = TimestampScanner.uptime(text, start), time.end &+ 1 < text.count,
            text[unchecked: time.end] == 0x20
        else { return start }
        return time.end &+ 1
    }

    /// `? __schedule+0x2f1/0x8c0 [ext4]`
    private static func isFrame(_ text: Span<UInt8>, _ start: Int) -> Bool {
        var i = text.matches("? ", at: start) ? start &+ 2 : start
        while i < text.count, text[unchecked: i] != UInt8(ascii: "+"), text[unchecked: i] != 0x20 { i &+= 1 }
        return i > start && text.matches("+0x", at: i) && text.holds("/0x", from: i)
    }

    /// `x29: ffff800010003be0 x28: ffff000007ae9a00`, or a row of the stack.
    private static func isRegisters(_ text: Span<UInt8>, _ start: Int) -> Bool {
        guard text.count &- start > 18, text[unchecked: start].isLetter || text[unchecked: start].isDigit else {
            return false
        }
        for i in start..<text.count {
            let byte = text[unchecked: i]
            guard
                byte.isDigit || (byte | 0x20) &- 0x61 < 6 || byte == 0x20 || byte == UInt8(ascii: ":")
                    || byte == UInt8(ascii: "x") || byte == UInt8(ascii: "r")
            else { return false }
        }
        return true
    }
}
