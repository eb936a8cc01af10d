/// The names that `%{NAME}` knows, after those that logstash's users write.
///
/// Written to run over bytes and without backtracking into what was read: where a part can only be read one way,
/// it is possessive. Matching something that merely looks right is the format's business, not the name's.
enum GrokLibrary {
    static let patterns = [general, access, syslog, java, proxies, databases, monitoring, network, ruby]
        .reduce(into: [String: String]()) { all, part in all.merge(part) { _, last in last } }

    private static let general: [String: String] = [
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

        "TIMESTAMP_CN": #"%{YEAR}-%{MONTHNUM}-%{MONTHDAY} %{HOUR}:%{MINUTE}:[0-5]\d\.\d{3}"#,

        "LOGLEVEL": "(?i:trace|debug|notice|info(?:rmation)?|warn(?:ing)?|err(?:or)?|crit(?:ical)?|fatal|severe|"
            + "emerg(?:ency)?|alert|panic)",
    ]

    /// Access and error logs of Apache httpd and what writes like it, with the field names of this engine.
    private static let access: [String: String] = [
        "COMMONAPACHELOG": #"%{IPORHOST:client} %{HTTPDUSER:ident} %{HTTPDUSER:user} \[%{HTTPDATE:time}\] "#
            + #""(?<message>(?:%{WORD:method} %{NOTSPACE:path}(?: (?<protocol>HTTP/%{NUMBER}))?|%{DATA}))" "#
            + #"%{NUMBER:status} (?:%{NUMBER:bytes}|-)"#,
        "COMBINEDAPACHELOG": "%{COMMONAPACHELOG} %{QS:referer} %{QS:agent}",
        "HTTPD_COMMONLOG": "%{COMMONAPACHELOG}",
        "HTTPD_COMBINEDLOG": "%{COMBINEDAPACHELOG}",
        "HTTPD20_ERRORLOG": #"\[%{HTTPDERROR_DATE:time}\] \[%{WORD:level}\] (?:\[client %{IPORHOST:client}\] )?"#
            + "%{GREEDYDATA:message}",
        "HTTPD24_ERRORLOG": #"\[%{HTTPDERROR_DATE:time}\] \[(?<component>[\w-]*):%{WORD:level}\] "#
            + #"\[pid %{POSINT:pid}(?::tid (?<thread>\d+))?\] (?:(?<file>[\w./-]+\.c)\((?<line>\d+)\): )?"#
            + #"(?:\((?<errno>\d+)\)[^:]*: )?(?:\[client %{IPORHOST:client}(?::%{POSINT:port})?\] )?"#
            + "%{GREEDYDATA:message}",
        "HTTPD_ERRORLOG": #"\[%{HTTPDERROR_DATE:time}\] \[(?:(?<component>[\w-]*):)?%{WORD:level}\] "#
            + #"(?:\[pid %{POSINT:pid}(?::tid (?<thread>\d+))?\] )?"#
            + #"(?:\[client %{IPORHOST:client}(?::%{POSINT:port})?\] )?%{GREEDYDATA:message}"#,
        "S3_REQUEST_LINE": "(?:%{WORD:method} %{NOTSPACE:path}(?: (?<protocol>HTTP/%{NUMBER}))?|%{DATA})",
        "S3_ACCESS_LOG": #"%{WORD:owner} %{NOTSPACE:bucket} \[%{HTTPDATE:time}\] (?:-|%{IP:client}) "#
            + #"%{NOTSPACE:user} %{NOTSPACE:request} %{NOTSPACE:operation} %{NOTSPACE:key} "%{S3_REQUEST_LINE}" "#
            + #"(?:-|%{INT:status}) %{NOTSPACE:error} (?:-|%{INT:bytes}) (?:-|%{INT:object_size}) "#
            + #"(?:-|%{INT:total_ms}) (?:-|%{INT:turnaround_ms}) %{QS:referer} %{QS:agent}(?: %{NOTSPACE:version})?"#,
        "ELB_REQUEST_LINE": "(?:%{WORD:method} %{NOTSPACE:path}(?: (?<protocol>HTTP/%{NUMBER}))?|%{DATA})",
        "ELB_ACCESS_LOG": "%{TIMESTAMP_ISO8601:time} %{NOTSPACE:balancer} %{IP:client}:%{INT:port} "
            + "(?:-|%{NOTSPACE:upstream}) %{NUMBER:request_time} %{NUMBER:upstream_time} %{NUMBER:response_time} "
            + #"(?:-|%{INT:status}) (?:-|%{INT:upstream_status}) %{INT:received} %{INT:bytes} "%{ELB_REQUEST_LINE}""#
            + #"(?: "%{DATA:agent}" %{NOTSPACE:cipher} %{NOTSPACE:tls})?"#,
    ]

