// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Intercom

struct SIPWordsTests {
    @Test(arguments: [
        ("answer-mode", "Auto"), ("answer-mode", "auto;require"), ("priv-answer-mode", "Auto"),
        ("alert-info", "<http://www.notused.com>;info=alert-autoanswer;delay=0"),
        ("alert-info", "Auto Answer"), ("alert-info", "Ring-Answer"),
        ("alert-info", "<http://127.0.0.1/>;answer-after=0"),
        ("call-info", "<sip:10.0.0.1>;answer-after=0"), ("call-info", "<uri>; Answer-After=0"),
    ])
    func request_answersItself_byEveryHeaderOfTheField(name: String, value: String) {
        #expect(SIPRequest(method: "INVITE", headers: [name: value]).answersItself)
    }

    @Test(arguments: [
        ("answer-mode", "Manual"), ("alert-info", "<http://ring>;info=external"),
        ("call-info", "<sip:x>;answer-after=30"), ("call-info", "<sip:x>;purpose=icon"),
    ])
    func request_waitsForAHand_whenNothingAsksOtherwise(name: String, value: String) {
        #expect(!SIPRequest(method: "INVITE", headers: [name: value]).answersItself)
    }

    @Test func priority_isSeen_whateverItsCase() {
        #expect(SIPRequest(method: "INVITE", headers: ["priority": " Emergency"]).isEmergency)
        #expect(!SIPRequest(method: "INVITE", headers: ["priority": "urgent"]).isEmergency)
    }

    @Test func uri_namesTransport_whereItIsNotUDP() {
        #expect(SIPRequest.uri(user: "a", host: 0x0a00_0001, port: 5_060) == "sip:a@10.0.0.1:5060")
        #expect(
            SIPRequest.uri(user: "a", host: 0x0a00_0001, port: 5_061, .tls)
                == "sip:a@10.0.0.1:5061;transport=tls")
    }
}
