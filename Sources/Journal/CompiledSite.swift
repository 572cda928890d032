// SPDX-License-Identifier: Apache-2.0
package import Facility
package enum CompiledSite {
    package static func readNewestGood(_ path: String, preferPrevious: Bool) throws(Fault) -> (config: TerminalConfig, usedPrevious: Bool, fault: Fault?) { throw Fault("", at: "", cause: "", hint: "") }
}
