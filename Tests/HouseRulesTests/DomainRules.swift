// SPDX-License-Identifier: Apache-2.0
import Testing

/// House rules 2 and 3: the domain is values, and its machines are complete.
struct DomainRules {
    let domain = Tree.swiftSources.filter { Rooms.domain.contains($0.room) }

    @Test func domain_readsNoClock_andWaitsForNothing() {
        let rule = Rule(
            against:
                #"\b(async|await|actor|Task)\b|\bDate\(|\.now\b|\bprint\(|\bclock_gettime\b"#,
            why: "a rule about alarms must give the same answer in a test, in a replay and in a cell",
            instead:
                "time is an argument; what should be done is returned as an effect and performed by a desk")
        rule.catches("func tick() async {}", in: "Sources/Alarms/Snippet.swift")
        rule.catches("let due = clock.now", in: "Sources/Alarms/Snippet.swift")
        rule.catches("let due = Date()", in: "Sources/Alarms/Snippet.swift")
        rule.catches(#"let text = "\(Date())""#, in: "Sources/Alarms/Snippet.swift")
        rule.allows(#"let text = "await" // print(it)"#, in: "Sources/Alarms/Snippet.swift")
        rule.holds(on: domain)
    }

    @Test func domain_importsNothing_butFacility() {
        let rule = Rule(
            why:
                "the domain runs anywhere: no I/O, no Foundation (it costs 14 MB), no system library",
            instead: "a value in Facility, or an effect that an edge performs"
        ) { file in file.imports.filter { $0.module != "Facility" }.map(\.line) }
        rule.catches("import Foundation", in: "Sources/Alarms/Snippet.swift")
        rule.catches("import Glibc", in: "Sources/Facility/Snippet.swift")
        rule.allows("package import Facility", in: "Sources/Alarms/Snippet.swift")
        rule.holds(on: domain)
    }

    @Test func machines_importFacilityAtMost_andNameEveryCase() {
        let rule = Rule(
            why:
                "a `default:` swallows the state that is added next year; an import lets the world in",
            instead: "name every case; take what is needed as an argument"
        ) { file in
            file.lines(matching: #"^\s*(@unknown\s+)?default\s*:"#)
                + file.imports.filter { $0.module != "Facility" }.map(\.line)
        }
        rule.catches("switch state {\n    default: break\n}", in: "Sources/Intercom/CallMachine.swift")
        rule.catches("import Audio", in: "Sources/Intercom/CallMachine.swift")
        rule.allows("switch state {\n    case .idle: break\n}", in: "Sources/Intercom/CallMachine.swift")
        rule.holds(on: Tree.swiftSources.filter { $0.stem.hasSuffix("Machine") })
    }
}
