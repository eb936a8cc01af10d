import LogCore

// What varies in the messages of a template.
extension JSONWriter {
    mutating func parameter(_ parameter: ParameterSummary) {
        beginObject()
        member("name", parameter.name)
        key("place")
        if let place = parameter.place { number(place) } else { null() }
        key("field")
        if let field = parameter.field { string(field) } else { null() }
        member("kind", parameter.kind.rawValue)
        member("count", parameter.count)
        key("distribution")
        if let distribution = parameter.distribution { self.distribution(distribution) } else { null() }
        key("distinct")
        number(parameter.values.distinct.rounded())
        list("values", Array(parameter.values.values.prefix(5))) { writer, value in
            writer.beginObject()
            writer.member("text", value.text)
            writer.member("count", value.count)
            writer.endObject()
        }
        endObject()
    }

    private mutating func distribution(_ distribution: Distribution) {
        beginObject()
        member("count", distribution.count)
        for (name, value) in [
            ("minimum", distribution.minimum), ("maximum", distribution.maximum), ("mean", distribution.mean),
        ] as [(StaticString, Double)] {
            key(name)
            number(value)
        }
        for (name, share) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99)] as [(StaticString, Double)] {
            key(name)
            if let value = distribution.quantile(share) { number(value) } else { null() }
        }
        key("largest")
        if let largest = distribution.largest { sample(largest) } else { null() }
        endObject()
    }
}
