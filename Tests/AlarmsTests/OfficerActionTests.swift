// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import TestBoard
import Testing

struct OfficerActionTests {
    @Test(arguments: AlarmRefusal.allCases)
    func refusal_hasBothSentences_whenRead(_ refusal: AlarmRefusal) {
        #expect(refusal.chinese.hasSuffix("。") && refusal.chinese.count >= 6)
        #expect(refusal.chinese.unicodeScalars.allSatisfy { $0.value > 127 }, "no Latin letters left over")
        #expect(refusal.english.hasSuffix(".") && refusal.english.count >= 12)
        #expect(refusal.english.unicodeScalars.allSatisfy { $0.isASCII })
        #expect(refusal.english.first?.isUppercase == true)
    }

    @Test func refusals_areToldApart_whenRead() {
        #expect(Set(AlarmRefusal.allCases.map(\.chinese)).count == AlarmRefusal.allCases.count)
        #expect(Set(AlarmRefusal.allCases.map(\.english)).count == AlarmRefusal.allCases.count)
    }

    @Test func sentences_tellTheTruth_whenLimitsAreNamedInThem() {
        #expect(
            AlarmRefusal.alreadySilenced.english.contains("two minutes") && Limits.silenceMaxMs == 120_000)
        #expect(AlarmRefusal.mustSoundFirst.english.contains("five seconds") && Limits.resoundMinMs == 5_000)
        #expect(
            AlarmRefusal.notSpokenNorAttended.english.contains("three seconds") && Limits.spokenMinMs == 3_000
        )
        #expect(AlarmRefusal.alreadySilenced.chinese.contains("两分钟"))
        #expect(AlarmRefusal.mustSoundFirst.chinese.contains("五秒"))
        #expect(AlarmRefusal.notSpokenNorAttended.chinese.contains("三秒"))
    }

    @Test func rawValues_areTheWire_whenWrittenDown() {
        #expect(OfficerAction.allCases.map(\.rawValue) == [1, 2, 3, 4])
        #expect(AlarmRefusal.allCases.map(\.rawValue) == Array(1...15))
    }
}
