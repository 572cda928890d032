// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing

struct EventIDTests {
    private func makeID(_ stream: Facility.Stream, run: UInt64, sequence: UInt64) throws -> EventID {
        EventID(terminal: try #require(TerminalID("cell-101")), stream: stream, run: run, sequence: sequence)
    }

    @Test func description_hasOneForm_whenPrinted() throws {
        #expect(
            try "\(makeID(.alarm, run: 0x9f3c_0a1b_2c3d_4e5f, sequence: 1))"
                == "cell-101/alarm/9f3c0a1b2c3d4e5f/1")
        #expect(
            try "\(makeID(.health, run: 0xff, sequence: .max))"
                == "cell-101/health/00000000000000ff/\(UInt64.max)")
    }

    @Test(arguments: Facility.Stream.allCases, [UInt64.min, 1, 0x8000_0000_0000_0000, .max])
    func text_comesBack_whenReadAgain(_ stream: Facility.Stream, _ run: UInt64) throws {
        let id = try makeID(stream, run: run, sequence: run)
        #expect(EventID("\(id)") == id)
    }

    @Test(arguments: [
        "", "/", "cell-101/alarm/9f3c0a1b2c3d4e5f", "cell-101/alarm/9f3c0a1b2c3d4e5f/1/",
        "cell-101/alarm/9f3c/1",
        "cell-101/bell/9f3c0a1b2c3d4e5f/1", "cell 101/alarm/9f3c0a1b2c3d4e5f/1", "/alarm/9f3c0a1b2c3d4e5f/1",
        "cell-101/alarm/9f3c0a1b2c3d4e5g/1", "cell-101/alarm/9f3c0a1b2c3d4e5f/",
        "cell-101/alarm/9f3c0a1b2c3d4e5f/-1",
        "cell-101/alarm/9f3c0a1b2c3d4e5f/18446744073709551616", "cell-101//9f3c0a1b2c3d4e5f/1",
    ])
    func text_isRefused_whenItIsNoID(_ text: String) {
        #expect(EventID(text) == nil)
    }

    @Test(arguments: [
        "cell-101/alarm/9F3C0A1B2C3D4E5F/1", "cell-101/alarm/+f3c0a1b2c3d4e5f/1",
        "cell-101/alarm/9f3c0a1b2c3d4e5f/+1",
        "cell-101/alarm/9f3c0a1b2c3d4e5f/01",
    ])
    func text_isRefused_whenItIsASecondSpelling(_ text: String) {
        #expect(EventID(text) == nil)
    }

    @Test func streams_keepTheirNumbers_whenWrittenDown() {
        #expect(Facility.Stream.allCases.map(\.rawValue) == [1, 2, 3, 4, 5, 6])
    }
}