    private static let syslog: [String: String] = [
        "PROG": #"[\x21-\x5a\x5c\x5e-\x7e]+"#,
        "SYSLOGPROG": #"%{PROG:program}(?:\[%{POSINT:pid}\])?"#,
        "SYSLOGHOST": "%{IPORHOST}",
        "SYSLOGFACILITY": "<%{NONNEGINT:facility}.%{NONNEGINT:priority}>",
        "SYSLOGBASE": "%{SYSLOGTIMESTAMP:time} (?:%{SYSLOGFACILITY} )?%{SYSLOGHOST:host} %{SYSLOGPROG}:",
        "SYSLOGBASE2": "(?<time>%{SYSLOGTIMESTAMP}|%{TIMESTAMP_ISO8601}) (?:%{SYSLOGFACILITY} )?%{SYSLOGHOST:host}"
            + "(?: %{SYSLOGPROG}:|)",
        "SYSLOGLINE": "%{SYSLOGBASE2} %{GREEDYDATA:message}",
        "SYSLOGPAMSESSION": "%{SYSLOGBASE} (?=%{GREEDYDATA:message})%{WORD:pam_module}\\(%{DATA:pam_caller}\\): "
            + "session %{WORD:pam_session_state} for user %{USERNAME:user}(?: by %{GREEDYDATA:pam_by})?",
        "CRON_ACTION": "[A-Z ]+",
        "CRONLOG": #"%{SYSLOGBASE} \(%{USER:user}\) %{CRON_ACTION:action} \(%{DATA:message}\)$"#,
        "SYSLOG5424PRINTASCII": "[!-~]+",
        "SYSLOG5424PRI": "<%{NONNEGINT:priority}>",
        "SYSLOG5424SD": #"(?:\[(?:[^\]"\\]|"(?:[^"\\]|\\.)*+"|\\.)*+\])+"#,
        "SYSLOG5424BASE": "%{SYSLOG5424PRI}%{NONNEGINT:version} +(?:%{TIMESTAMP_ISO8601:time}|-) "
            + "+(?:%{IPORHOST:host}|-) +(?:-|%{SYSLOG5424PRINTASCII:program}) +(?:-|%{SYSLOG5424PRINTASCII:pid}) "
            + "+(?:-|%{SYSLOG5424PRINTASCII:msgid}) +(?:%{SYSLOG5424SD:structured_data}|-)",
        "SYSLOG5424LINE": "%{SYSLOG5424BASE}(?: +%{GREEDYDATA:message})?",
    ]

