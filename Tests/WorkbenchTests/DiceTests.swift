// SPDX-License-Identifier: Apache-2.0
import DeskLink
import Facility
import Testing
import Workbench

@Test func dice_fallTheSame_whenTheSeedIsTheSame() {
    var (a, b, other) = (Dice(seed: 7), Dice(seed: 7), Dice(seed: 8))
    let first = (0..<20).map { _ in a.within(0...1_000_000) }
    #expect(first == (0..<20).map { _ in b.within(0...1_000_000) })
    #expect(first != (0..<20).map { _ in other.within(0...1_000_000) })
    #expect(Set(first).count > 10)
    #expect(a.bytes(1_000).count == 1_000)
}

@Test func agenda_doesThingsInTheirOrder_whateverOrderTheyWereAddedIn() {
    final class Done { var names: [String] = [] }
    let done = Done()
    var agenda = Agenda()
    let now = Uptime.now
    agenda.add(at: now.advanced(ms: 2)) { done.names.append("second") }
    agenda.add(at: now.advanced(ms: 1)) { done.names.append("first") }
    agenda.add(at: now.advanced(ms: 3_600_000)) { done.names.append("in an hour") }
    agenda.run(until: now.advanced(ms: 3))
    #expect(done.names == ["first", "second"])
    #expect(!agenda.isEmpty)
}
