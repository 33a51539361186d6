// Follows a stream of events for as long as the page lives: resumes after a cut, notices gaps and silence, and says how it stands.
// fetch instead of EventSource: it carries the token, shows the status of a refusal, and the page chooses when it comes again.
import { Problem } from "./request";
import { Reader, type Event } from "./sse";

/** live: events arrive. stale: connected, but silent. resyncing: something was missed, all is read again. refused: sign in again. */
export type Link = "connecting" | "live" | "stale" | "reconnecting" | "resyncing" | "refused";

export interface Feed {
  /** Opens the stream after a position; undefined: from now. */
  open(after: string | undefined, signal: AbortSignal): Promise<Response>;
  /** Reads everything anew. It returns the position from which the stream goes on, where there is one. */
  snapshot(): Promise<string | undefined>;
  /** One event that is neither a tick nor a reset. */
  take(event: Event): void;
  /** The data of a tick. */
  tick?(data: string): void;
  state(link: Link): void;
}

/** What a test holds instead of real time. */
export interface Time { now(): number; after(ms: number, run: () => void): () => void; random(): number }

export const real: Time = {
  now: () => performance.now(),
  after: (ms, run) => { const timer = setTimeout(run, ms); return () => clearTimeout(timer); },
  random: Math.random,
};

/** Thrown by take: an event is missing. */
export class Gap extends Error {}

export const bounds = { first: 250, longest: 5_000, stale: 3_000, silent: 10_000 }; // milliseconds

export class Follower {
  private stopped = false;
  private after: string | undefined;
  private wait = bounds.first;
  private wake: (() => void) | undefined;
  private abort = new AbortController();
  private link: Link | undefined;

  constructor(private readonly feed: Feed, private readonly time: Time = real) {}

  /** Follows until stop. */
  async run(): Promise<void> {
    let missed = true, first = true;
    while (!this.stopped) {
      try {
        if (missed) this.tell(first ? "connecting" : "resyncing");
        await this.connect(missed);
        missed = false;
      } catch (fault) {
        if (this.stopped) return;
        const refused = fault instanceof Problem && (fault.status === 401 || fault.status === 403);
        missed ||= fault instanceof Gap || (fault instanceof Problem && fault.code === "position_unknown");
        if (fault instanceof Gap) this.after = undefined;
        if (refused) this.tell("refused");
        else if (!(fault instanceof Gap)) this.tell("reconnecting");
        await this.pause(refused ? undefined : this.next());
        first = false;
        continue;
      }
      this.tell("reconnecting");
      first = false;
      await this.pause(this.next());
    }
  }

  /** Ends it. */
  stop(): void { this.stopped = true; this.abort.abort(); this.wake?.(); }

  /** Tries again at once: after a sign-in, or when the browser says that it is online. */
  retry(): void { this.wait = bounds.first; this.wake?.(); }

  private async connect(missed: boolean): Promise<void> {
    if (missed) this.after = (await this.feed.snapshot()) ?? this.after;
    this.abort = new AbortController();
    const silence = new Silence(this.time, () => this.tell("stale"), () => this.abort.abort());
    try {
      const response = await this.feed.open(this.after, this.abort.signal);
      if (!response.body) throw new Problem(0, "unreachable", "No stream", "");
      silence.heard();
      // Without a position nobody can say what happened while the stream was not open: read again now that it is.
      if (this.after === undefined) await this.feed.snapshot();
      await this.read(response.body, silence);
    } finally {
      silence.end();
      this.abort.abort();
    }
  }

  private async read(body: ReadableStream<Uint8Array>, silence: Silence): Promise<void> {
    const reader = body.getReader(), text = new TextDecoder(), events = new Reader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      silence.heard();
      this.wait = bounds.first;
      this.tell("live");
      for (const event of events.take(text.decode(value, { stream: true }))) this.one(event);
    }
  }

  private one(event: Event): void {
    if (event.name === "reset") throw new Gap("the stream asks for a new snapshot");
    if (event.name === "tick") { this.feed.tick?.(event.data); return; }
    this.feed.take(event);
    if (event.id) this.after = event.id;
  }

  private next(): number {
    const wait = this.wait * (0.5 + this.time.random() / 2);
    this.wait = Math.min(this.wait * 2, bounds.longest);
    return wait;
  }

  private pause(ms: number | undefined): Promise<void> {
    return new Promise((done) => {
      const cancel = ms === undefined ? () => {} : this.time.after(ms, done);
      this.wake = () => { cancel(); done(); };
    });
  }

  private tell(link: Link): void { if (this.link !== link) { this.link = link; this.feed.state(link); } }
}

/** Notices that a connection is silent although it is open. */
class Silence {
  private cancel: () => void = () => {};
  constructor(private readonly time: Time, private readonly stale: () => void, private readonly lost: () => void) { this.heard(); }
  heard(): void {
    this.cancel();
    this.cancel = this.time.after(bounds.stale, () => {
      this.stale();
      this.cancel = this.time.after(bounds.silent - bounds.stale, this.lost);
    });
  }
  end(): void { this.cancel(); }
}

/** Checks that numbered frames follow each other. It throws a Gap if one is missing. */
export class Sequence {
  constructor(private last: number) {}
  /** Reports whether the frame is new. A repeat is not. */
  take(from: number, to: number): boolean {
    if (to <= this.last) return false;
    if (from > this.last + 1) throw new Gap(`${from - this.last - 1} events are missing`);
    this.last = to;
    return true;
  }
}
