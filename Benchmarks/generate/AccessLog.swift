/// A small site, some 250 routes before their ids.
let routes: [String] =
    [
        "/", "/", "/index.html", "/login", "/logout", "/cart", "/checkout", "/favicon.ico", "/robots.txt", "/health",
        "/sitemap.xml",
    ]
    + lists.names("table").flatMap { table in
        [
            "/api/v1/\(table)", "/api/v1/\(table)/<1-99999>", "/api/v1/\(table)?page=<1-200>&size=50&sort=created",
            "/api/v1/\(table)/<1-99999>/history", "/api/v2/\(table)/<uuid>",
            "/admin/\(table)/list?filter=<word>&lang=<lang>",
            "/\(table)/<1-99999>/edit", "/\(table)/export.csv?since=2026-<1-9>-<1-28>",
        ]
    }
    + lists.names("word").flatMap { word in
        [
            "/shop/\(word)", "/shop/\(word)/<1-9999>", "/shop/\(word)/<1-9999>/reviews?page=<1-30>",
            "/search?q=\(word)&lang=<lang>&page=<1-9>",
            "/blog/2026/\(word)-guide", "/img/products/\(word)-<1-999>_640.webp", "/img/thumbs/\(word)/<x8>.jpg",
        ]
    }
    + (1...30).map { "/static/js/chunk-\($0 * 7919 % 1000).<x8>.js" }
    + (1...20).map { "/static/css/page-\($0).css?v=<10-99>" }
    + (1...30).map { "/docs/chapter-\($0)/section-<1-12>.html" }
    + (1...10).map { "/download/release-1.\($0).<0-9>.tar.gz" }

/// Some sixty clients: browsers in several versions, crawlers, tools.
let agents: [String] =
    [138, 139, 140, 141, 142, 143].flatMap { version in
        [
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/\(version).0.0.0 Safari/537.36",
            "Mozilla/5.0 (X11; Linux x86_64; rv:\(version).0) Gecko/20100101 Firefox/\(version).0",
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/\(version - 120).1 Safari/605.1.15",
            "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/\(version).0.0.0 Mobile Safari/537.36",
            "ShopApp/6.\(version - 130).0 (Android 14)", "python-requests/2.\(version - 110).3",
            "curl/8.\(version - 136).0",
            "Go-http-client/2.0", "kube-probe/1.\(version - 110)",
        ]
    } + [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", "-", "Prometheus/2.42.0",
        "Wget/1.21.3",
    ]

func generateApache(_ bytes: Int, _ seed: UInt64, _ out: Output) {
    var random = Random(seed: seed)
    var clock = Clock(bytes: bytes)
    let paths = Shapes(routes, lists)
    let clients = Shapes(agents, lists)
    let method = lists.index["method"] ?? 0
    while out.total < bytes {
        clock.advance(to: out.total)
        putAddress(out, &random)
        if random.below(50) == 0 {
            out.text(" - alice [")
        } else {
            out.text(" - - [")
        }
        clock.access(out)
        out.text("] \"")
        lists.put(method, random.below(lists.count(method)), out)
        out.byte(32)
        paths.putAny(out, &random)
        out.text(" HTTP/1.1\" ")
        out.number(status(random.below(1000), burst: clock.isBurst))
        out.byte(32)
        out.number(120 &+ random.skewed(60_000))
        if random.below(2) == 0 {
            out.text(" \"-\" \"")
        } else {
            out.text(" \"https://shop.example.net")
            paths.putAny(out, &random)
            out.text("\" \"")
        }
        clients.putAny(out, &random)
        out.text("\"\n")
        out.endEvent()
    }
}

/// 94 % of the answers are 200; in the burst one in four is a 502 or 503.
func status(_ draw: Int, burst: Bool) -> Int {
    if burst && draw >= 750 { return draw & 1 == 0 ? 502 : 503 }
    switch draw {
    case ..<940: return 200
    case ..<958: return 304
    case ..<968: return 302
    case ..<972: return 301
    case ..<990: return 404
    case ..<993: return 403
    case ..<997: return 500
    case ..<999: return 502
    default: return 503
    }
}
