/// Words that say what stands beside them.
enum TemplateWords {
    /// Units of quantities, and what a time of day may have behind it.
    static let units = words(
        """
        ns us ms s sec secs second seconds msec msecs usec usecs millis millisecond milliseconds microseconds m min mins
        minute minutes h hr hrs hour hours d day days b byte bytes kb mb gb tb kib mib gib k kbytes mbytes
        utc gmt pdt pst est edt cet cest am pm
        """)
    static let months = words("jan feb mar apr may jun jul aug sep oct nov dec")
    static let days = words(
        "mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday")
    /// Behind these stands a name of someone, whatever else the sentence says.
    static let owners = words("user username account login")
    /// Behind these stands a name as a rule.
    static let introducers = words(
        """
        for from by to at in on of with via host hostname name file server client node domain class service
        """)
    /// Words that make the sentence: where one of these stands, nothing varies.
    static let constants = words(
        """
        the a an is was are were be been no not now with without and or to of in on at for from by has have had can could will
        would should get post put delete head options patch connect trace
        """)

    private static func words(_ text: String) -> Set<String> {
        Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
    }
}
