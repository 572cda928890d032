// SPDX-License-Identifier: Apache-2.0
import Facility
import TestBoard
import Testing

@testable import Intercom

/// Random lives of one terminal's calls, watched by what a desk would do.
struct CallMachinePropertyTests {
    /// What a desk has done so far: enough to know whether the microphone may be open.
    private struct Watch {
        var isSigned = false
        var gate: CallID?
        /// An entry was asked for since the gate was last shut; of openings, it is stored.
        var entered: Set<CallID> = []
        var awaited: Set<CallID> = []
        var voices: Set<CallLeg> = []

        mutating func see(_ effects: [CallEffect]) {
            for effect in effects {
                switch effect {
                case .audit(let leg, _, let isAwaited):
                    if isAwaited { awaited.insert(leg.call) } else { entered.insert(leg.call) }
                case .sign(let on):
                    isSigned = on
                    #expect(on || gate == nil, "the sign went out with the gate open")
                case .openGate(let leg):
                    #expect(isSigned, "no sign")
                    #expect(entered.contains(leg.call), "no entry")
                    #expect(!awaited.contains(leg.call), "the entry is not stored")
                    #expect(gate == nil)
                    #expect(voices.contains(leg))
                    gate = leg.call
                case .closeGate: gate = nil
                case .startVoice(let leg, _): voices.insert(leg)
                case .stopVoice(let leg):
                    #expect(gate != leg.call, "the voice stopped with the gate open")
                    voices.remove(leg)
                case .record(let call, .ended, _, _):
                    // Its name is used again here; in life it never is.
                    awaited.remove(call)
                    entered.remove(call)
                case .invite, .end, .ring, .answer, .bell, .hold, .say, .spoken, .record: break
                }
            }
        }
    }

    @Test(arguments: [TerminalRole.cell, .post])
    func gate_isNeverOpen_withoutEntryAndSign(role: TerminalRole) {
        for seed in 0..<UInt64(400) {
            var random = SeededGenerator(seed: seed * 2 + (role == .cell ? 0 : 1))
            var machine = CallMachine(role: role)
            var watch = Watch()
            var now = CallSamples.at(0)
            for _ in 0..<120 {
                now = now.advanced(ms: random.below(900))
                watch.see(step(&machine, &watch, &random, now))
                #expect(machine.gate == watch.gate)
                #expect(watch.gate == nil || watch.isSigned)
                #expect(machine.gate == nil || machine.gate == machine.talking)
                #expect(machine.calls.count <= Limits.callsMaxCount + 2)
                #expect(machine.queue.waiting.allSatisfy { machine.calls[$0.call] != nil })
                #expect(machine.hasSound || machine.calls.isEmpty)
            }
        }
    }

    private func step(
        _ machine: inout CallMachine, _ watch: inout Watch, _ random: inout SeededGenerator, _ now: Uptime
    ) -> [CallEffect] {
        let parties = [CallSamples.postA, CallSamples.postB, .phone("gate"), .terminal(CallSamples.cell)]
        let party = parties[random.below(parties.count)]
        let id = CallSamples.id(UInt64(random.below(8)))
        let known = machine.calls.keys.sorted { $0.description < $1.description }
        let some = known.isEmpty ? id : known[random.below(known.count)]
        let urgency = CallClass.allCases[random.below(CallClass.allCases.count)]
        let mode = CallMode.allCases[random.below(CallMode.allCases.count)]
        let offer = CallOffer(
            id: id, urgency: urgency, mode: urgency.isAlarm ? .talk : mode,
            alarm: urgency.isAlarm ? CallSamples.alarm(1) : nil,
            grounds: CallGrounds(
                officer: CallSamples.officer, second: random.below(2) == 0 ? CallSamples.second : nil,
                reason: random.below(3) == 0 ? "" : "check"),
            answersItself: random.below(3) == 0)
        let on = random.below(2) == 0
        switch random.below(17) {
        case 0, 1: return machine.offer(offer, to: Array(parties.prefix(2)), now: now).effects
        case 2, 3: return machine.invited(offer, from: party, now: now).effects
        case 4: return machine.ringing(CallLeg(some, party), now: now)
        case 5, 6: return machine.answered(CallLeg(some, party), officer: nil, now: now)
        case 7:
            let why = CallEnding.allCases[random.below(CallEnding.allCases.count)]
            return machine.ended(CallLeg(some, party), why, now: now)
        case 8, 9:
            let stored = watch.awaited.randomElement(using: &random) ?? some
            watch.awaited.remove(stored)
            watch.entered.insert(stored)
            return machine.audited(stored, now: now)
        case 10: return (try? machine.answer(on ? nil : some, officer: nil, now: now)) ?? []
        case 11: return (try? machine.hangUp(on ? nil : some, now: now)) ?? []
        case 12: return (try? machine.mute(on, now: now)) ?? []
        case 13: return (try? machine.hold(on, call: nil, now: now)) ?? []
        case 14: return (try? machine.push(on, now: now)) ?? []
        case 15: return machine.heard(some, isAlive: on, twoWayMs: 400, now: now)
        default:
            if random.below(20) == 0 {
                if machine.hasSound { return machine.soundFailed(now: now) }
                machine.soundReturned()
            }
            return machine.withdraw(id, now: now) + machine.elapsed(now: now)
        }
    }
}
