import HTTPTypes
import Hummingbird

/// The journal over HTTP.
struct JournalRoutes: Sendable {
    let journal: Journal?

    /// `DELETE /v1/realtime/journal/{id}`: forgets what was kept of a session, by the id of its call or by its own.
    func delete(_ request: Request, _ context: GatewayContext) async throws -> Response {
        guard let journal, let id = context.parameters.get("id"), try await journal.remove(id) else {
            throw APIError(.notFound, code: "journal_not_found", "Nothing is kept of such a session.")
        }
        return Response(status: .noContent)
    }
}
