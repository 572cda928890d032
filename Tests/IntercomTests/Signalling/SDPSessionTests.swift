// SPDX-License-Identifier: Apache-2.0
import Facility
import TestBoard
import Testing

@testable import Intercom

struct SDPSessionTests {
    static let phone = """
        v=0
        o=alice 2890844526 2890842807 IN IP4 10.47.16.5
        s=SDP Seminar
        c=IN IP4 224.2.17.12/127
        t=2873397496 2873404696
        m=video 51372 RTP/AVP 99
        c=IN IP4 10.47.16.6
        a=rtpmap:99 h263-1998/90000
        m=audio 49170 RTP/SAVP 0 8 97 101
        c=IN IP4 10.47.16.7
        a=rtpmap:97 opus/48000/2
        a=fmtp:97 maxplaybackrate=16000; useinbandfec=1
        a=rtpmap:101 telephone-event/8000
        a=fmtp:101 0-15
        a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20|1:4
        a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20
        a=ptime:20
        a=rtcp-mux
        a=sendonly

        """

    private func read(_ text: String) throws(SDPFault) -> SDPSession {
        try SDPSession(reading: Array(text.utf8))
    }

    @Test func description_isRead_asAPhoneWritesIt() throws {
        let session = try read(Self.phone)
        #expect(session.remote == MediaAddress(host: 0x0a2f_1007, port: 49_170))
        #expect(session.formats.map(\.name) == ["PCMU", "PCMA", "OPUS", "TELEPHONE-EVENT"])
        #expect(session.formats[2].parameters == "maxplaybackrate=16000; useinbandfec=1")
        #expect(session.isSecret && session.rtcpMux && session.frameMs == 20)
        #expect(session.direction == .sendOnly && session.place == 1 && session.others.count == 1)
        // The first asks for an MKI, which we do not do.
        #expect(session.cryptos.map(\.tag) == [2])
        #expect(try read(Self.phone.split(separator: "\n").joined(separator: "\r\n")) == session)
    }

    @Test func description_readsBack_asItWasPrinted() throws {
        var policy = VoicePolicy()
        policy.redundancy = true
        policy.secrecy = .required
        let key = (0..<30).map { UInt8($0) }
        let local = MediaAddress(host: 0x7f00_0001, port: 40_000)
        let offer = SDPAgreement.offer(at: local, sessionID: 7, policy: policy, key: key)
        #expect(try read(offer.text) == offer)
        let phone = try read(Self.phone)
        let answer = try SDPAgreement.answer(
            to: phone, at: local, sessionID: 8, policy: policy, key: { _ in key })
        #expect(answer.session.text.contains("m=video 0 RTP/AVP 99\r\nm=audio 40000 RTP/SAVP 97 101"))
        #expect(answer.session.direction == .receiveOnly && answer.plan.direction == .receiveOnly)
        #expect(answer.plan.codec == .opus(payloadType: 97, fec: true, stereo: false))
        #expect(answer.plan.srtp?.sendKey == key && answer.plan.telephoneEvent == 101)
    }

    @Test(arguments: [
        ("", SDPFault.noVersion), ("v=1\n", .noVersion), ("v=0\n", .noAudio),
        ("v=0\nm=audio 5 RTP/AVP 0\n", .noAddress),
        ("v=0\nc=IN IP6 ::1\nm=audio 5 RTP/AVP 0\n", .notIPv4),
        ("v=0\nc=IN IP4 1.2.3.4\nm=audio 99999 RTP/AVP 0\n", .badNumber),
        ("v=0\nc=IN IP4 1.2.3.4\nm=audio 5 RTP/AVP\n", .noFormat),
        ("v=0\nc=IN IP4 1.2.3.4\nm=audio 5 RTP/AVP 200\n", .badNumber),
        ("v=0\nc=IN IP4 1.2.3.4\nm=audio 0 RTP/AVP 0\n", .noAudio),
    ])
    func description_isAFault_whenItCannotBeUsed(text: String, fault: SDPFault) {
        #expect(throws: fault) { try read(text) }
    }

    @Test func description_isAValueOrAFault_whateverTheBytes() {
        var random = SeededGenerator(seed: 2327)
        let seeds = [Self.phone, Self.phone.replacing("SAVP", with: "AVP")].map { Array($0.utf8) }
        var read = 0
        for _ in 0..<20_000 {
            var bytes = random.pick(seeds)
            for _ in 0..<(1 + random.below(6)) {
                let place = random.below(bytes.count)
                switch random.below(6) {
                case 0: bytes[place] = UInt8(random.below(256))
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(UInt8(random.below(256)), at: place)
                case 3: bytes.removeLast(min(bytes.count - 1, random.below(40)))
                case 4: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 60)], at: place)
                default: bytes.insert(contentsOf: Array("99999999999999999999".utf8), at: place)
                }
            }
            guard let session = try? SDPSession(reading: bytes) else { continue }
            read += 1
            let local = MediaAddress(host: 1, port: 2)
            _ = try? SDPAgreement.answer(
                to: session, at: local, sessionID: 1, policy: VoicePolicy(), key: { _ in [] })
            #expect(session.text.utf8.count < 4 * Limits.sipBodyMaxBytes)
        }
        #expect(read > 1_000)
    }
}
