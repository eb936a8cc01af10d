let jsonMessages = lines(
    """
    request completed
    order <100000-9999999> placed by customer <1-999999>
    cache hit for key <table>:<1-99999>
    payment <x12> captured, <5-900>.<10-99> EUR
    session <x16> refreshed for user <user>
    job <100000-9999999> finished on queue <queue>
    loaded <1-900> rows from <table> in <1-900> ms
    published <1-90> messages to <queue>
    user <user> logged in from <ip>
    thumbnail <x8>.jpg rendered in <1-900> ms
    connection pool <table> resized to <2-64>
    scheduled export <1-9999> of <table>
    feature flag new-checkout evaluated to true for tenant <1-900>
    webhook delivered to https://<domain>/hooks/<x8> with status 200
    consumed offset <100000-9999999> of partition <0-31> from <queue>
    index <table>-2026.11.19 refreshed, <1-90000> documents
    """)
let jsonWarnings = lines(
    """
    slow query on <table>: <1000-9000> ms
    retrying call to <host>:8080, attempt <1-5>
    queue <queue> holds <1000-90000> messages
    rate limit reached for tenant <1-900>, <1-900> requests dropped
    deprecated endpoint /api/v1/<table> called by <ip>
    """)
let jsonErrors = lines(
    """
    dial tcp <ip>:5432: connect: connection refused
    request to http://<host>:8080/<table> failed: context deadline exceeded
    could not reserve item <1-99999> for order <100000-9999999>: version conflict
    redis: connection pool timeout for <host>:6379
    payment <x12> declined by issuer, code <10-99>
    upstream <host> answered 503 after <1-30000> ms
    x509: certificate has expired or is not yet valid
    """)
let jsonEscapes = lines(
    #"""
    could not parse body: unexpected token \"}\" at line <1-90>, column <1-90>
    template rendered\n  name: caf\u00e9 <word>\n  rows: <1-90>
    moved C:\\data\\<table>\\<x8>.csv to \/archive\/<table>
    user \"<user>\" renamed tenant <1-900> to \ud83d\ude80 <word>\t(ok)
    """#)

func generateJSON(_ bytes: Int, _ seed: UInt64, _ out: Output) {
    var random = Random(seed: seed)
    var clock = Clock(bytes: bytes)
    let messages = Shapes(jsonMessages, lists)
    let warnings = Shapes(jsonWarnings, lists)
    let errors = Shapes(jsonErrors, lists)
    let escapes = Shapes(jsonEscapes, lists)
    let head = Shapes(
        [#"","service":"<queue>-api","host":"<host>","trace_id":"<x32>","span_id":"<x16>","message":""#], lists)
    let tails = Shapes(
        [
            #"","duration_ms":<1-900>.<1-99>,"status":200,"user_id":<1-999999>"#,
            #"","duration_ms":<1-900>,"thread":"worker-<1-32>","attempt":1"#,
            #"","http":{"method":"<method>","path":"/api/v1/<table>/<1-99999>","status":200},"user_id":null"#,
            #"","bytes":<100-99999>,"cached":true,"region":"eu-central-<1-3>""#,
        ], lists)
    let release = Shapes([#","version":"6.1.<0-40>","pod":"<queue>-<x8>-<x5>""#], lists)
    while out.total < bytes {
        clock.advance(to: out.total)
        out.text("{\"timestamp\":\"")
        clock.iso(out, 84, 46)
        out.text("Z\",\"level\":\"")
        let draw = random.below(1000) / (clock.isBurst ? 8 : 1)
        let shapes: Shapes
        switch draw {
        case ..<25: (_, shapes) = (out.text("error"), errors)
        case ..<60: (_, shapes) = (out.text("warn"), warnings)
        case ..<70: (_, shapes) = (out.text("info"), escapes)
        case ..<130: (_, shapes) = (out.text("debug"), messages)
        default: (_, shapes) = (out.text("info"), messages)
        }
        head.put(0, out, &random)
        shapes.putAny(out, &random)
        tails.putAny(out, &random)
        if random.below(4) == 0 { release.put(0, out, &random) }
        out.text("}\n")
        out.endEvent()
    }
}
