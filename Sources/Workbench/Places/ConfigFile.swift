// SPDX-License-Identifier: Apache-2.0
package import Facility

/// A terminal's compiled configuration as a file.
package enum ConfigFile {
    package static func write(_ config: TerminalConfig, to path: String) throws(Fault) {}
}
