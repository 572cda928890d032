// SPDX-License-Identifier: Apache-2.0
import Testing

/// House rules 4 to 8: how code that touches the world waits, shares memory, is bounded and fails.
struct PathRules {
    @Test func waits_useNoWallClock_anywhere() {
        let rule = Rule(
            against:
                #"\.wait\((wallT|t)imeout|\bwall(Deadline|Timeout)\b|\bThread\.sleep\b"#
                + #"|(?<!\.)\b(u|nano)?sleep\(|\bpthread_cond_timedwait\b|\.(timeIntervalSince|addingTime)"#,
            why:
                "they wait by the wall clock, and hang for as long as it was stepped back",
            instead: "poll with a deadline in Uptime (CLOCK_MONOTONIC), or a timer of LineLoop")
        rule.catches("done.wait(timeout: .now() + 1)", in: "Sources/Journal/Snippet.swift")
        rule.catches("usleep(1000);", in: "Sources/CLinux/snippet.c")
        rule.catches("if Date().timeIntervalSince(start) > 5 {}", in: "Sources/Workbench/Snippet.swift")
        rule.allows("// sleep(1) would hang\nqueue.sleep(until: due)", in: "Sources/Journal/Snippet.swift")
        rule.holds(on: Tree.sources.filter { $0.path.isSwift || $0.path.isC })
    }

    @Test func alarmPath_neverSuspends_betweenContactAndBuzzer() {
        let rule = Rule(
            against:
                #"\b(await|Async(Throwing)?Stream|DispatchQueue|getaddrinfo)\b|\bTask(\.detached)?\s*[({]"#,
            why:
                "one thread, no hop: 40 µs at the median, 39 ms through an AsyncStream on a busy pool; "
                + "and nothing that blocks may sit on the cooperative pool",
            instead:
                "enter the desk by `assumeIsolated` on the line thread; slow work goes to a thread of its own"
        )
        rule.catches("await desk.pressed(point)", in: "Sources/AlarmAgent/Snippet.swift")
        rule.catches("Task { desk.pressed(point) }", in: "Sources/GPIO/Snippet.swift")
        rule.allows("desk.assumeIsolated { $0.pressed(point) }", in: "Sources/GPIO/Snippet.swift")
        rule.holds(on: Tree.swiftSources.filter { Rooms.alarmPath.contains($0.room) })
    }

    @Test func unsafeCode_saysWhyItIsSafe_inTheRoomsThatMay() {
        let hand = #"@unchecked\s+Sendable|nonisolated\(unsafe\)|\bUnsafe(Mutable)?(Raw)?(Buffer)?Pointer\b"#
        let rule = Rule(
            why: "the compiler proves nothing about this line, so a person must",
            instead:
                "pass `[UInt8]` to C, or put the pointer work into a C shim. In GPIO, Audio and Intercom: "
                + "`// SAFETY:` at most 3 lines above: who owns the memory, which thread has it"
        ) { file in
            file.lines(matching: hand).filter { line in
                !Rooms.mayBeUnsafe(file.room)
                    || !file.lines[max(0, line - 4)..<line].contains { $0.contains("// SAFETY:") }
            }
        }
        rule.catches("final class Ring: @unchecked Sendable {}", in: "Sources/GPIO/Snippet.swift")
        rule.catches("// SAFETY: no.\nlet p: UnsafeRawPointer", in: "Sources/Journal/Snippet.swift")
        rule.allows(
            "// SAFETY: the line thread alone.\nlet p: UnsafeRawPointer", in: "Sources/GPIO/Snippet.swift")
        rule.holds(on: Tree.swiftSources)
        let count = Tree.swiftSources.reduce(0) { $0 + $1.lines(matching: hand).count }
        print("house: \(count) places where memory is managed by hand, each with its reason")
    }

    @Test func bounds_liveInLimits_withTheirUnitLast() {
        let rule = Rule(
            against:
                #"\bstatic\s+let\s+\w*(Max|max[A-Z]|[Ll]imit|[Tt]imeout|Retry)\w*\s*(:\s*\w+\s*)?=\s*\[?\d"#,
            why: "a bound that nobody finds is met for the first time in a facility",
            instead: "Facility/Limits.swift, with what happens when it is reached")
        rule.catches("static let queueMaxCount = 64", in: "Sources/Journal/Snippet.swift")
        rule.catches("private static let maxLines: Int = 64", in: "Sources/GPIO/Snippet.swift")
        rule.allows(
            "static let queueMaxCount = Limits.journalQueueCount", in: "Sources/Journal/Snippet.swift")
        rule.holds(on: Tree.swiftSources.filter { !$0.path.hasPrefix("Sources/Facility/Limits") })

        let units = Rule(
            against:
                #"\bstatic\s+let\s+(?!\w*(Ms|Us|Ns|Days|Bytes|Count|Percent|Hz|Ppm|Pages|Points|Db)\b)\w+"#,
            why: "seconds and milliseconds were mixed up in every facility that had both",
            instead: "the unit last in the name: annunciationRetryMs, datagramMaxBytes, linesMaxCount")
        units.catches("static let retry = 5", in: "Sources/Facility/Limits.swift")
        units.allows("static let retryMs = 5", in: "Sources/Facility/Limits.swift")
        units.holds(on: Tree.sources.filter { $0.path.hasPrefix("Sources/Facility/Limits") })
    }

    @Test func faults_tellTheTechnician_whatToDoNext() {
        let rule = Rule(
            why: "an error that crosses a room is read at night by someone who did not write it",
            instead: "one sentence: what to do next"
        ) { file in
            file.lines.enumerated().filter { $0.element.contains(pattern: #"\b(hint|cause):\s*"\s*""#) }.map {
                $0.offset + 1
            }
        }
        rule.catches(
            #"throw Fault("open", at: chip, cause: text, hint: "")"#, in: "Sources/GPIO/Snippet.swift")
        rule.holds(on: Tree.swiftSources)
    }
}