    private static let java: [String: String] = [
        "JAVACLASS": #"[A-Za-z_$][\w$]*+(?:\.[A-Za-z_$][\w$]*+)*"#,
        "JAVAFILE": #"[\w. -]+"#,
        "JAVAMETHOD": #"(?:<(?:cl)?init>|[A-Za-z_$][\w$]*+)"#,
        "JAVATHREAD": #"[A-Z]{2}-Processor\d+"#,
        "JAVALOGMESSAGE": ".*",
        "JAVASTACKTRACEPART": #"\s*+at (?<class>(?:[A-Za-z_$][\w$]*+\.)*[A-Za-z_$][\w$]*+)\.%{JAVAMETHOD:method}"#
            + #"\(%{JAVAFILE:file}(?::%{INT:line})?\)"#,
        "CATALINA7_DATESTAMP": "%{MONTH} %{MONTHDAY}, %{YEAR} %{HOUR}:%{MINUTE}:%{SECOND} [AP]M",
        "CATALINA8_DATESTAMP": "%{MONTHDAY}-%{MONTH}-%{YEAR} %{HOUR}:%{MINUTE}:%{SECOND}",
        "CATALINA_DATESTAMP": "(?:%{CATALINA8_DATESTAMP}|%{CATALINA7_DATESTAMP})",
        "CATALINA7_LOG": "%{CATALINA7_DATESTAMP:time} %{JAVACLASS:class}(?: %{JAVAMETHOD:method})?"
            + #"\s*(?:%{LOGLEVEL:level}: )?%{JAVALOGMESSAGE:message}"#,
        "CATALINA8_LOG": #"%{CATALINA8_DATESTAMP:time} %{LOGLEVEL:level} \[%{DATA:thread}\] "#
            + #"(?<class>(?:[A-Za-z_$][\w$]*+\.)*[A-Za-z_$][\w$]*+)\.%{JAVAMETHOD:method} %{JAVALOGMESSAGE:message}"#,
        "CATALINALOG": #"%{CATALINA_DATESTAMP:time} (?:%{LOGLEVEL:level} \[%{DATA:thread}\] )?%{JAVACLASS:class}"#
            + "(?: %{JAVAMETHOD:method})? %{JAVALOGMESSAGE:message}",
        "TOMCAT7_LOG": "%{CATALINA7_LOG}",
        "TOMCAT8_LOG": "%{CATALINA8_LOG}",
        "TOMCATLEGACY_DATESTAMP": "%{YEAR}-%{MONTHNUM}-%{MONTHDAY} %{HOUR}:%{MINUTE}:%{SECOND}"
            + "(?: %{ISO8601_TIMEZONE})?",
        "TOMCAT_DATESTAMP": "(?:%{CATALINA_DATESTAMP}|%{TOMCATLEGACY_DATESTAMP})",
        "TOMCATLEGACY_LOG": #"%{TOMCATLEGACY_DATESTAMP:time} \| %{LOGLEVEL:level} \| %{JAVACLASS:class} - "#
            + "%{JAVALOGMESSAGE:message}",
        "TOMCATLOG": "%{TOMCATLEGACY_LOG}",
        "MAVEN_VERSION": #"\d+(?:\.\d+){0,2}(?:[.-](?:RELEASE|SNAPSHOT))?"#,
    ]

    private static let proxies: [String: String] = [
        "HAPROXYTIME": #"(?<!\d)%{HOUR}:%{MINUTE}:%{SECOND}(?!\d)"#,
        "HAPROXYDATE": #"%{MONTHDAY}/%{MONTH}/%{YEAR}:%{HOUR}:%{MINUTE}:[0-5]\d\.\d+"#,
        "HAPROXYCAPTUREDREQUESTHEADERS": #"(?<captured_request>[^}]*)"#,
        "HAPROXYCAPTUREDRESPONSEHEADERS": #"(?<captured_response>[^}]*)"#,
        "HAPROXYURI": #"(?:%{URIPROTO}://)?(?:%{USER}(?::[^@\s]*)?@)?(?:%{URIHOST})?(?:%{URIPATHPARAM})?"#,
        "HAPROXYHTTPREQUESTLINE": #"(?:<BADREQ>|%{WORD:method} (?<path>[^ "]+)(?: (?<protocol>HTTP/%{NUMBER}))?)"#,
        "HAPROXYHTTPBASE": #"%{IP:client}:%{INT:port} \[%{HAPROXYDATE:time}\] %{NOTSPACE:frontend} "#
            + "(?<backend>[^ /]+)/(?<server>[^ ]+) %{INT:time_request}/%{INT:time_queue}/%{INT:time_connect}/"
            + #"%{INT:time_response}/\+?%{NONNEGINT:time_total} %{INT:status} \+?%{NONNEGINT:bytes} "#
            + "%{NOTSPACE:request_cookie} %{NOTSPACE:response_cookie} %{NOTSPACE:termination} "
            + "%{NONNEGINT:active}/%{NONNEGINT:frontend_active}/%{NONNEGINT:backend_active}/%{NONNEGINT:server_active}/"
            + #"\+?%{NONNEGINT:retries} %{NONNEGINT:server_queue}/%{NONNEGINT:backend_queue}"#
            + #"(?: \{%{HAPROXYCAPTUREDREQUESTHEADERS}\}(?: \{%{HAPROXYCAPTUREDRESPONSEHEADERS}\})?)?"#
            + #"(?: "%{HAPROXYHTTPREQUESTLINE}"?)?"#,
        "HAPROXYHTTP": "(?:%{SYSLOGTIMESTAMP}|%{TIMESTAMP_ISO8601}) %{IPORHOST:host} %{SYSLOGPROG}: %{HAPROXYHTTPBASE}",
        "HAPROXYTCP": "(?:%{SYSLOGTIMESTAMP}|%{TIMESTAMP_ISO8601}) %{IPORHOST:host} %{SYSLOGPROG}: "
            + #"%{IP:client}:%{INT:port} \[%{HAPROXYDATE:time}\] %{NOTSPACE:frontend} (?<backend>[^ /]+)/"#
            + #"(?<server>[^ ]+) %{INT:time_queue}/%{INT:time_connect}/\+?%{NONNEGINT:time_total} "#
            + #"\+?%{NONNEGINT:bytes} %{NOTSPACE:termination} %{NONNEGINT:active}/%{NONNEGINT:frontend_active}/"#
            + #"%{NONNEGINT:backend_active}/%{NONNEGINT:server_active}/\+?%{NONNEGINT:retries} "#
            + "%{NONNEGINT:server_queue}/%{NONNEGINT:backend_queue}",
        "SQUID3_STATUS": #"(?:\d{3}|-)"#,
        "SQUID3": #"(?<time>\d+\.\d+)\s+(?<elapsed>-?\d+) %{IPORHOST:client} %{WORD:result}/%{SQUID3_STATUS:status} "#
            + "%{NONNEGINT:bytes} %{WORD:method} %{NOTSPACE:path} %{NOTSPACE:user} "
            + "%{WORD:hierarchy}/%{NOTSPACE:peer} %{NOTSPACE:content_type}",
    ]

