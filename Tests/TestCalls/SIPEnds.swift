// SPDX-License-Identifier: Apache-2.0
import CLinux
import Facility
import Testing

@testable package import Intercom

/// Endpoints of a test on one signalling thread, with everything that happens at them kept in order.
package actor SIPEnds {
    package static let host: UInt32 = 0x7f00_0001
    package nonisolated let loop: ReLoop
    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private var ends: [String: SIPEndpoint] = [:]
    package private(set) var events: [String: [SIPEvent]] = [:]
    /// What a new offer within a call is answered with.
    package var reoffers: [String: [[UInt8]]] = [:]
    private var rings: Set<String> = []

    private init() {
        loop = ReLoop()
        loop.start()
    }

    package static let description = SDPAgreement.offer(
        at: MediaAddress(host: host, port: 40_000), sessionID: 1, policy: VoicePolicy()
    ).text

    /// `rings`: it takes every invitation and says that it rings.
    package func open(
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

    package func port(_ name: String) -> UInt16 { ends[name]?.port ?? 0 }
    package func counts(_ name: String) -> SIPCounts? { ends[name]?.counts }

    package func invite(
        _ from: String, _ uri: String, headers: [(String, String)] = [], offer: String = description
    ) throws -> Int {
        try #require(ends[from]).invite(uri, from: from, headers: headers, offer: offer)
    }

    package func use<Result>(_ name: String, _ deed: (SIPEndpoint) throws -> Result) throws -> Result {
        try deed(try #require(ends[name]))
    }

    package func count(_ name: String, where test: (SIPEvent) -> Bool) -> Int {
        events[name, default: []].count(where: test)
    }

    private func close() {
        for end in ends.values { end.close() }
        ends = [:]
    }

    /// Ends for the length of `body`, closed on their thread however that ends.
    package static func run(_ body: (SIPEnds) async throws -> Void) async throws {
        let ends = SIPEnds()
        defer { ends.loop.join() }
        do {
            try await body(ends)
        } catch {
            await ends.close()
            throw error
        }
        await ends.close()
    }

    /// Looks until it is so; false: not within the time.
    package nonisolated func sees(
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
    package var invited: (number: Int, request: SIPRequest)? {
        for event in self { if case .invited(let number, let request) = event { return (number, request) } }
        return nil
    }
}
