// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import Testing

@testable import Journal

struct CompiledSiteSoundTests {
    @Test func sound_readsBack_asItWasWritten() throws {
        let path = NSTemporaryDirectory() + "sound-\(UInt32.random(in: 1 ... .max)).db"
        defer { try? FileManager.default.removeItem(atPath: path) }
        var config = try makeSiteConfig()
        try CompiledSite.write(config, to: path)
        #expect(try CompiledSite.read(path).sound == nil)
        config.sound = SoundPlan(
            card: .alsa("plughw:CARD=Codec"), ports: [config.terminal: 5_060],
            phones: [
                Phone(
                    name: "gate", user: "201", address: 0x0a00_0009, port: 5_060, transport: .tls, step: 1,
                    secrecy: .dtls)
            ],
            registrars: [
                Registrar(
                    address: 0x0a00_0001, port: 5_060, transport: .tcp, realm: "house",
                    passwordPath: "/var/lib/x")
            ], tls: .init(port: 5_061, certificate: "/a.pem", authority: "/b.pem"), secrecyRequired: true,
            canceller: .webrtc, recordingKey: [UInt8](repeating: 7, count: 32))
        try CompiledSite.write(config, to: path)
        #expect(try CompiledSite.read(path) == config)
    }
}
