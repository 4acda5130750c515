/** The one call that the page can have: from cold to conversation, over another path when there is none, and back again. */
import { Ears } from "../sound/ears.js";
import { fileOfAddress, openFile, openMicrophone, openSilence } from "../sound/source.js";
import { parts, sessionOf } from "../set/settings.js";
import { notReady } from "./keys.js";
import { Refusal, words } from "./refusal.js";
import { Session } from "./session.js";
import { WayBack } from "./way-back.js";
import { WebRTCCall } from "./webrtc.js";
import { WebSocketCall } from "./websocket.js";

const secondMilliseconds = 1000;
/** Of calling again after the line was lost; a server that is away is waited for without end. */
const attempts = 3;

/**
 * Events: `state` (detail: {state, words}); `session` (detail: Session) when a call is placed; `track` (detail: MediaStream);
 * `pathless` when the call goes on over WebSocket; `key` when the server wants one.
 */
export class Phone extends EventTarget {
    /** "idle", "asking", "waiting", "connecting", "connected" or "failed". */
    state = "idle";
    /** What lives exactly as long as a call: {context, source, call, session, ears, received}; null between calls. */
    now = null;
    #keys;
    #wishes;
    #failures = 0;
    #wayBack = new WayBack();

    /**
     * @param {import("./keys.js").Keys} keys
     * @param {() => {settings: object, microphone: object, file: File | undefined, history: object[]}} wishes
     */
    constructor(keys, wishes) {
        super();
        this.#keys = keys;
        this.#wishes = wishes;
    }

    /** Whether the next call goes on with a session whose connection was lost, if it waits long enough. */
    get hasWayBack() {
        return this.#wayBack.isOpen;
    }

    /** @param {{isSilent?: boolean, goesOn?: boolean}} how a call in writing needs no microphone; one that goes on has a past */
    async start({ isSilent = false, goesOn = this.hasWayBack } = {}) {
        if (this.now) return;
        const mine = { context: new AudioContext(), source: null, call: null, session: null, ears: null, received: null, isSilent, goesOn, isBack: false };
        this.now = mine;
        // Within the press of the button, as browsers want it.
        mine.context.resume();
        this.#show("connecting", "Connecting…");
        try {
            if (await this.#isReady(mine)) mine.source = await this.#openSource(mine);
            if (this.now === mine) await this.#place(mine);
        } catch (error) {
            if (this.now === mine) this.#fail(error);
        }
        if (this.now !== mine) release(mine);
    }

    /** Hangs up. Does nothing between calls, except giving up waiting for the server. */
    stop(words = "Call ended.", state = "idle") {
        this.#wayBack.close();
        this.#release(words, state);
    }

    #release(words, state) {
        const ending = this.now;
        if (!ending) return;
        this.now = null;
        release(ending);
        this.#show(state, words);
    }

    /** The same conversation over whatever transport is set now. */
    async restart() {
        const isSilent = this.now?.isSilent ?? false;
        this.stop("Calling again…");
        await this.start({ isSilent, goesOn: true });
    }