    private static let databases: [String: String] = [
        "MONGO_LOG": #"%{SYSLOGTIMESTAMP:time} \[%{WORD:component}\] %{GREEDYDATA:message}"#,
        "MONGO_QUERY": #"\{ .*? \}(?= ntoreturn:)"#,
        "MONGO_WORDDASH": #"\b[\w-]+\b"#,
        "MONGO_SLOWQUERY": #"%{WORD:operation} (?<collection>[\w-]+\.\S+) %{WORD}: %{MONGO_QUERY:query} "#
            + #"%{WORD}:%{NONNEGINT:ntoreturn} %{WORD}:%{NONNEGINT:ntoskip} %{WORD}:%{NONNEGINT:nscanned}.*?"#
            + #"nreturned:%{NONNEGINT:nreturned}.*?%{INT:duration_ms}ms"#,
        "MONGO3_SEVERITY": #"[A-Z]\d?"#,
        "MONGO3_COMPONENT": #"[A-Z]+|-"#,
        "MONGO3_LOG": #"%{TIMESTAMP_ISO8601:time} +%{MONGO3_SEVERITY:level} +(?<component>%{MONGO3_COMPONENT}) +"#
            + #"(?:\[%{DATA:context}\] )?%{GREEDYDATA:message}"#,
        "POSTGRESQL": #"%{DATESTAMP:time} %{TZ} %{DATA:user} %{GREEDYDATA:connection} %{POSINT:pid}"#,
        "REDISTIMESTAMP": #"%{MONTHDAY} %{MONTH}(?: %{YEAR})? %{HOUR}:%{MINUTE}:[0-5]\d(?:\.\d+)?"#,
        "REDISLOG": #"\[%{POSINT:pid}\] %{REDISTIMESTAMP:time} \*\s*%{GREEDYDATA:message}"#,
        "REDISMONLOG": #"(?<time>\d+\.\d+) \[%{INT:database} (?:%{IP:client}:%{POSINT:port}|[^\]]*)\] "#
            + #""%{WORD:command}"(?: %{GREEDYDATA:parameters})?"#,
    ]

