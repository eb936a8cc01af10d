import LogCore
import Testing

struct XMLEventsTests {
    static let mark = "xmlns='http://schemas.microsoft.com/win/2004/08/events/event'"

    private func lines(_ text: String, size: Int) -> (text: String, problem: String?) {
        var events = XMLEvents()
        let bytes = Array(text.utf8)
        var result: ContiguousArray<UInt8> = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            events.take(bytes.span.extracting(start..<min(start + size, bytes.count)))
            result += events.lines
            events.lines.removeAll()
        }
        events.finish()
        result += events.lines
        return (String(decoding: result, as: UTF8.self), events.problem)
    }

    @Test(arguments: [
        (
            "<?xml version=\"1.0\"?>\r\n<Events><Event a='1'><System/></Event><Event><Data>x &lt; y</Data></Event></Events>\r\n",
            "<Event a='1'><System/></Event>\n<Event><Data>x &lt; y</Data></Event>\n"
        ),
        (
            "<Events>\n  <Event\n    a='1'>\n    <EventData>\n <Data> a\r\n  b </Data>\n </EventData>\n  </Event>\n</Events>",
            "<Event     a='1'><EventData><Data> a&#10;  b </Data></EventData></Event>\n"
        ),
        (
            "<Event><A/></Event>\nno XML <x>\n<Event><B/></Event>\n",
            "<Event><A/></Event>\nno XML <x>\n<Event><B/></Event>\n"
        ),
        ("no end", "no end\n"), ("", ""),
    ])
    func `each event is a line, however the bytes come`(text: String, expected: String) {
        for size in [1, 2, 3, 7, 1000] {
            let made = lines(text, size: size)
            #expect(made.text == expected)
            #expect(made.problem == nil)
        }
    }

    @Test func `a document that is cut off gives what is there, and says so`() {
        let made = lines("<Events><Event><A/></Event><Event><B", size: 4)
        #expect(made.text == "<Event><A/></Event>\n<Event><B\n")
        #expect(made.problem == "the XML document is cut off at byte 36")
    }

    @Test(arguments: [
        ("<Events><Event \(XMLEventsTests.mark)><System>", true),
        ("<?xml version='1.0'?>\n<Events>\n<Event \(XMLEventsTests.mark)>", true),
        ("<Event \(XMLEventsTests.mark)>\n  <System>\n", true),
        ("<Event \(XMLEventsTests.mark)><System/></Event>\n<Event \(XMLEventsTests.mark)>", false),
        ("<Event \(XMLEventsTests.mark)><System/>", false), ("<Events><Event xmlns='other'>", false),
        ("<log><record>", false),
        ("<13>Nov 20 04:00:16 shop1 x: <Event \(XMLEventsTests.mark)>\n", false), ("<", false), ("", false),
        ("<EventData>", false),
    ])
    func `a document is told by its head`(head: String, isOne: Bool) {
        let bytes = Array(head.utf8)
        #expect(XMLEvents.isHead(bytes.span) == isOne)
    }
}
