// SPDX-License-Identifier: Apache-2.0
import Alarms
import Console
import Facility
import TestBoard
import Testing

struct FloodKeyTests {
    @Test(arguments: ["cellCall/press/ward-1", "trouble/*/*", "trouble/stuck/*", "emergency/*/ward-1"])
    func text_isReadBack_asItWasWritten(text: String) {
        #expect(FloodKey(text)?.description == text)
    }

    @Test(arguments: [
        "", "cellCall", "cellCall/press", "x/*/*", "cellCall/x/*", "cellCall/*/ /", "trouble/*/",
    ])
    func text_isNoKey_whenItIsNot(text: String) {
        #expect(FloodKey(text) == nil)
        #expect(throws: ConsoleRefusal.unknownKey) { try FloodKey(shelving: text) }
    }

    @Test func oneAlarmsLine_isNeverShelved_becauseItIsAnEmergency() {
        let line = makeAlarm(1).record.id.description
        #expect(throws: ConsoleRefusal.neverShelved) { try FloodKey(shelving: line) }
    }

    @Test func key_coversItsOwn_andNothingElse() {
        let call = makeAlarm(1, .cellCall).record
        #expect(FloodKey(.cellCall, .press, ward1).covers(call, zone: ward1))
        #expect(FloodKey(.cellCall, nil, nil).covers(call, zone: nil))
        #expect(!FloodKey(.cellCall, nil, .named("ward-2")).covers(call, zone: ward1))
        #expect(!FloodKey(.trouble, nil, nil).covers(call, zone: ward1))
    }
}
