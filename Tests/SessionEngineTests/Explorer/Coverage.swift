import RealtimeProtocol

@testable import SessionEngine

/// In what states the machine met what inputs.
enum Coverage {
    struct Cell: Hashable {
        let state: State
        let input: String
    }

    /// What the machine was about: what it said, and whose turn it was.
    struct State: Hashable {
        enum Speaking: String, CaseIterable {
            case silent, waiting, generating, voicing, playing, aside, closed
        }

        enum Listening: String, CaseIterable {
            case manual, listening, turn
        }

        let speaking: Speaking
        let listening: Listening

        static let all: [State] = Speaking.allCases.flatMap { speaking in
            Listening.allCases.map { State(speaking: speaking, listening: $0) }
        }
    }

    static let inputs: [String] = [
        "attached", "resumed", "detached", "rejected", "audio", "voice", "turnScore", "recognised", "transcriptDelta",
        "transcribed",
        "transcriptionFailed", "model", "modelEnded", "speech", "clauseSpoken", "speechFailed", "played", "toolsListed",
        "toolListFailed", "toolEnded", "allowance", "deadline",
        "end", "session.update", "append", "commit", "clear", "item.create", "item.retrieve", "item.truncate",
        "item.delete", "response.create", "response.create none", "response.cancel", "output.clear",
    ]

    static func cell(_ machine: SessionMachine, _ input: SessionInput) -> Cell {
        Cell(state: state(machine), input: name(input))
    }

    private static func state(_ machine: SessionMachine) -> State {
        let listening: State.Listening =
            machine.listening.turns.turn != nil
            ? .turn : machine.configuration.input.turnDetection == nil ? .manual : .listening
        let speaking: State.Speaking =
            if machine.stage == .closed {
                .closed
            } else if let active = machine.responses.active {
                switch active.phase {
                case .waiting: .waiting
                case .generating: .generating
                case .speaking: .voicing
                }
            } else if !machine.responses.outOfBand.isEmpty {
                .aside
            } else {
                machine.output.playouts.isEmpty ? .silent : .playing
            }
        return State(speaking: speaking, listening: listening)
    }

    private static func name(_ input: SessionInput) -> String {
        switch input {
        case .attached: "attached"
        case .resumed: "resumed"
        case .detached: "detached"
        case .client(let event, _): name(event.payload)
        case .rejected: "rejected"
        case .audio: "audio"
        case .voice: "voice"
        case .turnScore: "turnScore"
        case .recognised: "recognised"
        case .transcriptDelta: "transcriptDelta"
        case .transcribed: "transcribed"
        case .transcriptionFailed: "transcriptionFailed"
        case .model: "model"
        case .modelEnded: "modelEnded"
        case .speech: "speech"
        case .clauseSpoken: "clauseSpoken"
        case .speechFailed: "speechFailed"
        case .played: "played"
        case .toolsListed: "toolsListed"
        case .toolListFailed: "toolListFailed"
        case .toolEnded: "toolEnded"
        case .allowance: "allowance"
        case .deadline: "deadline"
        case .end: "end"
        }
    }

    private static func name(_ payload: ClientEvent.Payload) -> String {
        switch payload {
        case .sessionUpdate: "session.update"
        case .inputAudioBufferAppend: "append"
        case .inputAudioBufferCommit: "commit"
        case .inputAudioBufferClear: "clear"
        case .conversationItemCreate: "item.create"
        case .conversationItemRetrieve: "item.retrieve"
        case .conversationItemTruncate: "item.truncate"
        case .conversationItemDelete: "item.delete"
        case .responseCreate(let parameters): parameters.isOutOfBand ? "response.create none" : "response.create"
        case .responseCancel: "response.cancel"
        case .outputAudioBufferClear: "output.clear"
        }
    }
}
