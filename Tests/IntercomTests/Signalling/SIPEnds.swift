// SPDX-License-Identifier: Apache-2.0
import CLinux
import Facility
import Testing

@testable import Intercom

/// Endpoints of a test on one signalling thread, with everything that happens at them kept in order.
actor SIPEnds {
    static let host: UInt32 = 0x7f00_0001
    nonisolated let loop: ReLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private var ends: [String: SIPEndpoint] = [:]
    private(set) var events: [String: [SIPEvent]] = [:]
    /// What a new offer within a call is answered with.
    var reoffers: [String: [[UInt8]]] = [:]
    private var rings: Set<String> = []

    init() {
        loop = ReLoop()
        loop.start()
    }

    static let description = SDPAgreement.offer(
        at: MediaAddress(host: host, port: 40_000), sessionID: 1, policy: VoicePolicy()
    ).text

    /// `rings`: it takes every invitation and says that it rings.
    func open(
        _ name: String, rings: Bool = true, admitted: Set<UInt32> = [host], tls: SIPEndpoint.TLS? = nil
    ) throws {
        if rings { self.rings.insert(name) }
        ends[name] = try SIPEndpoint(
            .init(host: Self.host, port: 0, tls: tls, admitted: admitted),
            now: { Uptime(nanoseconds: wp_uptime_ns()) },
            event: { [unowned self] event in assumeIsolated { $0.take(name, event) } },
            reoffered: { [unowned self] _, bytes in
                assumeIsolated {
                    $0.reoffers[name, default: []].append(bytes)
                    return Self.description
                }
            })
    }

    private func take(_ name: String, _ event: SIPEvent) {
        events[name, default: []].append(event)
        if case .invited(let number, _) = event, rings.contains(name) {
            _ = ends[name]?.ring(number, user: name)
        }
    }

    func port(_ name: String) -> UInt16 { ends[name]?.port ?? 0 }
    func counts(_ name: String) -> SIPCounts? { ends[name]?.counts }

    func invite(
        _ from: String, _ uri: String, headers: [(String, String)] = [], offer: String = description
    ) throws -> Int {
        try #require(ends[from]).invite(uri, from: from, headers: headers, offer: offer)
    }

    func use<Result>(_ name: String, _ deed: (SIPEndpoint) throws -> Result) throws -> Result {
        try deed(try #require(ends[name]))
    }

    func count(_ name: String, where test: (SIPEvent) -> Bool) -> Int {
        events[name, default: []].count(where: test)
    }

    func close() {
        for end in ends.values { end.close() }
        ends = [:]
    }

    /// Ends the thread, too.
    nonisolated func end() async {
        await close()
        loop.join()
    }

    /// Looks until it is so; false: not within the time.
    nonisolated func sees(
        _ name: String, ms: Int = 5_000, _ test: @Sendable (SIPEvent) -> Bool
    ) async -> Bool {
        let end = Uptime(nanoseconds: wp_uptime_ns()).advanced(ms: ms)
        while Uptime(nanoseconds: wp_uptime_ns()) < end {
            if await count(name, where: test) > 0 { return true }
            var none: [Int16] = []
            _ = wp_poll([], &none, 0, 1_000_000)
        }
        return false
    }
}

/// The number of the first invitation.
extension [SIPEvent] {
    var invited: (number: Int, request: SIPRequest)? {
        for event in self { if case .invited(let number, let request) = event { return (number, request) } }
        return nil
    }
}
