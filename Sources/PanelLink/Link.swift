// SPDX-License-Identifier: Apache-2.0
import CSodium
// SPDX-License-Identifier: Apache-2.0
//
//  seal   message → [run session sequence message] → XChaCha20-Poly1305 → magic sender nonce sealed → socket
//  open   socket → magic? sender known? → authentic? → challenge? ─yes→ name the session → .renamed
//                                                        └no→ session and sequence new? → message → .message
//                                                                └not named → .answer(challenge)
package import Facility

/// All pairs of one terminal: makes datagrams that only one peer can read, and takes each authentic one at
/// most once.
///
/// A value, owned by the line thread's desk. Nothing on disk, no clock but the argument; no input makes it
/// trap; what cannot be authenticated is dropped without an answer. The argument for it stands in WIRE.md.
package struct Link: Sendable {
    package let own: TerminalID
    package let run: UInt64
    /// Listed peers that can never be spoken with: their key is none, is ours, or stands twice.
    package let unusable: [TerminalID]
    private var pairs: [Pair] = []
    private var places: [TerminalID: Int] = [:]
    private var counts = [UInt64](repeating: 0, count: LinkRefusal.allCases.count)

    private struct Pair: Sendable {
        let peer: TerminalID
        let listenKey: [UInt8]
        let speakKey: [UInt8]
        var listening = ListeningSession()
        var speaking = SpeakingSession()
    }

    package init(own: TerminalID, keys: LinkKeys, run: UInt64, peers: [(TerminalID, [UInt8])]) {
        Sodium.start()
        self.own = own
        self.run = run
        var unusable: [TerminalID] = []
        var owners: [[UInt8]: Int] = [:]
        for (_, key) in peers { owners[key, default: 0] += 1 }
        for (peer, key) in peers where peer != own {
            guard places[peer] == nil, owners[key] == 1,
                let (listenKey, speakKey) = PairKeys.derive(own: keys, peer: key)
            else {
                unusable.append(peer)
                continue
            }
            places[peer] = pairs.count
            pairs.append(Pair(peer: peer, listenKey: listenKey, speakKey: speakKey))
        }
        self.unusable = unusable
    }

    package var peers: [TerminalID] { pairs.map(\.peer) }

    /// The run of the peer that is heard now; `nil` before its first taken datagram.
    package func run(of peer: TerminalID) -> UInt64? { places[peer].flatMap { pairs[$0].listening.run } }

    package func count(_ refusal: LinkRefusal) -> UInt64 { counts[Int(refusal.rawValue) - 1] }

    package var refusedCount: UInt64 { counts.reduce(0, &+) }

    /// `nil`: no such peer, or a message that does not travel between terminals.
    package mutating func seal(_ message: Message, to peer: TerminalID) -> [UInt8]? {
        guard let place = places[peer], !message.kind.isLocal, message.kind != .challenge else { return nil }
        return seal(message, in: place)
    }

    package mutating func open(_ bytes: ArraySlice<UInt8>, now: Uptime) -> LinkOutcome {
        guard bytes.count <= Limits.datagramMaxBytes else { return refuse(.tooLong) }
        return open(Array(bytes), now: now)
    }

    package mutating func open(_ bytes: [UInt8], now: Uptime) -> LinkOutcome {
        switch readEnvelope(bytes) {
        case .failure(let refusal): return refuse(refusal)
        case .success(let (place, envelope, plain)):
            return plain.count > Envelope.bytes && plain[Envelope.bytes] == MessageKind.challenge.rawValue
                ? takeChallenge(plain, from: place) : take(envelope, plain, from: place, now: now)
        }
    }
}

/// What came of a datagram.
package enum LinkOutcome: Hashable, Sendable {
    /// `newRun`: the first of a process of the peer that was not heard before: all it knew is gone.
    case message(from: TerminalID, Message, newRun: Bool)
    /// Send these bytes to the peer.
    case answer([UInt8], to: TerminalID)
    /// The peer gave us a session: what is outstanding there is to be sent again at once.
    case renamed(TerminalID)
    case refused(LinkRefusal)
}

/// Why a datagram was not taken.
package enum LinkRefusal: UInt8, Error, Sendable, CaseIterable, Hashable {
    case tooShort = 1
    case tooLong = 2
    /// Another magic or version.
    case notOurs = 3
    case unknownSender = 4
    /// Not made with the pair's key, for us, in this direction; or changed on the way.
    case forged = 5
    case repeated = 6
    /// Behind the window.
    case tooOld = 7
    /// Names no session of ours, and its run was challenged a moment ago.
    case unnamed = 8
    /// A challenge to another run, or to nothing we sent lately, or one already taken.
    case staleChallenge = 9
    /// A challenge that gives us the session we name already.
    case knownChallenge = 10
    /// Authentic, and no message.
    case malformed = 11
    /// Authentic, and of a kind that does not travel between terminals.
    case localOnly = 12
}

extension Link {
    private mutating func refuse(_ refusal: LinkRefusal) -> LinkOutcome {
        counts[Int(refusal.rawValue) - 1] &+= 1
        return .refused(refusal)
    }

