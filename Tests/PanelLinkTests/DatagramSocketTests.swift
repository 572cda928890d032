// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing

@testable import PanelLink

private let loopback: UInt32 = 0x7f00_0001

@Test func datagram_arrivesWithItsSender_onLoopback() throws {
    let a = try DatagramSocket(address: loopback, port: 0)
    let b = try DatagramSocket(address: loopback, port: 0)
    #expect(a.port != 0 && a.port != b.port)
    #expect(a.send([1, 2, 3], address: loopback, port: b.port))
    var buffer = [UInt8](repeating: 0, count: Limits.datagramMaxBytes + 1)
    let got = b.receive(into: &buffer)
    #expect(got?.count == 3 && got?.address == loopback && got?.port == a.port)
    #expect(Array(buffer[..<3]) == [1, 2, 3])
    #expect(b.receive(into: &buffer) == nil)
}

@Test func datagram_isCutWhereTheLinkSeesThatItWasTooLong() throws {
    let a = try DatagramSocket(address: loopback, port: 0)
    var buffer = [UInt8](repeating: 0, count: Limits.datagramMaxBytes + 1)
    a.send([UInt8](repeating: 7, count: 5_000), address: loopback, port: a.port)
    #expect(a.receive(into: &buffer)?.count == Limits.datagramMaxBytes + 1)
    var link = Link(own: cell, keys: .generate(), run: 1, peers: [])
    #expect(link.open(buffer[...], now: at(ms: 0)) == .refused(.tooLong))
}

@Test func socket_isRefusedWithAHint_whenThePortIsTaken() throws {
    let a = try DatagramSocket(address: loopback, port: 0)
    let fault = #expect(throws: Fault.self) { try DatagramSocket(address: loopback, port: a.port) }
    #expect(fault?.place == "127.0.0.1:\(a.port)" && fault?.hint.contains("ss -ulpn") == true)
}

@Test func socket_opens_whenTheAddressIsNotUpYet() throws {
    let early = try DatagramSocket(address: 0xc000_0207, port: 0)
    #expect(early.port != 0)
}
