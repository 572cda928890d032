// SPDX-License-Identifier: Apache-2.0
import Foundation

/// What Package.swift says of the rooms: which there are, and which may know which.
struct RoomPlan {
    /// Room, shim or doorway → what it names as dependencies, products included.
    private(set) var dependencies: [String: [String]] = [:]
    /// The text of each target's declaration.
    private(set) var declarations: [String: String] = [:]

    init(package: SourceFile) {
        let text = package.text
        for found in text.matches(
            of: #"^ +(?:room|\.\w*[tT]arget|\.systemLibrary)\(\s*(?:name:\s*)?"([\w-]+)""#)
        {
            let name = (text as NSString).substring(with: found.range(at: 1))
            let declaration = Self.balanced((text as NSString).substring(from: found.range.location))
            declarations[name] = declaration
            dependencies[name] = declaration.captures(of: #""([\w-]+)""#).filter { $0 != name }
        }
    }

    /// Everything that a target links, itself included.
    func closure(of target: String) -> Set<String> {
        var seen: Set<String> = []
        var open = [target]
        while let next = open.popLast() {
            if seen.insert(next).inserted { open += dependencies[next] ?? [] }
        }
        return seen
    }

    /// From the first parenthesis to the one that closes it.
    private static func balanced(_ text: String) -> String {
        var depth = 0
        var taken = ""
        for character in text {
            taken.append(character)
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            if character == ")", depth == 0 { break }
        }
        return taken
    }
}