    private mutating func take(_ envelope: Envelope, _ plain: [UInt8], from place: Int, now: Uptime)
        -> LinkOutcome
    {
        switch pairs[place].listening.judge(envelope, now: now) {
        case .taken(let newRun):
            guard let message = try? Message(decoding: plain, from: Envelope.bytes) else {
                return refuse(.malformed)
            }
            guard !message.kind.isLocal else { return refuse(.localOnly) }
            return .message(from: pairs[place].peer, message, newRun: newRun)
        case .repeated: return refuse(.repeated)
        case .tooOld: return refuse(.tooOld)
        case .unnamed: return refuse(.unnamed)
        case .challenge(let session):
            let challenge = Challenge(
                echoRun: envelope.run, echoSequence: envelope.sequence, session: session)
            return .answer(seal(.challenge(challenge), in: place), to: pairs[place].peer)
        }
    }

    private mutating func takeChallenge(_ plain: [UInt8], from place: Int) -> LinkOutcome {
        guard case .challenge(let challenge) = try? Message(decoding: plain, from: Envelope.bytes) else {
            return refuse(.malformed)
        }
        switch pairs[place].speaking.take(challenge, run: run) {
        case .renamed: return .renamed(pairs[place].peer)
        case .known: return refuse(.knownChallenge)
        case .stale: return refuse(.staleChallenge)
        }
    }
}

/// The layout around a sealed message.
private enum Datagram {
    /// `WPL`, version 1.
    static let magic: [UInt8] = [0x57, 0x50, 0x4c, 1]
    static let senderAt = 4
    static let nonceAt = 20
    static let sealedAt = 44
    static let tagBytes = 16
    static let minBytes = sealedAt + Envelope.bytes + 1 + tagBytes
}

extension Link {
    private mutating func seal(_ message: Message, in place: Int) -> [UInt8] {
        let envelope = pairs[place].speaking.seal(run: run)
        var plain = WireWriter(capacity: 512)
        plain.put(envelope.run)
        plain.put(envelope.session)
        plain.put(envelope.sequence)
        plain.append(message.encode())
        var head = WireWriter(capacity: Datagram.sealedAt + 16)
        head.append(Datagram.magic)
        head.put(own)
        var nonce = [UInt8](repeating: 0, count: Datagram.sealedAt - Datagram.nonceAt)
        randombytes_buf(&nonce, nonce.count)
        head.append(nonce)
        let clear = head.bytes
        head.put(pairs[place].peer)
        var sealed = [UInt8](repeating: 0, count: plain.bytes.count + Datagram.tagBytes)
        crypto_aead_xchacha20poly1305_ietf_encrypt(
            &sealed, nil, plain.bytes, UInt64(plain.bytes.count), head.bytes, UInt64(head.bytes.count), nil,
            nonce,
            pairs[place].speakKey)
        return clear + sealed
    }

    private func readEnvelope(_ bytes: [UInt8]) -> Result<(Int, Envelope, [UInt8]), LinkRefusal> {
        guard bytes.count >= Datagram.minBytes else { return .failure(.tooShort) }
        guard bytes.count <= Limits.datagramMaxBytes else { return .failure(.tooLong) }
        guard bytes.starts(with: Datagram.magic) else { return .failure(.notOurs) }
        var clear = WireReader(bytes, from: Datagram.senderAt)
        guard let sender: TerminalID = try? clear.identifier(), let place = places[sender] else {
            return .failure(.unknownSender)
        }
        var bound = WireWriter(capacity: Datagram.sealedAt + 16)
        bound.append(bytes[..<Datagram.sealedAt])
        bound.put(own)
        let nonce = Array(bytes[Datagram.nonceAt..<Datagram.sealedAt])
        let sealed = Array(bytes[Datagram.sealedAt...])
        var plain = [UInt8](repeating: 0, count: sealed.count - Datagram.tagBytes)
        let verdict = crypto_aead_xchacha20poly1305_ietf_decrypt(
            &plain, nil, nil, sealed, UInt64(sealed.count), bound.bytes, UInt64(bound.bytes.count), nonce,
            pairs[place].listenKey)
        guard verdict == 0 else { return .failure(.forged) }
        var reader = WireReader(plain, from: 0)
        guard let run = try? reader.number(UInt64.self), let session = try? reader.number(UInt64.self),
            let sequence = try? reader.number(UInt64.self)
        else { return .failure(.tooShort) }
        return .success((place, Envelope(run: run, session: session, sequence: sequence), plain))
    }
}

/// The two keys of a pair, one per direction, so that nothing can be sent back to its maker.
private enum PairKeys {
    /// `nil`: not a public key that two can make a secret with. The smaller public key plays the client's
    /// part.
    static func derive(own: LinkKeys, peer: [UInt8]) -> (listen: [UInt8], speak: [UInt8])? {
        guard peer.count == LinkKeys.keyBytes, peer != own.publicKey else { return nil }
        var listen = [UInt8](repeating: 0, count: LinkKeys.keyBytes)
        var speak = listen
        let verdict =
            own.publicKey.lexicographicallyPrecedes(peer)
            ? crypto_kx_client_session_keys(&listen, &speak, own.publicKey, own.secretKey, peer)
            : crypto_kx_server_session_keys(&listen, &speak, own.publicKey, own.secretKey, peer)
        return verdict == 0 ? (listen, speak) : nil
    }
}
