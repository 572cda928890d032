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

func room(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: house)
}

func tests(_ room: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: room + "Tests", dependencies: dependencies, swiftSettings: house)
}

let package = Package(
    name: "watchpost",
    products: [
        .executable(name: "watchpost", targets: ["watchpost"]),
        .executable(name: "watchpost-alarm", targets: ["watchpost-alarm"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // Domain: pure values.
        room("Facility", []),
        room("Alarms", ["Facility"]),

        // Edges: what touches the world.
        room("GPIO", ["Facility", "CGPIOD", "CLinux"]),
        room("PanelLink", ["Facility", "Alarms", "CSodium", "CLinux"], exclude: ["WIRE.md"]),
        room("Journal", ["Facility", "CSQLite", "CSodium", "CLinux"]),
        room("Sync", ["Facility", "Journal"], exclude: ["SYNC.md"]),

        // The console: the values behind its pages.
        room("Console", ["Facility", "Alarms"]),

        // Desks and doorways.
        room("AlarmAgent", ["Facility", "Alarms", "GPIO", "PanelLink", "Journal", "CLinux"]),
        .executableTarget(name: "watchpost-alarm", dependencies: ["AlarmAgent"], swiftSettings: house),

        // The tool in a person's hand.
        room("SiteCheck", ["Facility", "Alarms", "Journal", .product(name: "Yams", package: "Yams")]),
        room(
            "Workbench",
            ["Facility", "Alarms", "GPIO", "PanelLink", "Journal", "AlarmAgent", "SiteCheck", "CLinux"]),
        .executableTarget(
            name: "watchpost",
            dependencies: [
                "Facility", "Alarms", "Workbench",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: house),

        // Shims.
        .target(name: "CGPIOD", linkerSettings: [.linkedLibrary("gpiod")]),
        .target(name: "CLinux"),
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),

        // Tests mirror the rooms.
        .target(
            name: "TestBoard", dependencies: ["Facility", "Alarms", "GPIO", "PanelLink", "Journal"],
            path: "Tests/TestBoard", swiftSettings: house),
        .target(name: "CFaultyDisk", path: "Tests/CFaultyDisk", linkerSettings: [.linkedLibrary("sqlite3")]),
        tests("Facility", ["Facility", "Alarms", "TestBoard"]),
        tests("Alarms", ["Alarms", "Facility", "TestBoard"]),
        tests("GPIO", ["GPIO", "Facility", "CLinux", "TestBoard"]),
        tests("PanelLink", ["PanelLink", "Alarms", "Facility", "TestBoard"]),
        tests("Journal", ["Journal", "Facility", "CSQLite", "CLinux", "CFaultyDisk", "TestBoard"]),
        tests("Sync", ["Sync", "Journal", "Facility", "TestBoard"]),
        tests(
            "AlarmAgent",
            ["AlarmAgent", "Alarms", "GPIO", "PanelLink", "Journal", "Facility", "TestBoard"]),
        tests("Console", ["Console", "Alarms", "Facility", "TestBoard"]),
        tests("SiteCheck", ["SiteCheck", "Journal", "Alarms", "Facility"]),
        tests(
            "Workbench",
            [
                "Workbench", "Alarms", "AlarmAgent", "GPIO", "PanelLink", "Journal", "SiteCheck", "Facility",
                "TestBoard", "watchpost",
            ]),
        tests("HouseRules", []),
    ]
)