    /// Nagios' own log: fields are parted by semicolons, and which they are depends on the type of the entry.
    private static let monitoring: [String: String] = {
        var patterns = [
            "NAGIOSTIME": #"\[(?<time>\d+)\]"#,
            "NAGIOS_WARNING": #"(?<type>Warning): *%{GREEDYDATA:message}"#,
            "NAGIOSLOGLINE": #"%{NAGIOSTIME} (?:(?<type>[A-Z][A-Z ]+|Warning|Error): *)?%{GREEDYDATA:message}"#,
            "NAGIOS_SERVICE_NOTIFICATION": "(?<type>SERVICE NOTIFICATION): (?<contact>[^;]*);(?<host>[^;]*);"
                + "(?<service>[^;]*);(?<state>[^;]*);(?<method>[^;]*);%{GREEDYDATA:message}",
            "NAGIOS_HOST_NOTIFICATION": "(?<type>HOST NOTIFICATION): (?<contact>[^;]*);(?<host>[^;]*);"
                + "(?<state>[^;]*);(?<method>[^;]*);%{GREEDYDATA:message}",
            "NAGIOS_TIMEPERIOD_TRANSITION": "(?<type>TIMEPERIOD TRANSITION): (?<period>[^;]*);(?<before>-?\\d+);"
                + "(?<after>-?\\d+)",
        ]
        let attempt = "(?<state>[^;]*);(?<state_type>[^;]*);(?<attempt>[^;]*);"
        let rests = [
            "CURRENT_%_STATE": attempt + "%{GREEDYDATA:message}", "%_ALERT": attempt + "%{GREEDYDATA:message}",
            "%_EVENT_HANDLER": attempt + "%{GREEDYDATA:handler}",
            "%_FLAPPING_ALERT": "(?<state>[^;]*);%{GREEDYDATA:message}",
            "%_DOWNTIME_ALERT": "(?<state>[^;]*);%{GREEDYDATA:message}",
            "PASSIVE_%_CHECK": "(?<state>[^;]*);%{GREEDYDATA:message}",
        ]
        for (kind, rest) in rests {
            for (object, parts) in [("HOST", "(?<host>[^;]*);"), ("SERVICE", "(?<host>[^;]*);(?<service>[^;]*);")] {
                let name = String(kind.map { $0 == "%" ? Substring(object) : Substring(String($0)) }.joined())
                let type = String(name.map { $0 == "_" ? " " : $0 })
                patterns["NAGIOS_TYPE_\(name)"] = type
                patterns["NAGIOS_\(name)"] = "(?<type>\(type)): \(parts)\(rest)"
            }
        }
        return patterns
    }()

