// SPDX-License-Identifier: Apache-2.0
import Facility

/// Call set-up between two processes of ours.
enum SetupBench {
    static func run(_ arguments: [String]) throws(Fault) {}
}
