import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "../../kit/request";
import { Reader } from "../../kit/sse";
import { bounds, Follower, Gap, Sequence, type Feed, type Link, type Time } from "../../kit/stream";

// Held time: nothing happens until a test lets it pass.
class Held implements Time {
  at = 0;
  private due: { at: number; run: () => void }[] = [];
  now = () => this.at;
  random = () => 1;
  after = (ms: number, run: () => void) => {
    const one = { at: this.at + ms, run };
    this.due.push(one);
    return () => { this.due = this.due.filter((d) => d !== one); };
  };
  async pass(ms: number) {
    const until = this.at + ms;
    for (;;) {
      await settle();
      const next = this.due.filter((d) => d.at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.at = next.at;
      this.due = this.due.filter((d) => d !== next);
      next.run();
    }
    this.at = until;
    await settle();
  }
}
const settle = () => new Promise<void>((done) => setImmediate(() => setImmediate(done)));

// A server's end of streams, and what the page was told.
class Bench implements Feed {
  links: Link[] = [];
  taken: string[] = [];
  opened: (string | undefined)[] = [];
  snapshots = 0;
  position: string | undefined = "e-10";
  refuse: Problem | undefined;
  time = new Held();
  follower = new Follower(this, this.time);
  private end: ReadableStreamDefaultController<Uint8Array> | undefined;
  sequence = new Sequence(10);

  async open(after: string | undefined, signal: AbortSignal) {
    this.opened.push(after);
    if (this.refuse) throw this.refuse;
    const body = new ReadableStream<Uint8Array>({ start: (c) => { this.end = c; } });
    signal.addEventListener("abort", () => { try { this.end!.error(new Error("aborted")); } catch { /* ended already */ } });
    return new Response(body);
  }
  async snapshot() { this.snapshots++; return this.position; }
  take(e: { data: string }) {
    const [from, to] = e.data.split("-").map(Number) as [number, number];
    if (this.sequence.take(from, to)) this.taken.push(e.data);
  }
  state(link: Link) { this.links.push(link); }
  async write(text: string) { this.end!.enqueue(new TextEncoder().encode(text)); await settle(); }
  async cut() { this.end!.close(); await settle(); }
  async begin() { void this.follower.run(); await settle(); }
}

test("events arrive, and after a cut the stream goes on where it was", async () => {
  const b = new Bench();
  await b.begin();
  await b.write(": hello\n\nid: e-12\ndata: 11-12\n\n");
  assert.deepEqual(b.opened, ["e-10"]);
  await b.cut();
  assert.deepEqual(b.links, ["connecting", "live", "reconnecting"]);
  await b.time.pass(bounds.first);
  await b.write("id: e-13\ndata: 13-13\n\n");
  assert.deepEqual(b.opened, ["e-10", "e-12"]);
  assert.deepEqual(b.taken, ["11-12", "13-13"]);
  assert.equal(b.snapshots, 1, "nothing was missed, so nothing is read again");
  b.follower.stop();
});

test("a gap leads to a new snapshot, and a repeat to nothing", async () => {
  const b = new Bench();
  await b.begin();
  await b.write("id: e-11\ndata: 11-11\n\nid: e-11\ndata: 11-11\n\nid: e-15\ndata: 14-15\n\n");
  b.position = "e-15";
  b.sequence = new Sequence(15);
  await b.time.pass(bounds.first);
  assert.deepEqual(b.taken, ["11-11"]);
  assert.deepEqual(b.opened, ["e-10", "e-15"]);
  assert.equal(b.snapshots, 2);
  assert.ok(b.links.includes("resyncing"));
  b.follower.stop();
});

test("the server asks for a new snapshot by reset", async () => {
  const b = new Bench();
  await b.begin();
  await b.write("event: reset\ndata: \n\n");
  await b.time.pass(bounds.first);
  assert.equal(b.snapshots, 2);
  b.follower.stop();
});

test("a silent connection is stale after three ticks and is given up after ten seconds", async () => {
  const b = new Bench();
  await b.begin();
  await b.write("event: tick\ndata: {}\n\n");
  await b.time.pass(bounds.stale - 1);
  assert.equal(b.links.at(-1), "live");
  await b.time.pass(1);
  assert.equal(b.links.at(-1), "stale");
  await b.write(": still here\n\n");
  assert.equal(b.links.at(-1), "live");
  await b.time.pass(bounds.silent);
  assert.equal(b.links.at(-1), "reconnecting");
  await b.time.pass(bounds.longest);
  assert.equal(b.opened.length, 2);
  b.follower.stop();
});

test("the pause between attempts doubles up to a bound", async () => {
  const b = new Bench();
  b.refuse = new Problem(503, "unavailable", "", "");
  await b.begin();
  const at: number[] = [];
  for (let i = 0; i < 8; i++) {
    const before = b.opened.length;
    while (b.opened.length === before) await b.time.pass(250);
    at.push(b.time.at);
  }
  assert.deepEqual(at, [250, 750, 1750, 3750, 7750, 12750, 17750, 22750]);
  b.follower.stop();
});

test("without a right the stream waits until somebody signs in", async () => {
  const b = new Bench();
  b.refuse = new Problem(401, "token_expired", "", "");
  await b.begin();
  await b.time.pass(60_000);
  assert.equal(b.links.at(-1), "refused");
  assert.equal(b.opened.length, 1);
  b.refuse = undefined;
  b.follower.retry();
  await settle();
  await b.write(": hello\n\n");
  assert.equal(b.links.at(-1), "live");
  b.follower.stop();
});

test("where there are no positions, all is read again once the stream is open", async () => {
  const b = new Bench();
  b.position = undefined;
  await b.begin();
  assert.equal(b.snapshots, 2);
  b.follower.stop();
});

test("the reader of events takes chunks that end anywhere", () => {
  const text = ": hello\n\nid: 7\nevent: tick\ndata: {\"a\":\ndata: 1}\n\ndata:x\r\n\r\n";
  for (let size = 1; size <= text.length; size++) {
    const reader = new Reader(), events = [];
    for (let i = 0; i < text.length; i += size) events.push(...reader.take(text.slice(i, i + size)));
    assert.deepEqual(events, [{ name: "tick", data: "{\"a\":\n1}", id: "7" }, { name: "message", data: "x", id: "7" }], `chunks of ${size}`);
  }
});

test("a sequence knows gaps from repeats", () => {
  const s = new Sequence(5);
  assert.equal(s.take(6, 8), true);
  assert.equal(s.take(6, 8), false);
  assert.throws(() => s.take(10, 11), Gap);
});
