import LogCore

/// By what an episode was joined to an earlier one. A story says it of each of its parts, so that a reader can judge it.
struct Bond {
    /// Index of the other's finding.
    var other: Int
    var link: Link
    /// The first event of the other at that time.
    var shown: Citation
    /// The id, host, user, address or resource that both have.
    var key: UInt64?
    /// The disk that both have.
    var disk: String?
}

extension Linker {
    func bond(_ own: Episode, to other: Episode, _ link: Link) -> Bond {
        let (mine, theirs) = (traits[own.finding], traits[other.finding])
        let key: UInt64? =
            if link.sharesIDs {
                sharedID(other, own)
            } else if link.sharesMost {
                mostOf(other, own)
            } else if link.sharesRareHost {
                firstCommon(mine.rareHosts, theirs.rareHosts)
            } else if link.sharesOther {
                firstCommon(mine.others, theirs.others)
            } else {
                nil
            }
        return Bond(
            other: other.finding, link: link, shown: Voice(findings).citation(other), key: key,
            disk: key == nil && link.sharesDisk ? disk(other, own) : nil)
    }
}

extension Voice {
    /// "with request r-17 of (1)": the strongest of what joins it to what it follows from, and the lines that show it.
    func bond(of own: Episode) -> (text: String, citations: [Citation])? {
        guard let bond = own.bond else { return nil }
        let (mine, theirs) = (findings[own.finding], findings[bond.other])
        let other = "(\(theirs.rank))"
        if let key = bond.key, let value = mine.joins.entry(key), let its = theirs.joins.entry(key) {
            let kind = value.kind.number < its.kind.number ? value.kind : its.kind
            return ("with \(kind.noun) \(value.value), as \(other)", [value.citation, its.citation])
        }
        let shown = bond.shown
        let link = bond.link
        if let disk = bond.disk {
            let named = theirs.joins.entries(.resource).first { Traits.disk($0.value) == disk }
            return ("of disk \(disk), as \(other)", [named?.citation ?? shown])
        }
        if link.sharesLog {
            return ("it came in a log of \(other) while that went on, where hardly anything else fails", [shown])
        }
        if link.endsTogether { return ("it stopped when \(other) did", [shown]) }
        if link.sumsUp { return ("found in the events of \(other)", [shown]) }
        if link.names { return ("it speaks of \(nameMentioned(by: mine, of: theirs)) of \(other)", [shown]) }
        if let lead = link.lead {
            return (
                "it came within \(TextLayout.duration(lead.lag)) after \(other) in \(lead.followed) of \(lead.cases) cases",
                [shown]
            )
        }
        if link.isSpread { return ("on many \(own.spread?.kind.noun ?? "host")s at once, as \(other)", [shown]) }
        if link.sharesComponent { return ("of the same component as \(other)", [shown]) }
        if link.isTogether, link.isOtherLog {
            return ("of another log, but so soon after \(other) that it is hardly chance", [shown])
        }
        return ("only the time joins it to \(other)", [shown])
    }
}
