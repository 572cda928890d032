// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import CVoiceDSP
import Facility
import Glibc
import Intercom
import TestBoard
import Testing

/// Two sessions on loopback, with cards of software: real threads, real time.
@Suite(.serialized, .realTime)
struct VoiceSessionTests {
    static let rate = 16_000

    static func tone(_ hz: Double, seconds: Double) -> [Int16] {
        (0..<Int(seconds * Double(rate))).map {
            Int16(9_000 * sin(2 * Double.pi * hz * Double($0) / Double(rate)))
        }
    }

    /// The share of a tone in what was heard, 0 to 1: the median over pieces of 25 ms, because the flow is
    /// played a little faster or slower while its buffer settles, and a busy machine may lose a piece.
    static func share(of hz: Double, in heard: ArraySlice<Int16>) -> Double {
        let piece = rate / 40
        var shares: [Double] = []
        for start in stride(from: heard.startIndex, to: heard.endIndex - piece, by: piece) {
            var (re, im, all) = (0.0, 0.0, 1.0)
            for index in start..<start + piece {
                let phase = 2 * Double.pi * hz * Double(index) / Double(rate)
                re += Double(heard[index]) * cos(phase)
                im += Double(heard[index]) * sin(phase)
                all += Double(heard[index]) * Double(heard[index])
            }
            shares.append((re * re + im * im) * 2 / Double(piece) / all)
        }
        return shares.isEmpty ? 0 : shares.sorted()[shares.count / 2]
    }

    static func terms(_ change: (inout BenchCall.Terms) -> Void = { _ in }) -> BenchCall.Terms {
        var terms = BenchCall.Terms()
        terms.settings.canceller = .off
        change(&terms)
        return terms
    }

    @Test(arguments: [
        VoiceCodecChoice.opus(payloadType: 111, fec: false, stereo: false), .pcma(payloadType: 8),
        .pcmu(payloadType: 0),
    ])
    func tone_isHeard_atTheOtherEnd(codec: VoiceCodecChoice) throws {
        let call = try BenchCall(
            Self.terms {
                $0.codec = codec
                if case .opus = codec {} else { $0.redundancy = nil }
            })
        call.begin()
        let heard = call.hear(Self.tone(700, seconds: 1.2), tailMs: 0)
        call.end()
        let share = Self.share(of: 700, in: heard[8_000..<16_000])
        #expect(share > 0.8, "\(share) of what was heard is the tone")
        let report = call.answerer.report()
        #expect(report.packetsReceived > 100 && report.framesPlayed > 10_000)
    }

    @Test(.enabled(if: G722Codec.isThere, "libspandsp2 is not installed"))
    func tone_isHeard_byG722() throws {
        let call = try BenchCall(
            Self.terms {
                $0.codec = .g722(payloadType: 9)
                $0.redundancy = nil
                $0.frameMs = 20
            })
        call.begin()
        let heard = call.hear(Self.tone(700, seconds: 1.2), tailMs: 0)
        call.end()
        #expect(Self.share(of: 700, in: heard[8_000..<16_000]) > 0.8)
    }

    @Test(arguments: SRTPSuite.allCases)
    func tone_isHeard_throughSRTP(suite: SRTPSuite) throws {
        let call = try BenchCall(Self.terms { $0.srtp = suite })
        call.begin()
        let heard = call.hear(Self.tone(700, seconds: 0.6), tailMs: 0)
        call.end()
        #expect(Self.share(of: 700, in: heard[4_000..<8_000]) > 0.8, "\(suite.name)")
    }

    @Test func nothingLeaves_beforeTheGateOpens() throws {
        let home: UInt32 = 0x7f00_0001
        let (own, ear) = (try MediaSocket(host: home), try MediaSocket(host: home))
        let plan = MediaPlan(
            remote: MediaAddress(host: home, port: ear.localPort),
            codec: .opus(payloadType: 111, fec: false, stereo: false), telephoneEvent: 101, frameMs: 10)
        let card = SimulatedCard()
        card.says(Self.tone(700, seconds: 1), fromNs: 0, repeats: true)
        let speaker = Speaker(.simulated(card), rateHz: Self.rate)
        let session = try VoiceSession(
            socket: own, plan: plan, speaker: speaker, settings: Self.terms().settings)
        session.start()
        #expect(session.send(dtmf: "5"))
        let shut = wp_wait_readable_until_ns([ear.rtp, ear.rtcp], 2, wp_uptime_ns() + 500_000_000)
        #expect(shut == 0, "a packet left through a shut gate")
        #expect(session.report().framesCaptured > 3_000)
        session.openGate()
        let open = wp_wait_readable_until_ns([ear.rtp], 1, wp_uptime_ns() + 2_000_000_000)
        #expect(open == 1)
        session.stop()
        #expect(session.report().packetsSent > 0)
    }

