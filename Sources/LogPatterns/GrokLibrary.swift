/// The names that `%{NAME}` knows, after those that logstash's users write.
///
/// Written to run over bytes and without backtracking into what was read: where a part can only be read one way,
/// it is possessive. Matching something that merely looks right is the format's business, not the name's.
enum GrokLibrary {
    static let patterns: [String: String] = [
        // Numbers
        "INT": #"[+-]?\d++"#,
        "POSINT": #"[1-9]\d*+"#,
        "NONNEGINT": #"\d++"#,
        "BASE10NUM": #"[+-]?(?:\d++(?:\.\d*+)?|\.\d++)"#,
        "NUMBER": "%{BASE10NUM}",
        "BASE16NUM": #"[+-]?(?:0[xX])?[0-9A-Fa-f]++"#,
        "BASE16FLOAT": #"[+-]?(?:0[xX])?(?:[0-9A-Fa-f]++(?:\.[0-9A-Fa-f]*+)?|\.[0-9A-Fa-f]++)"#,

        // Words and text
        "WORD": #"\b\w++\b"#,
        "NOTSPACE": #"\S+"#,
        "SPACE": #"\s*"#,
        "DATA": ".*?",
        "GREEDYDATA": ".*",
        "QUOTEDSTRING": #"(?:"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|`(?:[^`\\]|\\.)*+`)"#,
        "QS": "%{QUOTEDSTRING}",
        "UUID": #"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}"#,
        "URN": #"urn:[0-9A-Za-z][0-9A-Za-z-]{0,31}:(?:%[0-9A-Fa-f]{2}|[0-9A-Za-z()+,.:=@;$_!*'/?#-])+"#,

        // People
        "USERNAME": #"[a-zA-Z0-9._-]+"#,
        "USER": "%{USERNAME}",
        "EMAILLOCALPART": #"[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+)*"#,
        "EMAILADDRESS": "%{EMAILLOCALPART}@%{HOSTNAME}",
        "HTTPDUSER": "(?:%{EMAILADDRESS}|%{USER})",

        // Networks
        "OCTET": #"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"#,
        "IPV4": #"(?<![\d.])%{OCTET}(?:\.%{OCTET}){3}(?!\d)"#,
        "IPV6": ipv6,
        "IP": "(?:%{IPV6}|%{IPV4})",
        "HOSTNAME": #"\b[0-9A-Za-z](?:[0-9A-Za-z_-]{0,62})(?:\.[0-9A-Za-z](?:[0-9A-Za-z_-]{0,62}))*\.?(?!\w)"#,
        "IPORHOST": "(?:%{IP}|%{HOSTNAME})",
        "HOST": "%{HOSTNAME}",
        "HOSTPORT": "%{IPORHOST}:%{POSINT}",
        "CISCOMAC": #"[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}"#,
        "WINDOWSMAC": "(?:[0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2}",
        "COMMONMAC": "(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}",
        "MAC": "(?:%{CISCOMAC}|%{WINDOWSMAC}|%{COMMONMAC})",

        // Paths and addresses
        "PATH": "(?:%{UNIXPATH}|%{WINPATH})",
        "UNIXPATH": #"(?:/[\w_%!$@:.,+~-]*+)+"#,
        "TTY": #"/dev/(?:pts|tty[pq]?)(?:\w+)?/?(?:\d+)?"#,
        "WINPATH": #"(?:[A-Za-z]+:|\\)(?:\\[^\\?*]*)+"#,
        "URIPROTO": #"[A-Za-z](?:[A-Za-z0-9+.-]+)"#,
        "URIHOST": "%{IPORHOST}(?::%{POSINT})?",
        "URIPATH": #"(?:/[A-Za-z0-9$.+!*'(){},~:;=@#%&_-]*+)+"#,
        "URIQUERY": #"[A-Za-z0-9$.+!*'|(){},~@#%&/=:;_?\[\]<>-]*"#,
        "URIPARAM": #"\?%{URIQUERY}"#,
        "URIPATHPARAM": "%{URIPATH}(?:%{URIPARAM})?",
        "URI": #"%{URIPROTO}://(?:%{USER}(?::[^@\s]*)?@)?(?:%{URIHOST})?(?:%{URIPATHPARAM})?"#,

        // Dates and times
        "MONTH": "\\b(?:\(months))\\b",
        "MONTHNUM": "(?:0?[1-9]|1[0-2])",
        "MONTHNUM2": "(?:0[1-9]|1[0-2])",
        "MONTHDAY": #"(?:0[1-9]|[12]\d|3[01]|[1-9])"#,
        "DAY": "\\b(?:\(days))\\b",
        "YEAR": #"(?:\d\d){1,2}"#,
        "HOUR": #"(?:2[0-3]|[01]?\d)"#,
        "MINUTE": #"[0-5]\d"#,
        "SECOND": #"(?:[0-5]?\d|60)(?:[:.,]\d+)?"#,
        "TIME": #"(?<!\d)%{HOUR}:%{MINUTE}(?::%{SECOND})?(?!\d)"#,
        "DATE_US": "%{MONTHNUM}[/-]%{MONTHDAY}[/-]%{YEAR}",
        "DATE_EU": "%{MONTHDAY}[./-]%{MONTHNUM}[./-]%{YEAR}",
        "DATE": "(?:%{DATE_US}|%{DATE_EU})",
        "DATESTAMP": "%{DATE}[- ]%{TIME}",
        "ISO8601_TIMEZONE": "(?:Z|[+-]%{HOUR}(?::?%{MINUTE}))",
        "ISO8601_SECOND": "%{SECOND}",
        "TIMESTAMP_ISO8601":
            #"%{YEAR}-%{MONTHNUM}-%{MONTHDAY}[T ]%{HOUR}:?%{MINUTE}(?::?%{SECOND})?%{ISO8601_TIMEZONE}?"#,
        "TZ": "(?:[APMCE][SD]T|UTC|GMT|CES?T)",
        "DATESTAMP_RFC822": "%{DAY} %{MONTH} %{MONTHDAY} %{YEAR} %{TIME} %{TZ}",
        "DATESTAMP_RFC2822": "%{DAY}, %{MONTHDAY} %{MONTH} %{YEAR} %{TIME} %{ISO8601_TIMEZONE}",
        "DATESTAMP_OTHER": "%{DAY} %{MONTH} %{MONTHDAY} %{TIME} %{TZ} %{YEAR}",
        "DATESTAMP_EVENTLOG": "%{YEAR}%{MONTHNUM2}%{MONTHDAY}%{HOUR}%{MINUTE}%{SECOND}",
        "HTTPDATE": "%{MONTHDAY}/%{MONTH}/%{YEAR}:%{TIME} %{INT}",
        "HTTPDERROR_DATE": "%{DAY} %{MONTH} %{MONTHDAY} %{TIME} %{YEAR}",
        "SYSLOGTIMESTAMP": "%{MONTH} +%{MONTHDAY} %{TIME}",

        // Syslog and levels
        "PROG": #"[\x21-\x5a\x5c\x5e-\x7e]+"#,
        "SYSLOGPROG": #"%{PROG:program}(?:\[%{POSINT:pid}\])?"#,
        "SYSLOGHOST": "%{IPORHOST}",
        "SYSLOGFACILITY": "<%{NONNEGINT:facility}.%{NONNEGINT:priority}>",
        "SYSLOGBASE": "%{SYSLOGTIMESTAMP:time} (?:%{SYSLOGFACILITY} )?%{SYSLOGHOST:host} %{SYSLOGPROG}:",
        "LOGLEVEL": "(?i:trace|debug|notice|info(?:rmation)?|warn(?:ing)?|err(?:or)?|crit(?:ical)?|fatal|severe|"
            + "emerg(?:ency)?|alert|panic)",

        // Access logs, with the field names of this engine
        "COMMONAPACHELOG": #"%{IPORHOST:client} %{HTTPDUSER:ident} %{HTTPDUSER:user} \[%{HTTPDATE:time}\] "#
            + #""(?<message>(?:%{WORD:method} %{NOTSPACE:path}(?: (?<protocol>HTTP/%{NUMBER}))?|%{DATA}))" "#
            + #"%{NUMBER:status} (?:%{NUMBER:bytes}|-)"#,
        "COMBINEDAPACHELOG": "%{COMMONAPACHELOG} %{QS:referer} %{QS:agent}",
    ]

