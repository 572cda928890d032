// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
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

@Test func phrase_isSaidInBoth_readersFirst() {
    #expect(AlarmClass.emergency.phrase.both(.zh) == "紧急报警 Emergency")
    #expect(AlarmClass.emergency.phrase.both(.en) == "Emergency 紧急报警")
}
