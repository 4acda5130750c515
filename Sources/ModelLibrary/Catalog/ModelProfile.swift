/// Which models the embedded engine runs on.
package enum ModelProfile: String, CaseIterable, Sendable {
    /// `quality` where its models are there and fast enough on this machine, else `standard`.
    case auto
    /// The smallest language model, for tests.
    case tiny
    /// What two cores carry in a conversation.
    case standard = "default"
    /// Bigger models for bigger machines.
    case quality

    /// What `parley models fetch` brings for it; `auto` fetches no more than it is sure to use.
    package var assets: [ModelAsset] {
        let parts = [ModelAsset.speechRuntime, .sileroVAD, .smartTurn, .rnnoise, recogniser] + voices
        return parts + [languageModel, .languageRuntime]
    }

    package var recogniser: ModelAsset { self == .quality ? .moonshineBase : .moonshineTiny }

    /// The first one speaks; Kokoro is read to by hibari's pronunciation data.
    package var voices: [ModelAsset] { self == .quality ? [.kokoro, .hibari] : [.hibari] }

    package var languageModel: ModelAsset {
        switch self {
        case .tiny: .smolLM2
        case .quality: .qwenCoderLarge
        case .auto, .standard: .qwenCoder
        }
    }
}
