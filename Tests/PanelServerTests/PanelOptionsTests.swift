// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import PanelServer

struct PanelOptionsTests {
    @Test func options_areTaken_orRefusedAsAWhole() {
        let options = PanelOptions(["--config", "a.db", "--port", "7071"])
        #expect(options?.configuration == "a.db" && options?.port == 7_071)
        for words in [
            [], ["--port", "1"], ["--config"], ["--config", "a", "--port", "x"], ["--what", "a"],
        ] {
            #expect(PanelOptions(words) == nil)
        }
    }
}