    private static let network: [String: String] = [
        "BIND9_TIMESTAMP": #"%{MONTHDAY}-%{MONTH}-%{YEAR} %{TIME}"#,
        "BIND9": "%{BIND9_TIMESTAMP:time} queries: %{LOGLEVEL:level}: client(?: @0x[0-9a-f]+)? "
            + #"%{IP:client}#%{POSINT:port} \(%{NOTSPACE:question}\): query: %{NOTSPACE:name} "#
            + #"%{WORD:class} %{WORD:type} %{NOTSPACE:flags}(?: \(%{IP:server}\))?"#,
        "EXIM_MSGID": "[0-9A-Za-z]{6}-[0-9A-Za-z]{6,11}-[0-9A-Za-z]{2,4}",
        "EXIM_FLAGS": "(?:<=|=>|->|\\*>|\\*\\*|==|<>|>>)",
        "EXIM_DATE": "%{YEAR}-%{MONTHNUM}-%{MONTHDAY} %{TIME}",
        "EXIM_PID": #"\[%{POSINT:pid}\]"#,
        "EXIM_QT": #"(?:\d+[ywdhms])+"#,
        "EXIM_REMOTE_HOST": #"H=(?:%{NOTSPACE:remote_host} )?(?:\(%{NOTSPACE:remote_helo}\) )?"#
            + #"\[%{IP:client}\](?::%{POSINT:port})?"#,
        "EXIM_INTERFACE": #"I=\[%{IP:interface}\](?::%{POSINT:interface_port})?"#,
        "EXIM_PROTOCOL": "P=%{NOTSPACE:protocol}",
        "EXIM_MSG_SIZE": "S=%{NONNEGINT:bytes}",
        "EXIM_HEADER_ID": "id=%{NOTSPACE:header_id}",
        "EXIM_SUBJECT": "T=%{QS:subject}",
        "CISCOTIMESTAMP": "%{MONTH} +%{MONTHDAY}(?: %{YEAR})? %{TIME}",
        "CISCOTAG": #"[A-Z0-9]+-\d-[A-Z0-9_]+"#,
        "CISCO_TAGGED_SYSLOG": "^<%{POSINT:priority}>%{CISCOTIMESTAMP:time}(?: %{SYSLOGHOST:host})? ?: "
            + "%%{CISCOTAG:tag}:",
        "CISCO_ACTION": "(?:Built|Teardown|Deny|[Dd]enied(?: by ACL)?|requested|permitted|discarded|est-allowed|"
            + "Dropping|created|deleted)",
        "CISCO_REASON": #"(?:[A-Z][\w-]*+(?: [\w-]++)*+)"#,
        "CISCO_DIRECTION": "(?:[Ii]n|[Oo]ut)bound",
        "CISCO_INTERVAL": #"(?:first hit|\d+-second interval)"#,
        "CISCO_XLATE_TYPE": "(?:static|dynamic)",
        "CISCOFW106001": "%{CISCO_DIRECTION:direction} %{WORD:protocol} connection %{CISCO_ACTION:action} from "
            + "%{IP:src_ip}/%{INT:src_port} to %{IP:dst_ip}/%{INT:dst_port} flags %{DATA:tcp_flags} on interface "
            + "%{NOTSPACE:interface}",
        "CISCOFW106023": "%{CISCO_ACTION:action}(?: protocol)? %{NOTSPACE:protocol} src (?<src_interface>[^: ]+):"
            + #"(?<src_ip>[^/( ]+)(?:/%{INT:src_port})?(?:\([^)]*\))? dst (?<dst_interface>[^: ]+):(?<dst_ip>[^/( ]+)"#
            + #"(?:/%{INT:dst_port})?(?:\([^)]*\))?(?: \(type %{INT:icmp_type}, code %{INT:icmp_code}\))? "#
            + #"by access-group "?(?<policy>[^" ]+)"?"#,
        "CISCOFW302013_302014_302015_302016": "%{CISCO_ACTION:action}(?: %{CISCO_DIRECTION:direction})? "
            + "%{WORD:protocol} connection %{INT:connection} for (?<src_interface>[^: ]+):%{IP:src_ip}/%{INT:src_port}"
            + #"(?: ?\([^)]*\))* to (?<dst_interface>[^: ]+):%{IP:dst_ip}/%{INT:dst_port}(?: ?\([^)]*\))*"#
            + "(?: duration (?<duration>[\\d:]+) bytes %{INT:bytes}(?: (?<reason>.*))?)?",
        "RT_FLOW_EVENT": "RT_FLOW_SESSION_(?:CREATE|CLOSE|DENY)(?:_LS)?",
    ]

    private static let ruby: [String: String] = [
        "RUBY_LOGLEVEL": "(?:DEBUG|FATAL|ERROR|WARN|INFO|ANY)",
        "RUBY_LOGGER": #"[DFEWIA], \[%{TIMESTAMP_ISO8601:time} #%{POSINT:pid}\] +%{RUBY_LOGLEVEL:level} -- "#
            + "+%{DATA:program}: %{GREEDYDATA:message}",
        "RUUID": "[0-9a-fA-F]{32}",
        "RCONTROLLER": #"(?<controller>[^#]+)#(?<action>\w+)"#,
        "RPROCESSING": #"Processing by %{RCONTROLLER} as %{NOTSPACE:format}"#,
        "RAILS3HEAD": #"Started %{WORD:method} "%{URIPATHPARAM:path}" for %{IPORHOST:client} at "#
            + "(?<time>%{YEAR}-%{MONTHNUM}-%{MONTHDAY} %{HOUR}:%{MINUTE}:%{SECOND} %{ISO8601_TIMEZONE})",
        "RAILS3FOOT": #"Completed %{POSINT:status}%{DATA} in %{NUMBER:total_ms}ms %{GREEDYDATA:rest}"#,
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