    async #openSource(mine) {
        await mine.context.resume();
        mine.ears = await Ears.open(mine.context);
        if (!mine.isSilent) this.#show("asking", "Asking for the microphone…");
        if (mine.isSilent) return openSilence(mine.context);
        const { microphone, file } = this.#wishes();
        const bytes = file ? await file.arrayBuffer() : await fileOfAddress();
        return bytes ? openFile(mine.context, bytes, true) : openMicrophone(microphone);
    }

    /** Waits while models load or the server is away; false when the person has hung up meanwhile. */
    async #isReady(mine) {
        while (this.now === mine) {
            const reason = await notReady().catch((error) => {
                if (!mine.goesOn) throw error;
                return "The server is away. The call goes on when it is back.";
            });
            if (reason === null) return this.now === mine;
            this.#show("waiting", reason);
            await pause();
        }
        return false;
    }

    async #place(mine) {
        this.#show("connecting", "Connecting…");
        mine.ears.listenToSent(mine.source.stream);
        const { settings } = this.#wishes();
        if (mine.goesOn && this.#wayBack.isOpen && (await this.#comeBack(mine, settings))) return;
        const model = settings.model || null;
        const secret = await this.#keys.secret({ ...sessionOf(parts(settings)), ...(model ? { model } : {}) });
        if (this.now !== mine) return;
        await this.#open(mine, settings, secret, model ? { model } : {});
    }

    /** Into the session that waits; false when it does no more. Who has the key has made the secret that it began with. */
    async #comeBack(mine, settings) {
        mine.isBack = true;
        try {
            await this.#open(mine, settings, this.#keys.key, this.#wayBack.query(settings.transport));
        } catch (error) {
            if (error.code !== "invalid_resume_token") throw error;
            mine.call.hangUp();
            mine.isBack = false;
            this.#wayBack.close();
        }
        return mine.isBack || this.now !== mine;
    }

    async #open(mine, settings, secret, query) {
        const call = settings.transport === "websocket"
            ? new WebSocketCall(mine.context, mine.source.stream, secret, query)
            : new WebRTCCall(mine.source.stream, secret, query);
        call.isAwaited = mine.isBack;
        this.#follow(mine, call, settings);
        await call.place();
    }

    #follow(mine, call, settings) {
        const session = new Session(call, settings);
        Object.assign(mine, { call, session });
        session.addEventListener("event", ({ detail: { from, event } }) => {
            if (from !== "server" || this.now !== mine) return;
            this.#wayBack.take(event);
            call.isAwaited = this.#wayBack.isOpen;
        });
        const whileMine = (act) => (event) => { if (this.now === mine && mine.call === call) act(event.detail); };
        call.addEventListener("connected", whileMine(() => this.#connected(mine)));
        call.addEventListener("interrupted", whileMine(() => this.#show("connecting", "Interrupted. Waiting for the server…")));
        call.addEventListener("ended", whileMine((end) => this.#ended(end)));
        call.addEventListener("pathless", whileMine(() => this.#goOverWebSocket(mine)));
        call.addEventListener("track", whileMine((stream) => {
            mine.received = stream;
            mine.ears.listenToReceived(stream);
            this.#tell("track", stream);
        }));
        this.#tell("session", session);
    }

    #connected(mine) {
        this.#failures = 0;
        if (mine.goesOn && !mine.isBack) mine.session.restore(this.#wishes().history);
        mine.goesOn = false;
        this.#show("connected", "Connected.");
    }

    async #goOverWebSocket(mine) {
        this.#tell("pathless", null);
        try {
            await this.#place(mine);
        } catch (error) {
            if (this.now === mine) this.#fail(error);
        }
    }

    /** Calls again where the line was lost or the server has gone; a call that the server has ended stays ended. */
    async #ended(end) {
        const { isSilent } = this.now;
        if (end?.lost) this.#release(end.words, "failed");
        else this.stop(end?.words);
        await pause();
        if (this.now) return;
        const isThere = await notReady().then((reason) => reason === null, () => false);
        if (this.now || (isThere && !end?.lost) || this.#failures >= attempts) return;
        this.#failures += 1;
        await this.start({ isSilent, goesOn: true });
    }

    #fail(error) {
        const wantsKey = error instanceof Refusal && error.wantsKey;
        if (!wantsKey) return this.stop(words(error), "failed");
        this.stop(this.#keys.key ? "The server refused the key. Check it and try again." : "The server asks for a key.", "failed");
        this.#tell("key", null);
    }

    #show(state, words) {
        this.state = state;
        this.#tell("state", { state, words });
    }

    #tell(type, detail) {
        this.dispatchEvent(new CustomEvent(type, { detail }));
    }
}

function release(ending) {
    ending.call?.hangUp();
    ending.ears?.close();
    ending.source?.stop();
    if (ending.context.state !== "closed") ending.context.close();
}

function pause() {
    return new Promise((resolve) => setTimeout(resolve, secondMilliseconds));
}
