// SPDX-License-Identifier: Apache-2.0

/// What a person may do at the console. Deny by default: a route names the roles that it is for.
package enum Role: String, Sendable, CaseIterable, Hashable {
    case officer
    case supervisor
    case technician
    case auditor
    case administrator
}
