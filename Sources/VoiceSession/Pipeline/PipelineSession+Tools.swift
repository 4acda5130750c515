import CoreMetrics
import Logging
import Metrics
import RealtimeProtocol
import SessionEngine
import SpeechEngines

/// Tools of MCP servers, each work in a task of its own: nothing in the session waits for one.
extension PipelineSession {
    func listTools(_ item: ItemID, _ server: MCPServer) {
        let tools = tools
        children.start(.tool(item)) { [self] ticket in
            do throws(MCPError) {
                let listed = try await tools.tools(of: server)
                metrics.toolListed(.completed)
                await finish(ticket, .toolsListed(item, listed))
            } catch {
                metrics.toolListed(.failed)
                await noteToolFailure(server, error, ticket)
                await finish(ticket, .toolListFailed(item, error))
            }
        }
    }

    func callTool(_ item: ItemID, _ server: MCPServer, _ name: String, _ arguments: String) {
        let tools = tools
        let startedAt = clock.now
        children.start(.tool(item)) { [self] ticket in
            let outcome = await tools.call(name, arguments: arguments, on: server)
            if case .failed(let error) = outcome {
                metrics.toolCalled(.failed, startedAt.duration(to: clock.now))
                await noteToolFailure(server, error, ticket)
            } else {
                metrics.toolCalled(.completed, startedAt.duration(to: clock.now))
            }
            await finish(ticket, .toolEnded(item, outcome))
        }
    }

    /// A tool's own words may be anybody's: the kind of failure alone is logged.
    private func noteToolFailure(_ server: MCPServer, _ error: MCPError, _ ticket: ChildTicket) {
        guard children.isCurrent(ticket) else { return }
        let words =
            switch error {
            case .protocol(let code, _): "protocol error \(code)"
            case .execution: "the tool failed"
            case .http(0, let message): message
            case .http(let code, _): "HTTP status \(code)"
            }
        log.info("A tool server failed", metadata: ["label": "\(server.label)", "error": "\(words)"])
    }
}
