/** Calls of tools, answered: what the page can run is run, and once every call of a response has its result the answer is asked for. */
import { run, runsHere } from "../set/tools.js";

export class ToolLoop {
    #send;
    /** The response of each call that is not over, by call id; a server's own tools by item id. */
    #open = new Map();
    /** Responses that end in calls, and want another after them. */
    #owed = new Set();

    /** @param {(event: object) => void} send */
    constructor(send) {
        this.#send = send;
    }

    /** An event of the server. */
    take(event) {
        const isRemote = event.item?.type === "mcp_call";
        if (event.type === "response.output_item.added" && isRemote) this.#open.set(event.item.id, event.response_id);
        if (event.type === "response.output_item.done" && isRemote) this.#close(event.item.id);
        if (event.type === "response.done" && event.response.status === "completed") this.#answer(event.response);
    }

    /** The result of a call that a person, not the page, has answered. */
    giveResult(callID, output) {
        this.#give(callID, output);
        this.#close(callID);
    }

    #answer(response) {
        const items = response.output ?? [];
        for (const call of items.filter((item) => item.type === "function_call")) {
            if (runsHere(call.name)) this.#give(call.call_id, run(call.name, call.arguments));
            else this.#open.set(call.call_id, response.id);
        }
        if (items.some((item) => item.type === "function_call" || item.type === "mcp_call")) this.#owed.add(response.id);
        this.#settle(response.id);
    }

    #give(callID, output) {
        this.#send({ type: "conversation.item.create", item: { type: "function_call_output", call_id: callID, output } });
    }

    #close(id) {
        const response = this.#open.get(id);
        this.#open.delete(id);
        this.#settle(response);
    }

    #settle(response) {
        if (!this.#owed.has(response) || [...this.#open.values()].includes(response)) return;
        this.#owed.delete(response);
        this.#send({ type: "response.create" });
    }
}
