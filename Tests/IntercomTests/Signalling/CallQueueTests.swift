// SPDX-License-Identifier: Apache-2.0
import Facility
import TestBoard
import Testing

@testable import Intercom

struct CallQueueTests {
    @Test func queue_isOrderedByClassThenAge_inAnyOrderOfArrival() {
        var random = SeededGenerator(seed: 4)
        for _ in 0..<500 {
            var queue = CallQueue(capacity: 8)
            var model: [CallQueue.Waiting] = []
            for number in 1...UInt64(random.below(24) + 1) {
                let newcomer = CallQueue.Waiting(
                    call: CallSamples.id(number),
                    urgency: CallClass.allCases[random.below(CallClass.allCases.count)],
                    since: Uptime(nanoseconds: number * 1_000))
                model.append(newcomer)
                let gone = queue.add(newcomer)
                if let gone { model.removeAll { $0.call == gone } }
                if random.below(4) == 0, let first = queue.first {
                    queue.remove(first)
                    model.removeAll { $0.call == first }
                }
            }
            let sorted = model.sorted {
                $0.urgency != $1.urgency ? $0.urgency > $1.urgency : $0.since < $1.since
            }
            #expect(queue.waiting == sorted)
            #expect(queue.waiting.count <= 8)
        }
    }

    @Test func newcomer_pushesOutTheLeastUrgentAndYoungest_whenFull() {
        var queue = CallQueue(capacity: 2)
        let times = (1...3).map { Uptime(nanoseconds: $0) }
        _ = queue.add(.init(call: CallSamples.id(1), urgency: .routine, since: times[0]))
        _ = queue.add(.init(call: CallSamples.id(2), urgency: .routine, since: times[1]))
        #expect(
            queue.add(.init(call: CallSamples.id(3), urgency: .emergency, since: times[2]))
                == CallSamples.id(2))
        #expect(
            queue.add(.init(call: CallSamples.id(4), urgency: .routine, since: times[2]))
                == CallSamples.id(4))
        #expect(queue.waiting.map(\.call) == [CallSamples.id(3), CallSamples.id(1)])
    }
}
