/** The way back into a session whose connection was lost, or whose tab was killed: kept in the tab's storage (docs/extensions.md). */
const place = "parley-way-back";

export class WayBack {
    /** {token, first, last}: what to give back, and the ids of the first and the last event of the session; null for none. */
    #way = JSON.parse(sessionStorage.getItem(place));
    /** Whether this page has seen the events; one that was loaded since the loss begins with none. */
    #hasSeen = false;

    get isOpen() {
        return this.#way !== null;
    }

    /** @param {object} event of the server */
    take(event) {
        if (event.type === "session.created") {
            const token = event.parley?.resume?.token;
            this.#way = token ? { token, first: this.#way?.first ?? event.event_id, last: event.event_id } : null;
            this.#hasSeen = true;
        } else if (this.#way) {
            this.#way.last = event.event_id;
        }
        this.#keep();
    }

    /** For the address of the new connection. A page that has seen nothing gets all that is held, but no sound that was heard. */
    query(transport) {
        const { token, first, last } = this.#way;
        return { resume: token, after: this.#hasSeen || transport === "websocket" ? last : first };
    }

    close() {
        this.#way = null;
        this.#keep();
    }

    #keep() {
        if (this.#way) sessionStorage.setItem(place, JSON.stringify(this.#way));
        else sessionStorage.removeItem(place);
    }
}
