// SPDX-License-Identifier: Apache-2.0
import CLinux
import Facility
import GPIO
import Synchronization
import Testing

/// Lives on a loop and counts there.
private actor Desk {
    private let loop: LineLoop
    private(set) var seen: [Int] = []
    private(set) var turns = 0

    init(loop: LineLoop) { self.loop = loop }

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    func note(_ number: Int) -> Bool {
        seen.append(number)
        return loop.isOnThread
    }

    nonisolated func turn() { assumeIsolated { $0.turns += 1 } }
}

struct LineLoopTests {
    @Test func jobs_runOnTheLoopsThreadInOrder_whenCalledFromElsewhere() async {
        let loop = LineLoop()
        let desk = Desk(loop: loop)
        let thread = LineThread("test-loop") {
            loop.run(descriptors: { [] }) { _, _ in
                desk.turn()
                return nil
            }
        }
        for number in 0..<200 { #expect(await desk.note(number)) }
        #expect(await desk.seen == Array(0..<200))
        #expect(await desk.turns > 0)
        #expect(!loop.isOnThread)
        loop.stop()
        thread.join()
    }

    @Test func turn_comesAtItsDeadline_whenNothingHappens() {
        let loop = LineLoop()
        var turns: [Uptime] = []
        var asked = Uptime(nanoseconds: 0)
        loop.run(descriptors: { [] }) { now, _ in
            #expect(now >= asked)
            turns.append(now)
            if turns.count == 4 { loop.stop() }
            asked = now.advanced(ms: 1)
            return asked
        }
        #expect(turns.count == 4)
    }

    @Test func turn_isTold_whenADescriptorIsReady() {
        let loop = LineLoop()
        let descriptor = wp_eventfd()
        var readies: [Bool] = []
        loop.run(descriptors: { [descriptor] }) { _, isReady in
            readies.append(isReady(0))
            if isReady(0) {
                wp_eventfd_drain(descriptor)
                loop.stop()
            } else {
                wp_eventfd_wake(descriptor)
            }
            return nil
        }
        #expect(readies == [false, true])
    }

    @Test func run_returnsAtOnce_whenStoppedBefore() {
        let loop = LineLoop()
        loop.stop()
        loop.run(descriptors: { [] }) { _, _ in
            Issue.record("no turn after stop")
            return nil
        }
    }
}
