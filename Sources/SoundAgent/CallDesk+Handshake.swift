// SPDX-License-Identifier: Apache-2.0
import Facility
import Intercom

// Voices whose keys come from a handshake with the phone (`srtp: dtls`): its voice begins with the keys.
extension CallDesk {
    /// One leg's, with the watch on its socket.
    struct Handshake {
        let dtls: VoiceHandshake
        let watch: ReWatch
        let until: Uptime
        var dueAt: Uptime
        var isMade = false
    }

    /// With the answer, sent or taken.
    func beginHandshake(_ leg: CallLeg, _ now: Uptime) {
        guard let known = legs[leg], known.handshake == nil, let socket = known.socket, let plan = known.plan,
            let agreed = plan.handshake, plan.srtp == nil
        else { return }
        do throws(Fault) {
            guard let dtls = VoiceHandshake(socket: socket, remote: plan.remote, plan: agreed) else {
                throw Fault(
                    "make keys", at: leg.party.text, cause: "no handshake could be made",
                    hint: "See memory of this process.")
            }
            let watch = try ReWatch(dtls.descriptor) { [unowned self] in
                assumeIsolated { $0.shake(leg) { $0.receive() } }
            }
            legs[leg]?.handshake = Handshake(
                dtls: dtls, watch: watch, until: now.advanced(ms: Limits.handshakeMs), dueAt: now)
            // Its first words may be here before the answer was.
            shake(leg) { $0.receive() }
            if agreed.isClient { shake(leg) { $0.turn() } }
        } catch {
            SoundProcess.log("\(error)")
            failed(leg, .soundFailed)
        }
    }

    /// What is due of all of them.
    func shake(_ now: Uptime) {
        for (leg, known) in legs {
            guard let handshake = known.handshake, handshake.dueAt <= now else { continue }
            if handshake.isMade {
                finishHandshake(leg)
            } else if handshake.until <= now {
                SoundProcess.log("\(leg.party.text) made no keys in \(Limits.handshakeMs) ms")
                failed(leg, .farLost)
            } else {
                shake(leg) { $0.turn() }
            }
        }
    }

    private func shake(_ leg: CallLeg, _ deed: (VoiceHandshake) -> VoiceHandshake.Outcome) {
        guard let handshake = legs[leg]?.handshake else { return }
        let now = Self.now
        switch deed(handshake.dtls) {
        case .goesOn:
            guard !handshake.isMade else { return }
            let due = handshake.dtls.waitMs.map { now.advanced(ms: $0) } ?? handshake.until
            legs[leg]?.handshake?.dueAt = min(due, handshake.until)
            setTimer(now)
        case .made(let keys):
            SoundProcess.log("\(leg.party.text) showed its certificate")
            legs[leg]?.plan?.srtp = keys
            legs[leg]?.handshake?.isMade = true
            // Our last words may be lost: they are said again until it speaks, or so long.
            legs[leg]?.handshake?.dueAt = now.advanced(ms: Limits.handshakeLingerMs)
            setTimer(now)
        case .voice: finishHandshake(leg)
        case .failed:
            SoundProcess.log(
                "\(leg.party.text) has not the certificate of its description, or no common keys")
            failed(leg, .farLost)
        }
    }

    /// The socket is the voice's from here on.
    private func finishHandshake(_ leg: CallLeg) {
        guard let known = legs[leg], let plan = known.plan else { return }
        known.handshake?.watch.end()
        legs[leg]?.handshake = nil
        do throws(Fault) { try known.voice?.update(plan) } catch {
            SoundProcess.log("\(error)")
            return failed(leg, .soundFailed)
        }
        beginVoice(leg)
    }
}
