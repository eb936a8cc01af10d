/// What a field's bytes are. Numbers, booleans and nested JSON keep their bytes as written,
/// so that 64-bit integers, `1` against `1.0`, and `[]` against `{}` survive the way through.
@usableFromInline package enum FieldKind: UInt8, Sendable {
    case string
    /// A JSON number, byte for byte.
    case number
    /// `true`, `false`, `null`, or a JSON array or object, byte for byte.
    case json
}

/// A named value of a record.
@usableFromInline package struct Field: Sendable {
    @usableFromInline package var value: ByteRange
    @usableFromInline package var key: Key
    @usableFromInline package var kind: FieldKind

    @inlinable
    package init(_ key: Key, _ kind: FieldKind, _ value: ByteRange) {
        self.key = key
        self.kind = kind
        self.value = value
    }
}
