// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Facility
import Foundation
import Workbench

// Doorway of the tool: reads the command line, runs one command, ends with 0 (done), 1 (refused or failed,
// the sentence is on standard error) or 2 (wrong usage).
do {
    var command = try Watchpost.parseAsRoot()
    try command.run()
} catch let outcome as Outcome {
    exit(outcome.rawValue)
} catch let fault as Fault {
    exit(Voice(language: Language()).fail(fault).rawValue)
} catch {
    // Help and version end well; everything else that the parser throws is a wrong command line.
    let isWellEnded = Watchpost.exitCode(for: error).isSuccess
    let text = Watchpost.fullMessage(for: error)
    let voice = Voice(language: Language())
    if isWellEnded { voice.say(text) } else { voice.complain(text) }
    exit(isWellEnded ? Outcome.done.rawValue : Outcome.wrongUsage.rawValue)
}
