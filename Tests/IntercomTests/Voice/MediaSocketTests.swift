// SPDX-License-Identifier: Apache-2.0
import CLinux
import Facility
import Intercom
import Testing

struct MediaSocketTests {
    static let loopback: UInt32 = 0x7f00_0001

    @Test func sockets_haveAnEvenPort_andTheNext() throws {
        let socket = try MediaSocket(host: Self.loopback)
        #expect(socket.localPort % 2 == 0)
        #expect(Limits.mediaPortsCount.contains(socket.localPort))
    }

    @Test func sockets_areRefused_whenAllPortsAreTaken() throws {
        let free = try MediaSocket(host: Self.loopback).localPort
        let first = try MediaSocket(host: Self.loopback, ports: free...free + 1)
        #expect(throws: Fault.self) { try MediaSocket(host: Self.loopback, ports: free...free + 1) }
        _ = first
    }
}
