// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Facility
import Workbench

/// `watchpost keygen FILE`
struct Keygen: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "生成终端密钥 · makes a terminal's own key",
        discussion: """
            The key goes into a new 0400 file and never leaves the terminal; what is printed is the public key for the \
            site's list. --json prints one object: file, publicKey.
            """)
    @Argument(help: "新密钥文件 · the key's new file")
    var file: String
    @OptionGroup var speech: VoiceOptions
    func run() throws { try SiteTask(speech.voice).keygen(file).end() }
}
