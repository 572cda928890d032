// SPDX-License-Identifier: Apache-2.0
import Alarms
import Testing
import Workbench

@Test(arguments: [
    (["LANG": "zh_CN.UTF-8"], Language.zh), (["LANG": "en_US.UTF-8"], .en), ([:], .en),
    (["LANG": "zh_CN.UTF-8", "LC_ALL": "C"], .en),
    (["LANG": "C", "LC_ALL": "", "LC_MESSAGES": "zh_TW"], .zh),
])
func language_followsTheEnvironment_inTheOrderOfPOSIX(environment: [String: String], language: Language) {
    #expect(Language(environment: environment) == language)
}

@Test func words_areSaidInBoth_readersFirst() {
    #expect(AlarmClass.emergency.words.both(.zh) == "紧急 emergency")
    #expect(AlarmClass.emergency.words.both(.en) == "emergency 紧急")
    #expect(Set(AlarmCause.allCases.map(\.words.zh)).count == AlarmCause.allCases.count)
    #expect(Set(AlarmPhase.allCases.map(\.words.en)).count == AlarmPhase.allCases.count)
}
