// swift-tools-version: 6.1
import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// A Swift target of the project; `path` is given only where it isn't `Sources/<name>`.
func module(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: swiftSettings)
}

/// Tests of one target, or of several together.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

/// A system library found through pkg-config where it has a file there, installed by `make setup`.
func system(_ name: String, pkgConfig: String?, apt: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt])])
}

let package = Package(
    name: "ailogger",
    products: [
        .executable(name: "ailogger", targets: ["ailogger"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        system("CPCRE2", pkgConfig: "libpcre2-8", apt: "libpcre2-dev"),
        // Headers of our own, without a library.
        .systemLibrary(name: "CBytes"),
        // libbz2 has no pkg-config file.
        system("CBzip2", pkgConfig: nil, apt: "libbz2-dev"),
        system("CLua", pkgConfig: "lua5.4", apt: "liblua5.4-dev"),
        system("CLz4", pkgConfig: "liblz4", apt: "liblz4-dev"),
        system("CLzma", pkgConfig: "liblzma", apt: "liblzma-dev"),
        system("CMD", pkgConfig: "libmd", apt: "libmd-dev"),
        system("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
        system("CZstd", pkgConfig: "libzstd", apt: "libzstd-dev"),
        .target(name: "CLuaHost", dependencies: ["CLua", "CMD", "CPCRE2", "CZlib"]),

        module("LogCore", ["CBytes"]),
        module("LogPatterns", ["LogCore", "CBytes", "CPCRE2", .product(name: "Yams", package: "Yams")]),
        module("LogLua", ["LogCore", "LogPatterns", "CLuaHost"]),
        // The page is compiled in: an installed binary is one file.
        module("LogAnalysis", ["LogCore", "CBytes", "CMD"], resources: [.embedInCode("Output/HTML/Page")]),
        module(
            "LogEngine",
            ["LogCore", "LogPatterns", "LogLua", "LogAnalysis", "CBzip2", "CLz4", "CLzma", "CZlib", "CZstd"]),
        module("LogTerminal", ["LogCore", "LogPatterns", "LogAnalysis", "LogEngine"]),
        .executableTarget(
            name: "ailogger",
            dependencies: [
                "LogCore", "LogPatterns", "LogLua", "LogAnalysis", "LogEngine", "LogTerminal",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: swiftSettings),

        .target(name: "TestSupport", path: "Tests/Support", swiftSettings: swiftSettings),
        tests("LogCoreTests", ["LogCore"]),
        tests("LogPatternsTests", ["LogCore", "LogPatterns"]),
        tests("LogLuaTests", ["LogCore", "LogLua", "CLuaHost", "CLua"]),
        tests("LogAnalysisTests", ["LogCore", "LogAnalysis"]),
        tests("LogEngineTests", ["LogCore", "LogPatterns", "LogLua", "LogAnalysis", "LogEngine", "TestSupport"]),
        tests("LogTerminalTests", ["LogCore", "LogPatterns", "LogAnalysis", "LogEngine", "LogTerminal"]),
        tests("EndToEndTests", ["TestSupport"]),
    ],
    swiftLanguageModes: [.v6]
)
