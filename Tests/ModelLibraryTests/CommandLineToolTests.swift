import Foundation
import Glibc
import Testing

@testable import ModelLibrary

@Suite("Programs of the system") struct CommandLineToolTests {
    private static let tool = CommandLineTool(directory: FileManager.default.temporaryDirectory)
    private static let isUnblocked = ["grep", "-Eq", "^SigBlk:[[:space:]]*0+$", "/proc/self/status"]

    @Test("A program has no signal blocked, though the thread that starts it has: cmake needs SIGCHLD")
    func signals() throws {
        var all = sigset_t()
        sigfillset(&all)
        var before = sigset_t()
        pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        #expect(Self.tool.succeeds(Self.isUnblocked))
        try Self.tool.run(Self.isUnblocked)
        var after = sigset_t()
        pthread_sigmask(SIG_SETMASK, nil, &after)
        #expect(sigismember(&after, SIGCHLD) == 1)
    }

    @Test("A program that fails, or is not there, is an error")
    func failure() {
        #expect(throws: ModelError.self) { try Self.tool.run(["false"]) }
        #expect(!Self.tool.succeeds(["no-such-program-of-anybody"]))
    }

    @Test("The error of a program that fails is what it said last")
    func lastWords() {
        #expect(throws: ModelError.toolFailed("sh -c echo first >&2; echo last >&2; exit 3", status: 3, said: "last")) {
            try Self.tool.run(["sh", "-c", "echo first >&2; echo last >&2; exit 3"])
        }
    }

    @Test("A disk that fills while a program writes is told from other failures")
    func fullDisk() throws {
        let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
        #expect {
            try Self.tool.run(["echo", "something"], output: full)
        } throws: { error in
            guard case ModelError.diskFull(_, let reason) = error else { return false }
            return reason.contains("No space left on device")
        }
    }
}
