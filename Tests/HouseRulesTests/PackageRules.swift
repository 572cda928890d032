// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// House rule 1, and the arrows between the rooms.
struct PackageRules {
    let plan = RoomPlan(package: Tree.package)

    @Test func package_makesOnePromise_forEveryRoom() {
        let promises = [
            ".swiftLanguageMode(.v6)": "data races are errors",
            #".enableUpcomingFeature("ExistentialAny")"#: "an `any` costs, so it is written",
            #".enableUpcomingFeature("MemberImportVisibility")"#: "a file uses only what it imports",
            #".enableUpcomingFeature("InternalImportsByDefault")"#: "a room does not pass on what it imports",
            "-warnings-as-errors": "a warning that may stay is read by nobody",
        ]
        for (promise, why) in promises {
            #expect(Tree.package.text.contains(promise), "Package.swift must keep \(promise): \(why).")
        }
        for (name, declaration) in plan.declarations
        where declaration.contains(pattern: #"^ +\.\w*[tT]arget\("#) {
            let isShim = name.contains(pattern: "^C[A-Z]")
            #expect(
                isShim || declaration.contains("swiftSettings: house"),
                "\(name) must be built with `swiftSettings: house`: they hold for every room or none."
            )
        }
    }

    @Test func topLevel_holdsWhatItShould_andNothingElse() {
        let known: Set = [
            "LICENSE", "Makefile", "Package.resolved", "Package.swift", "README.md", "Sources", "Tests",
            "board-configs", "systemd",
        ]
        let strange = Tree.names(in: "").filter { !known.contains($0) }
        #expect(strange.isEmpty, "a tool left these at the top level, or they belong into a room: \(strange)")
    }

    @Test func builds_checkImports_whereverTheyAreStarted() {
        let rule = Rule(
            why: "without the check SwiftPM lets a room import a sibling that it never declared",
            instead: "one build command: `swift build --explicit-target-dependency-import-check error`, then "
                + "`swift test --skip-build`; never `swift run`"
        ) { file in
            file.lines.enumerated().filter { _, line in
                guard !line.contains(pattern: #"^\s*#"#) else { return false }
                return line.contains(pattern: #"\bswift run\b"#)
                    || line.contains(
                        pattern: #"\bswift build\b(?!.*--explicit-target-dependency-import-check error)"#)
                    || line.contains(pattern: #"\bswift test\b(?!.*--skip-build)"#)
            }.map { $0.offset + 1 }
        }
        rule.catches("\tswift build -c release", in: "Makefile")
        rule.catches("\tswift test --filter Alarms", in: "Makefile")
        rule.allows("# swift build is told to check\n\tswift test --skip-build", in: "Makefile")
        let scripts = Tree.tests.filter { $0.path.hasSuffix(".sh") }
        rule.holds(on: [Tree.file("Makefile"), Tree.file(".ci/run"), Tree.file(".ci/setup")] + scripts)
        #expect(Tree.file("Makefile").text.contains("--explicit-target-dependency-import-check error"))
    }

    @Test func domain_dependsOnNothing_butFacility() {
        #expect(
            plan.dependencies["Facility"] == [], "Facility is the words and the units: it depends on nothing."
        )
        for room in Rooms.domain where room != "Facility" {
            let known = plan.dependencies[room] ?? []
            #expect(
                Set(known).isSubset(of: ["Facility"]),
                "\(room) may know Facility alone, not \(known): it runs on a manual clock, on any machine."
            )
        }
    }

    @Test func alarmAgent_linksNothing_thatParsesTheOutsideWorld() {
        let linked = plan.closure(of: "watchpost-alarm")
        #expect(
            linked.isSuperset(of: ["AlarmAgent", "Alarms", "Facility"]), "Package.swift was not understood")
        let may = Rooms.alarmPath.union(Rooms.domain).union([
            "watchpost-alarm", "CGPIOD", "CLinux", "CSodium", "CSQLite", "gpiod", "libsodium",
            "libsodium-dev",
            "sqlite3", "libsqlite3-dev",
        ])
        #expect(
            linked.isSubset(of: may),
            """
            watchpost-alarm would link \(linked.subtracting(may).sorted()).
              why: a trap or a crash in a parser of the outside world must not end the alarm
              instead: another process, which sends fixed-layout datagrams
            """)
    }

    @Test func alarmRooms_importNothing_butEachOtherAndTheirShims() {
        let may = plan.closure(of: "watchpost-alarm").union(["Glibc", "Synchronization"])
        let rule = Rule(
            why:
                "one import of Foundation costs 14 MB, the agent has 8; HTTP, TLS, SIP are other processes",
            instead: "Glibc, the CLinux shim, or the tool"
        ) { file in file.imports.filter { !may.contains($0.module) }.map(\.line) }
        rule.catches("import Foundation", in: "Sources/Journal/Snippet.swift")
        rule.catches("package import NIOCore", in: "Sources/PanelLink/Snippet.swift")
        rule.allows("package import Facility\nimport Glibc", in: "Sources/Journal/Snippet.swift")
        rule.holds(on: Tree.swiftSources.filter { may.contains($0.room) })
    }
}

/// Which rooms stand where in HOUSE's drawing.
enum Rooms {
    static let domain: Set = ["Facility", "Alarms", "Paging", "Conduct"]
    /// Between contact and buzzer, beside the domain.
    static let alarmPath: Set = ["GPIO", "PanelLink", "Journal", "AlarmAgent", "watchpost-alarm"]
    /// Where memory is managed by hand, each time with its reason.
    static func mayBeUnsafe(_ room: String) -> Bool {
        ["GPIO", "Audio", "Intercom"].contains(room) || room.contains(pattern: "^C[A-Z]")
    }
}
