// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Intercom

struct SDPAgreementTests {
    private let here = MediaAddress(host: 0x0a00_0001, port: 20_000)
    private let there = MediaAddress(host: 0x0a00_0002, port: 30_000)
    private func key(_ suite: SRTPSuite) -> [UInt8] { Array(repeating: 9, count: suite.keyBytes) }

    @Test(arguments: VoicePolicy.Codec.allCases)
    func bothEnds_agreeOnTheCodec_whenTheOtherOffersOne(codec: VoicePolicy.Codec) throws {
        var theirs = VoicePolicy()
        theirs.codecs = [codec]
        let offer = SDPAgreement.offer(at: there, sessionID: 1, policy: theirs)
        let (answer, plan) = try SDPAgreement.answer(
            to: offer, at: here, sessionID: 2, policy: VoicePolicy(), key: key)
        let other = try SDPAgreement.plan(offered: offer, answer: answer, policy: theirs)
        #expect(plan.codec == other.codec && plan.remote == there && other.remote == here)
        #expect(plan.rtcpMux && other.rtcpMux && plan.telephoneEvent == other.telephoneEvent)
    }

    @Test func ourOrder_decides_whenSeveralAreOffered() throws {
        var theirs = VoicePolicy()
        theirs.codecs = [.pcmu, .g722, .opus]
        let offer = SDPAgreement.offer(at: there, sessionID: 1, policy: theirs)
        let plan = try SDPAgreement.answer(
            to: offer, at: here, sessionID: 2, policy: VoicePolicy(), key: key
        ).plan
        #expect(plan.codec == .opus(payloadType: 96, fec: true, stereo: false))
        #expect(plan.redundancy == nil)
    }

    @Test func keys_areCrossed_whenSecrecyIsRequired() throws {
        var policy = VoicePolicy()
        policy.secrecy = .required
        let mine: [UInt8] = Array(repeating: 1, count: 30)
        let offer = SDPAgreement.offer(at: there, sessionID: 1, policy: policy, key: mine)
        #expect(offer.isSecret)
        let (answer, plan) = try SDPAgreement.answer(
            to: offer, at: here, sessionID: 2, policy: policy, key: key)
        let other = try SDPAgreement.plan(offered: offer, answer: answer, policy: policy)
        #expect(plan.srtp?.receiveKey == mine && other.srtp?.sendKey == mine)
        #expect(plan.srtp?.sendKey == other.srtp?.receiveKey)
        #expect(throws: SDPFault.noKey) {
            try SDPAgreement.answer(
                to: offer, at: here, sessionID: 2, policy: VoicePolicy(), key: key)
        }
        let plain = SDPAgreement.offer(at: there, sessionID: 1, policy: VoicePolicy())
        #expect(throws: SDPFault.needsSecrecy) {
            try SDPAgreement.answer(to: plain, at: here, sessionID: 2, policy: policy, key: key)
        }
    }

    @Test func certificatesAndRoles_areCrossed_whenKeysComeFromAHandshake() throws {
        let (mine, theirs) = ([UInt8](repeating: 1, count: 32), [UInt8](repeating: 2, count: 32))
        var policy = VoicePolicy()
        policy.secrecy = .dtls
        policy.fingerprint = theirs
        let offer = SDPAgreement.offer(at: there, sessionID: 1, policy: policy)
        #expect(try SDPSession(reading: Array(offer.text.utf8)) == offer)
        #expect(offer.text.contains("UDP/TLS/RTP/SAVP ") && offer.setup == .actpass)
        var own = policy
        own.fingerprint = mine
        let (answer, plan) = try SDPAgreement.answer(to: offer, at: here, sessionID: 2, policy: own, key: key)
        let read = try SDPSession(reading: Array(answer.text.utf8))
        let other = try SDPAgreement.plan(offered: offer, answer: read, policy: policy)
        #expect(plan.handshake == HandshakePlan(isClient: true, fingerprint: theirs))
        #expect(other.handshake == HandshakePlan(isClient: false, fingerprint: mine))
        // Who wants keys by a handshake takes nothing less, and nobody else takes such an offer.
        let plain = SDPAgreement.offer(at: there, sessionID: 1, policy: VoicePolicy())
        #expect(throws: SDPFault.needsSecrecy) {
            try SDPAgreement.answer(to: plain, at: here, sessionID: 2, policy: own, key: key)
        }
        #expect(throws: SDPFault.noKey) {
            try SDPAgreement.answer(to: offer, at: here, sessionID: 2, policy: VoicePolicy(), key: key)
        }
    }

    @Test func hold_isMirrored_inAnswerAndPlan() throws {
        var offer = SDPAgreement.offer(at: there, sessionID: 1, policy: VoicePolicy())
        offer.direction = .sendOnly
        let (answer, plan) = try SDPAgreement.answer(
            to: offer, at: here, sessionID: 2, policy: VoicePolicy(), key: key)
        #expect(answer.direction == .receiveOnly && plan.direction == .receiveOnly)
        let holding = try SDPAgreement.answer(
            to: SDPAgreement.offer(at: there, sessionID: 1, policy: VoicePolicy()), at: here,
            sessionID: 2, policy: VoicePolicy(), key: key, before: answer, isHolding: true)
        #expect(holding.plan.direction == .sendOnly && holding.session.version == answer.version + 1)
    }

    @Test func redundancy_isAgreed_betweenOwnTerminals() throws {
        var policy = VoicePolicy()
        policy.redundancy = true
        let offer = SDPAgreement.offer(at: there, sessionID: 1, policy: policy)
        let (answer, plan) = try SDPAgreement.answer(
            to: offer, at: here, sessionID: 2, policy: policy, key: key)
        #expect(plan.redundancy == 121)
        #expect(
            try SDPAgreement.plan(offered: offer, answer: answer, policy: policy).redundancy == 121)
    }
}
