// SPDX-License-Identifier: Apache-2.0
import Facility
import Paging
import Testing

struct PlanBytesTests {
    private var plan: TimetablePlan {
        var routine = Samples.routine("wake-up", "06:30", ends: "06:40")
        routine.title = "起床"
        routine.days = RoutineDays(
            types: [DayTypes.weekday, DayTypes.holiday], weekdays: [.monday, .sunday], on: [Samples.monday],
            except: [Samples.monday.advanced(by: 9)], from: Samples.monday, until: nil)
        routine.zones = [Samples.ward]
        var plan = Samples.plan([routine, Samples.routine("b", "07:00")], offsets: Samples.berlin)
        plan.dayTypes = DayTypes.titles
        plan.dates = [Samples.monday: DayTypes.visitDay]
        plan.until = Samples.monday.advanced(by: 365)
        return plan
    }

    @Test func plan_comesBack_asItWas() throws {
        let bytes = PlanBytes.encode(plan)
        #expect(try PlanBytes.decode(bytes, at: "test") == plan)
        #expect(PlanBytes.encode(try PlanBytes.decode(bytes, at: "test")) == bytes)
    }

    @Test func night_comesBack_andAPlanWithoutOneIsAsItAlwaysWas() throws {
        var night = plan
        night.night = NightCap(from: ClockTime("22:00")!, until: ClockTime("06:30")!, capDb: -18)
        let bytes = PlanBytes.encode(night)
        #expect(try PlanBytes.decode(bytes, at: "test") == night)
        #expect(PlanBytes.encode(plan).count == bytes.count - 9)
    }

    @Test func damage_isRefused_atEveryByte() {
        let bytes = PlanBytes.encode(plan)
        for place in bytes.indices {
            var broken = bytes
            broken[place] ^= 0x41
            #expect(throws: Fault.self) { try PlanBytes.decode(broken, at: "test") }
            #expect(throws: Fault.self) { try PlanBytes.decode(Array(bytes.prefix(place)), at: "test") }
        }
    }
}
