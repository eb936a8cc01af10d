let javaMessages = lines(
    """
    com.acme.orders.OrderService - Order <100000-9999999> of customer <1-999999> accepted with <1-20> items in <1-900> ms
    com.acme.web.RequestLogger - <method> /api/v1/<table>/<1-99999> 200 <1-900> ms, <100-90000> bytes to <ip>
    com.acme.billing.InvoiceJob - Invoice <100000-9999999> written to <path>, <1-90> pages, tenant <1-900>
    org.hibernate.SQL - select o.id, o.total, o.state from <table> o where o.customer_id=? and o.state<<>? limit <1-90>
    com.zaxxer.hikari.pool.HikariPool - HikariPool-1 - Pool stats (total=<10-40>, active=<0-40>, idle=<0-40>, waiting=<0-9>)
    org.apache.kafka.clients.consumer.internals.Fetcher - [Consumer clientId=<queue>-<1-9>] Fetched <1-900> records at offset <100000-9999999>
    com.acme.cache.CacheLoader - Loaded <1-9000> entries of <table> from <host> in <1-900> ms
    """)
let javaFailures = lines(
    """
    com.acme.orders.OrderService - Order <100000-9999999> could not be stored
    com.acme.web.ErrorHandler - Unhandled exception for <method> /api/v1/<table>/<1-99999>
    com.acme.billing.InvoiceJob - Invoice <100000-9999999> failed, attempt <1-5>
    """)
let javaExceptions = lines(
    """
    java.lang.IllegalStateException: order <100000-9999999> is already closed
    java.lang.NullPointerException: Cannot invoke "com.acme.model.Customer.id()" because "customer" is null
    org.springframework.dao.DataAccessResourceFailureException: Unable to acquire JDBC Connection
    com.acme.billing.InvoiceException: totals differ by 0.<10-99> EUR
    java.util.concurrent.CompletionException: java.io.IOException: Broken pipe
    """)
let javaCauses = lines(
    """
    java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after 30000ms.
    java.net.ConnectException: Connection refused (<ip>:5432)
    java.net.SocketTimeoutException: Read timed out
    java.lang.OutOfMemoryError: Java heap space
    com.fasterxml.jackson.core.JsonParseException: Unexpected character ('}' (code 125)): was expecting double-quote at [line: <1-90>, column: <1-90>]
    """)
let javaFrames = lines(
    """
    org.springframework.transaction.interceptor.TransactionAspectSupport.invokeWithinTransaction(TransactionAspectSupport.java:<300-400>)
    org.hibernate.engine.jdbc.connections.internal.DatasourceConnectionProviderImpl.getConnection(DatasourceConnectionProviderImpl.java:122)
    java.base/jdk.internal.reflect.DirectMethodHandleAccessor.invoke(DirectMethodHandleAccessor.java:<100-110>)
    org.springframework.aop.framework.CglibAopProxy$CglibMethodInvocation.proceed(CglibAopProxy.java:<700-800>)
    org.apache.catalina.core.ApplicationFilterChain.internalDoFilter(ApplicationFilterChain.java:<170-240>)
    com.zaxxer.hikari.pool.HikariPool.getConnection(HikariPool.java:<150-200>) ~[HikariCP-5.0.1.jar:na]
    org.springframework.web.servlet.FrameworkServlet.service(FrameworkServlet.java:<800-1100>)
    org.apache.catalina.core.StandardWrapperValve.invoke(StandardWrapperValve.java:<190-210>)
    java.base/java.util.concurrent.ThreadPoolExecutor.runWorker(ThreadPoolExecutor.java:1136)
    com.acme.orders.OrderRepository.lambda$save$<0-9>(OrderRepository.java:<30-900>)
    jakarta.servlet.http.HttpServlet.service(HttpServlet.java:<500-700>)
    com.acme.orders.OrderService.store(OrderService.java:<30-900>)
    java.base/java.lang.Thread.run(Thread.java:833)
    """)
let pythonMessages = lines(
    """
    svs.worker - INFO - job <100000-9999999> took <1-900> ms on <host>, <1-900> frames, queue <queue>, user <user>, model v<1-9>.<0-40>
    svs.api - INFO - <method> /v1/<table>/<1-99999> 200 in <1-900> ms for <ip>, request <uuid>
    svs.train - INFO - epoch <1-90> step <1-9000> loss 0.<1000-9999> lr 0.000<1-9> grad norm <1-9>.<10-99>
    svs.store - DEBUG - wrote <100-90000> bytes to <path> in <1-90> ms, <0-9> retries, checksum <x16>
    svs.queue - INFO - <queue>: <0-900> waiting, <0-40> running, oldest <0-900> s, <1-9> consumers on <host>
    urllib3.connectionpool - DEBUG - https://<domain>:443 "<method> /<table>/<1-99999> HTTP/1.1" 200 <100-90000>
    """)