    @Test func strangers_areNeverHeard() throws {
        let home: UInt32 = 0x7f00_0001
        let (own, friend, stranger) = (
            try MediaSocket(host: home), try MediaSocket(host: home), try MediaSocket(host: home)
        )
        let plan = MediaPlan(
            remote: MediaAddress(host: home, port: friend.localPort), codec: .pcmu(payloadType: 0),
            frameMs: 10)
        let speaker = Speaker(.simulated(SimulatedCard()), rateHz: Self.rate)
        speaker.start()
        defer { speaker.stop() }
        let session = try VoiceSession(
            socket: own, plan: plan, speaker: speaker, settings: Self.terms().settings)
        session.start()
        var packet = [UInt8](repeating: 0x10, count: 92)
        for number in 0..<50 {
            RTPPacket(
                payloadType: 0, sequence: UInt16(number), timestamp: UInt32(number * 80), source: 7
            ).write(to: &packet)
            #expect(wp_udp_send(stranger.rtp, packet, packet.count, home, own.localPort) == 0)
        }
        let until = wp_uptime_ns() + 3_000_000_000
        while session.report().packetsRefused < 50, wp_uptime_ns() < until { SoundThread.pause(ms: 10) }
        let report = session.report()
        session.stop()
        #expect(report.packetsRefused == 50 && report.packetsReceived == 0)
    }

    @Test func keys_arrive_once() throws {
        let call = try BenchCall(Self.terms())
        call.begin()
        #expect(call.caller.send(dtmf: "7") && call.caller.send(dtmf: "#"))
        #expect(!call.caller.send(dtmf: "x"))
        let until = wp_uptime_ns() + 4_000_000_000
        while call.answerer.report().digits.count < 2, wp_uptime_ns() < until { SoundThread.pause(ms: 10) }
        call.end()
        #expect(call.answerer.report().digits == Array("7#".utf8))
    }

    @Test func card_comesBack_afterItWasPulledOut() throws {
        let call = try BenchCall(Self.terms())
        call.begin()
        call.far.fail(ENODEV)
        let gone = wp_uptime_ns() + 3_000_000_000
        while call.answerer.report().cardTrouble == nil, wp_uptime_ns() < gone { SoundThread.pause(ms: 10) }
        #expect(call.answerer.report().cardTrouble != nil)
        call.far.comeBack()
        let back = wp_uptime_ns() + 5_000_000_000
        while call.answerer.report().cardTrouble != nil, wp_uptime_ns() < back { SoundThread.pause(ms: 10) }
        #expect(call.answerer.report().cardTrouble == nil)
        let heard = call.hear(Self.tone(700, seconds: 0.6), tailMs: 0)
        call.end()
        #expect(Self.share(of: 700, in: heard[4_000..<8_000]) > 0.8)
    }

    @Test func heldCall_leavesTheMicrophone_andTakesItUpAgain() throws {
        let call = try BenchCall(Self.terms())
        call.begin()
        func captured(more than: Int) -> Bool {
            let until = wp_uptime_ns() + 5_000_000_000
            while call.caller.report().framesCaptured <= than, wp_uptime_ns() < until {
                SoundThread.pause(ms: 5)
            }
            return call.caller.report().framesCaptured > than
        }
        #expect(captured(more: 160))
        let opened = call.near.openCount
        call.caller.hold(true)
        let held = call.caller.report().framesCaptured
        SoundThread.pause(ms: 100)
        #expect(call.caller.report().framesCaptured == held)
        #expect(call.speakers.near.claims.map(\.rank) == [.background])
        call.caller.hold(false)
        #expect(captured(more: held + 1_600) && call.near.openCount == opened + 1)
        #expect(call.speakers.near.claims.map(\.rank) == [.alarmCall])
        call.end()
    }

    /// FAULTS 54.
    @Test(arguments: [-10, 0, 5, 15, 65_535]) func plan_isRefused_withAFrameThatIsNone(ms: Int) throws {
        let call = try BenchCall(Self.terms())
        let plan = MediaPlan(
            remote: MediaAddress(host: 0x7f00_0001, port: 9), codec: .pcmu(payloadType: 0), frameMs: ms)
        #expect(throws: Fault.self) { try call.caller.update(plan) }
        #expect(throws: Fault.self) { try BenchCall(Self.terms { $0.frameMs = ms }) }
        call.end()
    }

    @Test func update_isRefused_withKeysThatAreNone() throws {
        let call = try BenchCall(Self.terms())
        let plan = MediaPlan(
            remote: MediaAddress(host: 0x7f00_0001, port: 9), codec: .pcmu(payloadType: 0),
            srtp: SRTPKeys(suite: .gcm128, sendKey: [1], receiveKey: [2]))
        #expect(throws: Fault.self) { try call.caller.update(plan) }
        call.end()
    }
}
