/// Names of months and weekdays in English and in the languages that logs are written in where the locale is asked:
/// `journalctl`, `date`, Java and .NET do, and so does openHAB with `02/sept./2015`.
extension TimestampScanner {
    /// Names that begin differently, in lower case, of which any beginning of three bytes or more counts: so `sept`, `Mär`,
    /// `janv` and `novembre` are all here. Of names that begin alike the one stands here that goes on longest.
    private static let monthNames: [StaticString] = [
        "january janvier enero gennaio janeiro januar januari stycznia styczeń leden ledna ocak января 一月",
        "february février febrero febbraio fevereiro februar februari lutego luty únor şubat февраля 二月",
        "march mars marzo março märz maart mrt marts marca březen mart марта 三月",
        "april avril abril aprile kwietnia kwiecień duben nisan апреля 四月",
        "may mai mayo maggio maio mei maj maja květen mayıs мая май 五月",
        "june juin junio giugno junho juni czerwca červen čvn haziran июня июнь 六月",
        "july juillet julio luglio julho juli lipca lipiec července čvc temmuz июля июль 七月",
        "august août agosto augustus augusti sierpnia sierpień srpen ağustos августа 八月",
        "september septembre septiembre settembre setembro września wrzesień září eylül сентября 九月",
        "october octobre octubre ottobre outubro oktober października październik říjen ekim октября 十月",
        "november novembre noviembre listopada kasım ноября 十一月",
        "december décembre diciembre dicembre dezembro dezember desember grudnia grudzień prosinec aralık декабря 十二月",
    ]

    /// Likewise, of which two bytes are enough: Germans write `Fr`.
    private static let weekdayNames: StaticString =
        """
        monday montag lundi lunes lunedì maandag måndag mandag segunda tuesday dienstag mardi martes martedì dinsdag \
        tirsdag tisdag terça wednesday mittwoch mercredi miércoles mercoledì woensdag onsdag quarta thursday donnerstag \
        jeudi jueves giovedì donderdag torsdag quinta friday freitag vendredi viernes venerdì vrijdag fredag sexta \
        saturday samstag samedi sábado sabato zaterdag lördag lørdag sunday sonntag dimanche domingo domenica zondag \
        söndag søndag
        """

    /// The month whose name begins at `i`, and the end of the name, with the dot that marks it as cut short.
    @inline(never)
    static func monthName(_ bytes: Span<UInt8>, _ i: Int) -> (month: Int, end: Int)? {
        let end = endOfName(bytes, i)
        guard end &- i >= 3 else { return nil }
        let behind = byte(bytes, end) == Ascii.dot ? end &+ 1 : end
        if end == i &+ 3 {
            let letters = UInt32(bytes[unchecked: i]) | UInt32(bytes[unchecked: i &+ 1]) << 8
            let month = self.month(letters | UInt32(bytes[unchecked: i &+ 2]) << 16)
            if month > 0 { return (month, behind) }
        }
        for index in monthNames.indices where isBeginning(bytes, i..<end, ofOneIn: monthNames[index]) {
            return (index &+ 1, behind)
        }
        return nil
    }

    /// The end of the weekday's name at `i`, with its dot; nil if there is none.
    @inline(never)
    static func endOfWeekday(_ bytes: Span<UInt8>, _ i: Int) -> Int? {
        let end = endOfName(bytes, i)
        guard end &- i >= 2, isBeginning(bytes, i..<end, ofOneIn: weekdayNames) else { return nil }
        return byte(bytes, end) == Ascii.dot ? end &+ 1 : end
    }

    /// Layouts that begin with a word that is no English month or weekday: `août 19 11:08:37`, `ven. 20 nov. 2026 04:00:16`,
    /// and Monit's `PDT Apr 16 21:05:29`.
    @inline(never)
    static func otherName(_ bytes: Span<UInt8>, _ start: Int) -> ScannedTime? {
        var end = endOfName(bytes, start)
        if byte(bytes, end) == Ascii.dot || byte(bytes, end) == Ascii.comma { end &+= 1 }
        // Any word of any line comes by: all but few aren't followed by a number.
        guard end > start &+ 1, byte(bytes, end) == Ascii.space || byte(bytes, end) == Ascii.dash else { return nil }
        let next = byte(bytes, end &+ 1) == Ascii.space ? byte(bytes, end &+ 2) : byte(bytes, end &+ 1)
        if isDigit(next) { return otherMonthFirst(bytes, start) ?? weekdayFirst(bytes, start) }
        guard isLetter(next), let zone = namedZone(bytes, start), zone.end == end,
            month(UInt32(truncatingIfNeeded: bytes.count &- end > 8 ? word(bytes, end &+ 1) : 0)) > 0,
            var time = scan(bytes, at: end &+ 1), !time.hasZone
        else { return nil }
        time.nanoseconds &-= Int64(zone.offset) &* Timestamp.second
        time.hasZone = true
        return time
    }

    /// Behind the letters at `i`; all that isn't ASCII counts as letter.
    private static func endOfName(_ bytes: Span<UInt8>, _ i: Int) -> Int {
        var end = i
        while end < i &+ 24, isLetter(byte(bytes, end)) || byte(bytes, end) >= 0x80 { end &+= 1 }
        return end
    }

    /// Whether a word begins one of the words of a list. Bit 5 is the case of ASCII, and in UTF-8 of Latin-1 and of most
    /// Cyrillic letters too.
    private static func isBeginning(_ bytes: Span<UInt8>, _ range: Range<Int>, ofOneIn words: StaticString) -> Bool {
        let text = words.utf8Start
        let count = words.utf8CodeUnitCount
        var at = 0
        while at &+ range.count <= count {
            var matched = 0
            while matched < range.count,
                bytes[unchecked: range.lowerBound &+ matched] | 0x20 == text[at &+ matched] | 0x20
            {
                matched &+= 1
            }
            if matched == range.count { return true }
            at &+= matched
            while at < count, text[at] != Ascii.space { at &+= 1 }
            at &+= 1
        }
        return false
    }
}
