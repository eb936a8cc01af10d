/// What an outer format's parser tells of the line inside.
package struct InnerLine {
    /// Who read it.
    package enum Reader: UInt8 {
        case nobody
        /// The generic format: it has a time or a level where any line would have them.
        case generic
        case format
    }

    /// What the outer format calls the message.
    package var text = ByteRange.empty
    package var reader = Reader.nobody
    /// The lines that its format refuses belong to it.
    package var joinsFollowingLines = false
    /// It goes on in the next line of the same writer.
    package var isPart = false
    /// It has a head, and goes on with the event before it all the same.
    package var continues = false
    /// The same, if that is but a first line without a text of its own: `# User@Host:` behind `# Time:`.
    package var completes = false

    /// It begins an event to which what its format refuses belongs.
    var isJoiningHead: Bool { reader == .format && joinsFollowingLines }
    /// It has a head, and may go on with the event before it all the same.
    package var mayContinue: Bool { continues || completes }

    package init(text: ByteRange = .empty) { self.text = text }
}
