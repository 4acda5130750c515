/// What is wrong with a scenario, with the path of the key.
package struct LoadScenarioError: Error, Equatable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }
}
