// SPDX-License-Identifier: Apache-2.0
import Alarms
import AsyncHTTPClient
import ConsoleServer
import Crypto
import Facility
import Foundation
import Journal
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL
import PanelLink
import SwiftASN1
import Sync
import X509

@testable import HubServer

/// A whole hub on loopback, with its store and two ports that the system chose.
struct TestHub: Sendable {
    let hub: Hub
    let console: Int
    let sync: Int

    var parts: HubParts { hub.parts }

    static let site: Site = {
        func terminal(_ id: String, _ role: TerminalRole, _ zone: String) -> Terminal {
            Terminal(
                id: name(id), role: role, zone: name(zone), title: "室 \(id)", address: 0, port: 0,
                publicKey: [])
        }
        return Site(
            name: "试验所",
            terminals: [
                terminal("cell-101", .cell, "ward-1"), terminal("cell-201", .cell, "ward-2"),
                terminal("post-a", .post, "ward-1"),
            ],
            rings: [name("ward-1"): [[name("post-a")]], name("ward-2"): [[name("post-a")]]],
            ladderMs: Limits.ladderDefaultMs, officers: [Officer(id: name("P1042"), name: "张警官")])
    }()

    static func config(_ kind: StoreKind) throws -> HubConfig {
        var config = HubConfig(folder: try temporaryFolder())
        config.names = ["localhost", "127.0.0.1"]
        config.address = "127.0.0.1"
        (config.consolePort, config.syncPort) = (0, 0)
        if kind == .postgresql { config.store = try PostgresCluster.shared?.freshDatabase() }
        return config
    }

    static func run(
        _ kind: StoreKind = .sqlite, _ body: @escaping @Sendable (TestHub) async throws -> Void
    ) async throws {
        let config = try config(kind)
        try await HubKeeping.store(config).write {
            try $0.setSite(site, zoneTitles: [name("ward-1"): "一监区"])
        }
        try await run(config, body)
    }

    /// On a store that is there.
    static func run(
        _ config: HubConfig, _ body: @escaping @Sendable (TestHub) async throws -> Void
    ) async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .error
        let hub = try await Hub(config, logger: logger)
        let (opened, tell) = AsyncStream.makeStream(of: (Int, Int).self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try? await hub.run(endsOnSignals: false) { tell.yield(($0, $1)) } }
            for await (console, sync) in opened {
                try await body(TestHub(hub: hub, console: console, sync: sync))
                break
            }
            group.cancelAll()
        }
    }

    /// One that goes on until it is stopped.
    static func start(_ config: HubConfig) async throws -> (hub: TestHub, stop: @Sendable () async -> Void) {
        var logger = Logger(label: "test")
        logger.logLevel = .error
        let hub = try await Hub(config, logger: logger)
        let (opened, tell) = AsyncStream.makeStream(of: (Int, Int).self)
        let task = Task { try? await hub.run(endsOnSignals: false) { tell.yield(($0, $1)) } }
        for await (console, sync) in opened {
            let stop: @Sendable () async -> Void = {
                task.cancel()
                await task.value
            }
            return (TestHub(hub: hub, console: console, sync: sync), stop)
        }
        throw CancellationError()
    }

    /// A client that trusts this hub alone, with a certificate or without.
    func client(_ identity: TestIdentity? = nil) throws -> HTTPClient {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .certificates(
            try NIOSSLCertificate.fromPEMBytes(Array(parts.authority.certificateText.utf8)))
        if let identity {
            tls.certificateChain = try NIOSSLCertificate.fromPEMBytes(Array(identity.certificate.utf8)).map {
                .certificate($0)
            }
            tls.privateKey = .privateKey(
                try NIOSSLPrivateKey(bytes: Array(identity.key.pemRepresentation.utf8), format: .pem))
        }
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls, redirectConfiguration: .disallow)
        configuration.httpVersion = .http1Only
        return HTTPClient(configuration: configuration)
    }

    /// An officer sees both wards unless told otherwise.
    func account(_ named: String, _ role: Role, areas: [ZoneID]? = nil) async throws {
        let areas = areas ?? (role == .officer ? [name("ward-1"), name("ward-2")] : [])
        let account = Account(
            id: named, name: named, officer: role == .officer || role == .supervisor ? name("P1042") : nil,
            role: role,
            areas: areas, password: try await Password.hash("geheim-geheim"))
        try await parts.store.write { try $0.put(account) }
    }

    /// Joined without the way over the network, which has tests of its own.
    func terminal(_ id: String) throws -> TestIdentity {
        let key = P256.Signing.PrivateKey()
        let issued = try parts.authority.certify(
            requestText: try TestIdentity.request(key), as: name(id), nowMs: parts.clock.now().wallMs)
        return TestIdentity(key: key, certificate: issued.text, serial: issued.serial)
    }
}

/// What a machine holds.
struct TestIdentity: Sendable {
    let key: P256.Signing.PrivateKey
    let certificate: String
    let serial: String

    static func request(_ key: P256.Signing.PrivateKey) throws -> String {
        try CertificateSigningRequest(
            version: .v1, subject: DistinguishedName { CommonName("x") }, privateKey: .init(key),
            attributes: .init()
        ).serializeAsPEM().pemString
    }
}

/// One answer, read to its end.
struct TestAnswer: Sendable {
    let status: Int
    let headers: HTTPHeaders
    let body: String

    var json: JSONValue { JSONText.decode(Array(body.utf8)) ?? .null }

    /// `answer["error", "code"]`
    subscript(_ path: String...) -> JSONValue {
        var value = json
        for name in path {
            guard case .object(let object) = value else { return .null }
            value = object[name] ?? .null
        }
        return value
    }
}

extension HTTPClient {
    func ask(
        _ method: HTTPMethod, _ url: String, headers: [(String, String)] = [], body: [UInt8]? = nil
    ) async throws -> TestAnswer {
        var request = HTTPClientRequest(url: url)
        request.method = method
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(body) }
        let response = try await execute(request, timeout: .seconds(30))
        let buffer = try await response.body.collect(upTo: 16 * 1_024 * 1_024)
        return TestAnswer(
            status: Int(response.status.code), headers: response.headers, body: String(buffer: buffer))
    }
}
