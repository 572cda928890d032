// swift-tools-version: 6.1
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

// One language mode and one set of promises for every room (HouseRulesTests keeps them).
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .unsafeFlags(["-warnings-as-errors"]),
]

func room(
    _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = [], resources: [Resource] = []
) -> Target {
    .target(
        name: name, dependencies: dependencies, exclude: exclude, resources: resources, swiftSettings: house)
}

func tests(_ room: String, _ dependencies: [Target.Dependency], data: [String] = []) -> Target {
    .testTarget(name: room + "Tests", dependencies: dependencies, exclude: data, swiftSettings: house)
}

let web: [Target.Dependency] = [
    .product(name: "Hummingbird", package: "hummingbird"),
    .product(name: "HummingbirdTLS", package: "hummingbird"),
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOSSL", package: "swift-nio-ssl"),
    .product(name: "HTTPTypes", package: "swift-http-types"),
    .product(name: "Logging", package: "swift-log"),
    .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
    .product(name: "UnixSignals", package: "swift-service-lifecycle"),
]

let hubServer: [Target.Dependency] =
    web + [
        "Facility", "Alarms", "PanelLink", "Journal", "Paging", "Sync", "SyncAgent", "Bundles", "Clips",
        "ClipMaking", "Console", "ConsoleServer", "SiteCheck", "TalkLink", "Recordings", "CPostgres",
        "CSQLite",
        "CEventRows", "CSodium", "CLinux",
        .product(name: "X509", package: "swift-certificates"),
        .product(name: "SwiftASN1", package: "swift-asn1"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOWebSocket", package: "swift-nio"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
    ]

let panelServer: [Target.Dependency] = [
    "Facility", "Alarms", "PanelLink", "DeskLink", "Journal", "Bundles", "Console", "ConsoleServer",
    "TalkLink", "CLinux",
    .product(name: "Hummingbird", package: "hummingbird"),
    .product(name: "HTTPTypes", package: "swift-http-types"),
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "Logging", package: "swift-log"),
    .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
    .product(name: "UnixSignals", package: "swift-service-lifecycle"),
]

