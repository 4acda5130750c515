/// A JSON object whose members keep the order they came in; of two members of one name the later counts.
package struct JSONObject: Equatable, Sendable {
    private static let searchable = 16

    package private(set) var members: [(name: String, value: JSONValue)] = []

    package init() {}

    package init(_ members: [(name: String, value: JSONValue)]) {
        // Beyond a few members a look through all of them for each would let one long object cost a remote nothing and us all.
        guard members.count > Self.searchable else {
            for member in members { self[member.name] = member.value }
            return
        }
        var places: [String: Int] = [:]
        for member in members {
            if let place = places[member.name] {
                self.members[place].value = member.value
            } else {
                places[member.name] = self.members.count
                self.members.append(member)
            }
        }
    }

    package var isEmpty: Bool { members.isEmpty }

    /// Nil for a member that is absent; `.null` for one that is null. Assigning nil removes it.
    package subscript(name: String) -> JSONValue? {
        get { members.first { $0.name == name }?.value }
        set {
            let index = members.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append((name, value))
            case (nil, nil): break
            }
        }
    }

    package static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.members.count == right.members.count && left.members.allSatisfy { right[$0.name] == $0.value }
    }
}
