// SPDX-License-Identifier: Apache-2.0
import ConsoleServer
import Facility
import HTTPTypes

/// The description of the API (OpenAPI 3.1), made from the table that serves it. Pure.
enum OpenAPIText {
    static func describe(_ routes: [ConsoleRoute]) -> JSONValue {
        var paths: [String: JSONValue] = [:]
        for route in routes {
            var methods: [String: JSONValue] = [:]
            if case .object(let known)? = paths[route.path] { methods = known }
            methods[route.method.rawValue.lowercased()] = describe(route)
            paths[route.path] = .object(methods)
        }
        return .object([
            "openapi": .text("3.1.0"),
            "info": .object(["title": .text("Watchpost"), "version": .text(Hub.version)]),
            "paths": .object(paths),
            "components": .object([
                "securitySchemes": .object([
                    "session": .object([
                        "type": .text("apiKey"), "in": .text("cookie"), "name": .text(Cookies.session),
                    ])
                ]),
                "schemas": .object(["Error": error]),
            ]),
        ])
    }

    private static func describe(_ route: ConsoleRoute) -> JSONValue {
        let inPath = route.parts.filter { $0.hasPrefix("{") }.map { part in
            JSONValue.object([
                "name": .text(String(part.dropFirst().prefix { $0 != "}" })), "in": .text("path"),
                "required": .bool(true),
                "schema": .object(["type": .text("string")]),
            ])
        }
        let inQuery = route.query.map { field in
            JSONValue.object([
                "name": .text(field.name), "in": .text("query"), "required": .bool(field.isRequired),
                "schema": schema(field),
            ])
        }
        var said: [String: JSONValue] = [
            "summary": .text(route.summary), "parameters": .list(inPath + inQuery),
            "responses": responses(route),
        ]
        switch route.access {
        case .anyone: said["security"] = .list([])
        case .wall: said["security"] = .list([.object(["session": .list([])])])
        case .roles(let roles):
            said["security"] = .list([.object(["session": .list([])])])
            said["x-roles"] = .list(roles.map(\.rawValue).sorted().map { .text($0) })
        }
        if !route.body.isEmpty { said["requestBody"] = body(route.body) }
        return .object(said)
    }

    private static func body(_ fields: [ConsoleField]) -> JSONValue {
        let whole = JSONValue.object([
            "type": .text("object"),
            "properties": .object(Dictionary(uniqueKeysWithValues: fields.map { ($0.name, schema($0)) })),
            "required": .list(fields.filter(\.isRequired).map { .text($0.name) }),
        ])
        return .object([
            "required": .bool(true), "content": .object(["application/json": .object(["schema": whole])]),
        ])
    }

    private static func schema(_ field: ConsoleField) -> JSONValue {
        switch field.kind {
        case .text(let most): .object(["type": .text("string"), "maxLength": .int(Int64(most))])
        case .int(let range):
            .object([
                "type": .text("integer"), "minimum": .int(range.lowerBound),
                "maximum": .int(range.upperBound),
            ])
        case .texts(let count, let most):
            .object([
                "type": .text("array"), "maxItems": .int(Int64(count)),
                "items": .object(["type": .text("string"), "maxLength": .int(Int64(most))]),
            ])
        case .oneOf(let words): .object(["type": .text("string"), "enum": .list(words.map { .text($0) })])
        }
    }

    /// Every refusal has the same form; which of them a route may give, by what it asks for.
    private static func responses(_ route: ConsoleRoute) -> JSONValue {
        var codes: [Int] = []
        if route.access != .anyone { codes.append(401) }
        if case .roles = route.access { codes.append(403) }
        if route.method != .get { codes += [403, 409] }
        if !route.query.isEmpty { codes.append(400) }
        if !route.body.isEmpty { codes += [400, 401, 413, 415, 429] }
        if route.path.contains("{") { codes += [400, 404] }
        if route.path.hasPrefix("/api/alarms/"), route.method == .post { codes.append(504) }
        if route.path == "/api/stream" { codes.append(503) }
        let refusal = JSONValue.object([
            "description": .text("Refused, with a sentence in both languages."),
            "content": .object([
                "application/json": .object([
                    "schema": .object(["$ref": .text("#/components/schemas/Error")])
                ])
            ]),
        ])
        var all = Dictionary(uniqueKeysWithValues: Set(codes).map { ("\($0)", refusal) })
        all["200"] = .object(["description": .text("Done.")])
        return .object(all)
    }

    private static let error: JSONValue = .object([
        "type": .text("object"), "required": .list([.text("error")]),
        "properties": .object([
            "error": .object([
                "type": .text("object"), "required": .list([.text("code"), .text("zh"), .text("en")]),
                "properties": .object([
                    "code": .object(["type": .text("string")]), "zh": .object(["type": .text("string")]),
                    "en": .object(["type": .text("string")]),
                ]),
            ])
        ]),
    ])
}