    private static let months =
        "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
        + "Sep(?:t(?:ember)?)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?"
    private static let days =
        "Mon(?:day)?|Tue(?:sday)?|Wed(?:nesday)?|Thu(?:rsday)?|Fri(?:day)?|Sat(?:urday)?|"
        + "Sun(?:day)?"

    /// Eight groups, or fewer around one `::`, the last two perhaps an IPv4 address, perhaps with a zone.
    private static let ipv6: String = {
        let group = "[0-9A-Fa-f]{1,4}"
        let tail = "(?:\(group):\(group)|%{OCTET}(?:\\.%{OCTET}){3})"
        var forms = ["(?:\(group):){6}\(tail)"]
        // k groups before the `::`, at most 7 - k after it; the longest first, as the first that fits is taken.
        for before in stride(from: 7, through: 0, by: -1) {
            let head = before == 0 ? "" : "(?:\(group):){\(before - 1)}\(group)"
            let after = 7 - before
            switch after {
            case 0: forms.append("\(head)::")
            case 1: forms.append("\(head)::(?:\(group))?")
            default: forms.append("\(head)::(?:(?:\(group):){0,\(after - 2)}\(tail)|\(group))?")
            }
        }
        return "(?<![:.\\w])(?:" + forms.joined(separator: "|") + ")(?:%[0-9A-Za-z]+)?(?![:.]?\\w)"
    }()
}
