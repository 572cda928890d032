// SPDX-License-Identifier: Apache-2.0
import SiteCheck
import Testing

@Test(arguments: [
    ("role: cell", "role: sell", "Did you mean 'cell'", 8),
    ("address: 10.0.0.1", "adress: 10.0.0.1", "Did you mean 'address'", 11),
    ("address: 10.0.0.1:7400", "address: 10.0.0.256:7400", "no IPv4 address", 11),
    ("address: 10.0.0.1:7400", "address: 10.0.0.1", "no IPv4 address", 11),
    ("address: 10.0.0.1:7400", "address: 10.0.0.1:0", "no IPv4 address", 11),
    ("address: 10.0.0.1:7400", "address: 010.0.0.1:7400", "no IPv4 address", 11),
    ("address: 10.0.0.1:7400", "address: 239.0.0.1:7400", "no IPv4 address", 11),
    ("address: 10.0.0.1:7400", "address: post.example:7400", "no IPv4 address", 11),
    (Samples.key, String(repeating: "0", count: 64), "64 hexadecimal digits", 12),
    ("id: cell-101", "id: cell 101", "no valid name", 7),
    ("    title: Room 101\n", "", "has no 'title'", 7),
    ("board: cell.yaml", "board: cell.yaml\n    key: relative", "no absolute path", 14),
    ("    board: cell.yaml\n", "    board: cell.yaml\n    id: cell-102\n", "already given in line 7", 14),
    (Samples.key, "abc", "64 hexadecimal digits", 12),
])
func terminal_namesMistakeAndLine_when(old: String, new: String, words: String, line: Int) {
    let findings = Samples.site(old, new)
    #expect(findings.names(words, line: line), "\(findings.rendered([.english]))")
}