let pythonFailures = lines(
    """
    svs.worker - ERROR - job <100000-9999999> failed on <host>, attempt <1-5>
    svs.api - ERROR - unhandled exception in /v1/<table>/<1-99999>
    svs.train - CRITICAL - step <1-9000> aborted
    """)
let pythonFrames = [
    "  File \"/srv/svs/app/worker.py\", line <20-900>, in run\n    result = self.handle(job, timeout=self.timeout)\n",
    "  File \"/srv/svs/app/pipeline.py\", line <20-900>, in handle\n    frames = [self.decode(part) for part in job.parts]\n",
    "  File \"/srv/svs/app/store.py\", line <20-900>, in write\n    with self.pool.connection() as connection:\n",
    "  File \"/usr/lib/python3/dist-packages/sqlalchemy/engine/base.py\", line <1000-3000>, in _execute_context\n    self.dialect.do_execute(cursor, statement, parameters, context)\n",
    "  File \"/usr/lib/python3.11/concurrent/futures/thread.py\", line 58, in run\n    result = self.fn(*self.args, **self.kwargs)\n             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n",
    "  File \"/usr/lib/python3.11/json/decoder.py\", line 355, in raw_decode\n    raise JSONDecodeError(\"Expecting value\", s, err.value) from None\n",
]
let pythonErrors = lines(
    """
    KeyError: 'frame_<1-900>'
    ValueError: could not convert string to float: 'n/a'
    ConnectionRefusedError: [Errno 111] Connection refused
    json.decoder.JSONDecodeError: Expecting value: line <1-90> column <1-90> (char <1-9000>)
    torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate <1-9>.<10-99> GiB
    sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) server closed the connection unexpectedly
    FileNotFoundError: [Errno 2] No such file or directory: '<path>'
    """)

/// The shapes of one language's events; a trace follows every `1 in traceEvery` of them.
struct TraceWriter {
    let javaThread = Shapes(
        [" [http-nio-8080-exec-<1-40>] ", " [main] ", " [kafka-consumer-<1-9>] ", " [scheduling-<1-4>] "], lists)
    let java = Shapes(javaMessages, lists), javaFailure = Shapes(javaFailures, lists),
        frames = Shapes(javaFrames, lists)
    let exceptions = Shapes(javaExceptions, lists), causes = Shapes(javaCauses, lists)
    let python = Shapes(pythonMessages, lists), pythonFailure = Shapes(pythonFailures, lists)
    let calls = Shapes(pythonFrames, lists), errors = Shapes(pythonErrors, lists)

    func event(_ clock: Clock, traced: Bool, _ out: Output, _ random: inout Random) {
        clock.iso(out, 32, 44)
        if random.below(5) < 3 {
            javaThread.putAny(out, &random)
            let draw = random.below(100)
            out.text(traced ? "ERROR " : draw < 80 ? "INFO  " : draw < 95 ? "DEBUG " : "WARN  ")
            (traced ? javaFailure : java).putAny(out, &random)
            out.byte(10)
            if traced { javaTrace(out, &random) }
        } else {
            out.text(" - ")
            (traced ? pythonFailure : python).putAny(out, &random)
            out.byte(10)
            if traced { pythonTrace(out, &random) }
        }
    }

    private func javaTrace(_ out: Output, _ random: inout Random) {
        exceptions.putAny(out, &random)
        out.byte(10)
        putFrames(10 + random.below(21), out, &random)
        var depth = random.below(3)
        while depth > 0 {
            out.text("Caused by: ")
            causes.putAny(out, &random)
            out.byte(10)
            putFrames(2 + random.below(8), out, &random)
            out.text("\t... ")
            out.number(5 + random.below(60))
            out.text(" more\n")
            depth -= 1
        }
    }

    private func putFrames(_ count: Int, _ out: Output, _ random: inout Random) {
        for _ in 0..<count {
            out.text("\tat ")
            frames.putAny(out, &random)
            out.byte(10)
        }
    }

    private func pythonTrace(_ out: Output, _ random: inout Random) {
        for part in 0...random.below(6) / 5 {
            if part > 0 { out.text("\nDuring handling of the above exception, another exception occurred:\n\n") }
            out.text("Traceback (most recent call last):\n")
            for _ in 0..<4 + random.below(9) { calls.putAny(out, &random) }
            errors.putAny(out, &random)
            out.byte(10)
        }
    }
}

func generateTraces(_ bytes: Int, _ seed: UInt64, _ out: Output) {
    var random = Random(seed: seed)
    var clock = Clock(bytes: bytes)
    let writer = TraceWriter()
    while out.total < bytes {
        clock.advance(to: out.total)
        writer.event(clock, traced: random.below(1000) < (clock.isBurst ? 250 : 60), out, &random)
        out.endEvent()
    }
}
