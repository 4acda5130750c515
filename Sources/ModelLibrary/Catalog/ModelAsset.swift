/// A model or a runtime library that can be fetched: what it is for, where it comes from and how it is checked.
package struct ModelAsset: Equatable, Sendable {
    package let name: String
    /// What the engine uses it for.
    package let purpose: String
    package let licence: String
    /// Who made it and what is not known of it.
    package let provenance: String
    package let packages: [PinnedPackage]
    package let contents: Contents

    /// What of it lies in the model directory.
    package enum Contents: Equatable, Sendable {
        case files([ModelFile])
        /// Libraries compiled on this machine; the hashes are recorded when they are built.
        case compiled(LibraryBuild)
    }

    /// Changes with the version, so that a new pin never meets an old file.
    package var folder: String { "\(name)-\(packages.first?.version ?? "0")" }

    /// Of what lies in the model directory, rounded.
    package var megabytes: Int { (bytes + 500_000) / 1_000_000 }

    package var bytes: Int {
        switch contents {
        case .files(let files): files.reduce(0) { $0 + $1.bytes }
        case .compiled(let build): build.approximateBytes
        }
    }
}

/// Libraries compiled once with CMake and Ninja from a source distribution.
package struct LibraryBuild: Equatable, Sendable {
    /// Folder of the CMake project within the unpacked archive.
    let sourceFolder: String
    let options: [String]
    let target: String
    /// Library that the engine opens, below the folder.
    package let library: String
    let approximateBytes: Int
    /// For the person who waits.
    package let expectedMinutes: Int
}