let package = Package(
    name: "watchpost",
    products: [
        .executable(name: "watchpost", targets: ["watchpost"]),
        .executable(name: "watchpost-alarm", targets: ["watchpost-alarm"]),
        .executable(name: "watchpost-sync", targets: ["watchpost-sync"]),
        .executable(name: "watchpost-sound", targets: ["watchpost-sound"]),
        .executable(name: "watchpost-hub", targets: ["watchpost-hub"]),
        .executable(name: "hub-load", targets: ["hub-load"]),
        .executable(name: "watchpost-panel", targets: ["watchpost-panel"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.100.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.5"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.17.0"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", "3.12.3"..<"5.0.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.4.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.6.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.26.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        // Domain: pure values.
        room("Facility", []),
        room("Alarms", ["Facility"]),
        room("Paging", ["Facility"], exclude: ["TIMETABLE.md"]),
        room("Conduct", ["Facility"], exclude: ["CONDUCT.md"]),

        // Edges: what touches the world.
        room("GPIO", ["Facility", "CGPIOD", "CLinux"]),
        room("PanelLink", ["Facility", "Alarms", "CSodium", "CLinux"], exclude: ["WIRE.md"]),
        room("Journal", ["Facility", "Paging", "CSQLite", "CSodium", "CLinux"]),
        room("Sync", ["Facility", "Journal", "CSodium", "CWireText"], exclude: ["SYNC.md"]),

        room("DeskLink", ["Facility", "Alarms", "PanelLink", "CLinux"]),

        // The console: the values behind its pages.
        room("Console", ["Facility", "Alarms"], resources: [.embedInCode("Pages")]),

        // What a hub and a post's panel serve alike: routes, answers, sessions' secrets, event streams.
        room(
            "ConsoleServer",
            [
                "Facility", "Alarms", "Console", "TalkLink", "CSodium",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]),
        // Between the hub and the voice gateway on its machine.
        room("TalkLink", ["Facility"]),
        // Voice units: which there are, and where they are kept.
        room("Clips", ["Facility", "CSodium", "CVoiceDSP", "CLinux"]),
        // Units made from what people bring or write, at the hub and by the tool: no card is needed.
        room(
            "ClipMaking",
            [
                "Facility", "Recordings", "CSndFile", "CSpeexDSP", "COpus", "CLoudness", "CVoiceDSP",
                "CLinux",
            ]),
        // What comes down from the hub: signed, and checked before it counts.
        room(
            "Bundles",
            [
                "Facility", "Journal", "Paging", "Clips", "CLinux",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
            ]),

        // What is kept of calls: entries, recordings and seals. Terminals, hub and tool read them.
        room("Recordings", ["Facility", "CSodium", "CLinux"]),

        // Sound and voice.
        room("Audio", ["Facility", "CALSA", "CSndFile", "CSpeexDSP", "CVoiceDSP", "CWebRTC", "CLinux"]),
        room(
            "Intercom",
            [
                "Facility", "Audio", "Recordings", "COpus", "CDTLS", "CG722", "CRe", "CSRTP", "CSpeexDSP",
                "CSndFile", "CVoiceDSP", "CSodium", "CLinux", "TalkLink",
            ]),

        // Desks and doorways.
        room("AlarmAgent", ["Facility", "Alarms", "GPIO", "PanelLink", "Journal", "CLinux"]),
        .executableTarget(
            name: "watchpost-alarm", dependencies: ["AlarmAgent", "Facility", "Journal"],
            swiftSettings: house),

        // The voice: SIP and cards in a process of their own.
        room(
            "SoundAgent",
            [
                "Facility", "Alarms", "Audio", "Clips", "Intercom", "Journal", "Paging", "PanelLink",
                "Recordings",
                "TalkLink", "CLinux", "CLoopback",
            ],
            resources: [.embedInCode("Notices")]),
        .executableTarget(
            name: "watchpost-sound", dependencies: ["SoundAgent", "Facility"], swiftSettings: house),

        room(
            "SyncAgent",
            [
                "Facility", "Alarms", "Journal", "PanelLink", "DeskLink", "Sync", "Bundles", "Clips",
                "Recordings", "CLinux", "CWatch",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        .executableTarget(
            name: "watchpost-sync", dependencies: ["SyncAgent", "Facility"], swiftSettings: house),
        // The instrument of `watchpost bench hub`: hundreds of terminals in one process. Never installed.
        .executableTarget(
            name: "hub-load",
            dependencies: [
                "SyncAgent", "Sync", "Journal", "PanelLink", "DeskLink", "Alarms", "Facility", "CLinux",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: house),
        // The hub: the only room with HTTP servers, certificates and a second database engine.
        room("HubServer", hubServer),
        .executableTarget(name: "watchpost-hub", dependencies: ["HubServer"], swiftSettings: house),

        // A post's panel: the console with the hub gone.
        room("PanelServer", panelServer),
        .executableTarget(
            name: "watchpost-panel", dependencies: ["PanelServer", "Facility"], swiftSettings: house),

        // The tool in a person's hand.
        room(
            "SiteCheck",
            ["Facility", "Alarms", "Journal", "Paging", "Conduct", .product(name: "Yams", package: "Yams")]),
        room(
            "Workbench",
            [
                "Facility", "Alarms", "GPIO", "PanelLink", "DeskLink", "Journal", "AlarmAgent", "SiteCheck",
                "Paging", "Conduct", "Recordings", "Clips", "ClipMaking", "CLinux", "CLoopback",
            ]),
        .executableTarget(
            name: "watchpost",
            dependencies: [
                "Facility", "Alarms", "ClipMaking", "Conduct", "DeskLink", "Workbench",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: house),

        // Shims.
        .target(name: "CGPIOD", linkerSettings: [.linkedLibrary("gpiod")]),
        .target(name: "CLinux"),
        .target(name: "CWatch"),
        .systemLibrary(name: "CALSA", pkgConfig: "alsa", providers: [.apt(["libasound2-dev"])]),
        .systemLibrary(name: "CSndFile", pkgConfig: "sndfile", providers: [.apt(["libsndfile1-dev"])]),
        .systemLibrary(name: "CSpeexDSP", pkgConfig: "speexdsp", providers: [.apt(["libspeexdsp-dev"])]),
        .target(name: "COpus", linkerSettings: [.linkedLibrary("opus")]),
        .target(
            name: "CRe",
            linkerSettings: [.linkedLibrary("re"), .linkedLibrary("ssl"), .linkedLibrary("crypto")]),
        .target(name: "CSRTP", linkerSettings: [.linkedLibrary("re")]),
        .target(name: "CLoudness", linkerSettings: [.linkedLibrary("ebur128")]),
        .target(name: "CDTLS", linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
        .target(name: "CG722"),
        // Arithmetic on samples, fast in debug builds too: a call is real time in every build.
        .target(name: "CVoiceDSP", cSettings: [.unsafeFlags(["-O2", "-ffast-math"])]),
        // Its headers are looked for and not needed: without them that canceller is not there.
        .target(
            name: "CWebRTC",
            cxxSettings: [
                .unsafeFlags(["-isystem", "/usr/include/webrtc_audio_processing"]), .define("WEBRTC_POSIX"),
            ]),
        .target(name: "CWireText"),
        .target(name: "CLoopback"),
        .target(name: "CEventRows", linkerSettings: [.linkedLibrary("sqlite3")]),
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),

        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),

        // Tests mirror the rooms.
        .target(
            name: "TestBoard",
            dependencies: ["Facility", "Alarms", "GPIO", "PanelLink", "Journal", "CLinux"],
            path: "Tests/TestBoard", swiftSettings: house),
        .target(
            name: "TestCalls", dependencies: ["Intercom", "CLinux", "Facility"], path: "Tests/TestCalls",
            swiftSettings: house),
        .target(name: "CFaultyDisk", path: "Tests/CFaultyDisk", linkerSettings: [.linkedLibrary("sqlite3")]),
        tests("Facility", ["Facility", "Alarms", "TestBoard"]),
        tests("Alarms", ["Alarms", "Facility", "TestBoard"]),
        tests("Paging", ["Paging", "Facility"]),
        tests("Conduct", ["Conduct", "Facility", "TestBoard"]),
        tests("GPIO", ["GPIO", "CGPIOD", "Facility", "CLinux", "TestBoard"]),
        tests("PanelLink", ["PanelLink", "Alarms", "Facility", "TestBoard"]),
        tests("Journal", ["Journal", "Facility", "Paging", "CSQLite", "CLinux", "CFaultyDisk", "TestBoard"]),
        tests("Sync", ["Sync", "Journal", "Facility", "TestBoard"]),
        tests(
            "AlarmAgent",
            ["AlarmAgent", "Alarms", "CLinux", "GPIO", "PanelLink", "Journal", "Facility", "TestBoard"]),
        tests("Console", ["Console", "Alarms", "Facility", "TestBoard"]),
        tests("SiteCheck", ["SiteCheck", "Journal", "Alarms", "Paging", "Conduct", "Facility"]),
        tests(
            "Workbench",
            [
                "Workbench", "Alarms", "AlarmAgent", "GPIO", "PanelLink", "Journal", "SiteCheck", "Facility",
                "Conduct", "TestBoard", "DeskLink", "Recordings", "Clips", "CLinux", "CLoopback", "Paging",
                "watchpost",
            ]),
        tests(
            "HubServer",
            hubServer + [
                "HubServer", "DeskLink", "TestBoard",
            ]),
        tests(
            "SyncAgent",
            hubServer + [
                "HubServer", "DeskLink", "TestBoard",
            ]),
        tests("TalkLink", ["TalkLink", "Facility"]),
        tests("Clips", ["Clips", "Facility", "TestBoard"]),
        tests("ClipMaking", ["ClipMaking", "Audio", "CLoudness", "CLinux", "Facility"]),
        tests("ConsoleServer", ["ConsoleServer", "Console", "Sync", "TalkLink", "Facility"]),
        tests(
            "Bundles",
            [
                "Bundles", "Clips", "Journal", "Paging", "Facility",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
            ]),
        tests("PanelServer", panelServer + ["PanelServer", "TestBoard"]),
        tests("Audio", ["Audio", "CVoiceDSP", "CLinux", "Facility", "TestBoard"]),
        tests("Recordings", ["Recordings", "PanelLink", "CLinux", "Facility", "TestBoard"]),
        tests(
            "Intercom",
            [
                "Intercom", "Audio", "PanelLink", "Recordings", "CVoiceDSP", "CLinux", "Facility",
                "TestBoard",
                "TestCalls",
            ],
            data: ["Signalling/rfc4475"]),
        tests(
            "SoundAgent",
            [
                "SoundAgent", "Alarms", "Audio", "Clips", "Intercom", "Journal", "Paging", "PanelLink",
                "DeskLink",
                "Recordings", "CLinux", "CLoopback", "Facility", "TestBoard", "TestCalls",
            ]),
        tests("HouseRules", []),
    ]
)
