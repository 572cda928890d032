// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Sync

@Test func code_isTheSame_howeverItIsTyped() {
    #expect(JoinProof.canonical("k7f2o 9qxml-3tp") == "K7F20-9QXM1-3TP")
    #expect(JoinProof.key(of: "k7f20-9qxm1") == JoinProof.key(of: "K7F2O9QXML"))
    #expect(JoinProof.key(of: "K7F20-9QXM1") != JoinProof.key(of: "K7F20-9QXM2"))
}

@Test func proof_holds_forTheSameCodeAndWordsAlone() {
    let key = JoinProof.key(of: "K7F20-9QXM1")
    let proof = JoinProof.make(key, .asked, ["serial", "csr"])
    #expect(proof.utf8.count == 64)
    #expect(JoinProof.holds(proof, key, .asked, ["serial", "csr"]))
    #expect(!JoinProof.holds(proof, key, .joined, ["serial", "csr"]))
    #expect(!JoinProof.holds(proof, key, .asked, ["serialcsr", ""]))
    #expect(!JoinProof.holds(proof, JoinProof.key(of: "other"), .asked, ["serial", "csr"]))
    #expect(!JoinProof.holds("", key, .asked, ["serial", "csr"]))
}

@Test func proof_isTheStandardsHMAC_overTheWrittenForm() {
    // printf 'watchpost.join.1\0a\0b' | openssl dgst -sha256 -mac HMAC -macopt hexkey:<sha256 of "K">
    let proof = JoinProof.make(JoinProof.key(of: "K"), .asked, ["a", "b"])
    #expect(proof == "f1d43f37f93861fc8c3658c279139e84bf61a93d24ae45b98f584feb603fc0a1")
}
