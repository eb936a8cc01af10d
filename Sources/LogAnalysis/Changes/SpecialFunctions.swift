#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The functions of statistics that the standard library lacks.
enum SpecialFunctions {
    /// Steps of the continued fraction at most; arguments up to some millions need a few dozen.
    private static let steps = 500
    private static let precision = 1e-12

    static func log(_ x: Double) -> Double {
        #if canImport(Glibc)
            Glibc.log(x)
        #elseif canImport(Musl)
            Musl.log(x)
        #else
            Darwin.log(x)
        #endif
    }

    static func exp(_ x: Double) -> Double {
        #if canImport(Glibc)
            Glibc.exp(x)
        #elseif canImport(Musl)
            Musl.exp(x)
        #else
            Darwin.exp(x)
        #endif
    }

    static func sine(_ x: Double) -> Double {
        #if canImport(Glibc)
            Glibc.sin(x)
        #elseif canImport(Musl)
            Musl.sin(x)
        #else
            Darwin.sin(x)
        #endif
    }

    /// Logarithm of the gamma function for x > 0: Stirling's series (Abramowitz and Stegun, 6.1.41), after the
    /// recurrence has brought x to where its first terms give ten digits. The C library's `lgamma` writes to a
    /// global variable.
    static func logGamma(_ x: Double) -> Double {
        var x = x
        var shift = 0.0
        while x < 8 {
            shift -= log(x)
            x += 1
        }
        let square = 1 / (x * x)
        let series = (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square / 1680))) / x
        return shift + (x - 0.5) * log(x) - x + 0.5 * log(2 * Double.pi) + series
    }

    /// The regularised incomplete beta function I_x(a, b), a and b above 0: its continued fraction (Abramowitz and
    /// Stegun, 26.5.8) evaluated by Lentz's method.
    static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        if x <= 0 { return 0 }
        if x >= 1 { return 1 }
        let front = exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log(1 - x))
        if x < (a + 1) / (a + b + 2) { return min(front * fraction(x, a, b) / a, 1) }
        return max(1 - front * fraction(1 - x, b, a) / b, 0)
    }

    private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let tiny = 1e-300
        func sound(_ value: Double) -> Double { value.magnitude < tiny ? tiny : value }
        var c = 1.0
        var d = 1 / sound(1 - (a + b) * x / (a + 1))
        var result = d
        for step in 1...steps {
            let m = Double(step)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / sound(1 + even * d)
            c = sound(1 + even / c)
            result *= d * c
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / sound(1 + odd * d)
            c = sound(1 + odd / c)
            result *= d * c
            if (d * c - 1).magnitude < precision { break }
        }
        return result
    }

    /// The chance of `successes` or more in `trials` of chance `p` each (Abramowitz and Stegun, 26.5.24). Both may
    /// be fractions: of events that come in clumps, a clump counts once.
    static func binomialUpperTail(_ successes: Double, of trials: Double, _ p: Double) -> Double {
        if successes <= 0 { return 1 }
        return incompleteBeta(p, successes, max(trials - successes, 0) + 1)
    }

    /// The chance of `count` events or more where `mean` are to be expected.
    static func poissonUpperTail(_ count: Int, _ mean: Double) -> Double {
        if count <= 0 { return 1 }
        if mean <= 0 { return 0 }
        // Above the mean the terms fall like a geometric series.
        var term = exp(Double(count) * log(mean) - mean - logGamma(Double(count) + 1))
        if Double(count) <= mean {
            // The other side is the short one.
            var below = 0.0
            for k in stride(from: count - 1, through: 0, by: -1) {
                term *= Double(k + 1) / mean
                below += term
            }
            return max(1 - below, 0)
        }
        var sum = 0.0
        var k = Double(count)
        while term > sum * precision {
            sum += term
            k += 1
            term *= mean / k
        }
        return min(sum, 1)
    }
}
