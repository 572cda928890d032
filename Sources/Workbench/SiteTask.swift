// SPDX-License-Identifier: Apache-2.0
package import Facility
import PanelLink

/// What a technician does before a terminal runs: makes its key, checks and applies the site. On the tool's main thread.
package struct SiteTask {
    private let voice: Voice

    package init(_ voice: Voice) { self.voice = voice }

    package func keygen(_ path: String) throws(Fault) -> Outcome {
        let keys = LinkKeys.generate()
        try keys.write(path)
        var line = JSONLine()
        line.add("file", path)
        line.add("publicKey", keys.publicText)
        if voice.speaksJSON { voice.say(line) } else { voice.say(keys.publicText) }
        return .done
    }
}
