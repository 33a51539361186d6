import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, Problem, query, type Fetch } from "../../kit/request";

function bench(send: Fetch, fresh = () => false) {
  const refused: Problem[] = [];
  return { client: new Client({ token: () => "secret", fresh, refused: (p) => refused.push(p) }, send, 1), refused };
}
const answer = (status: number, body: unknown, headers: Record<string, string> = {}) => async () => new Response(JSON.stringify(body), { status, headers });

test("a refusal becomes a problem with code, text, trace and fields", async () => {
  const { client } = bench(answer(422, { type: "/problems/invalid", title: "Unprocessable Entity", status: 422, code: "invalid", detail: "The reason is missing.", trace_id: "ab", errors: [{ location: "body.reason", message: "missing" }] }));
  const problem = await client.post("/v1/x", {}).catch((p) => p);
  assert.ok(problem instanceof Problem);
  assert.deepEqual([problem.status, problem.code, problem.message, problem.traceId, problem.errors[0]?.location], [422, "invalid", "The reason is missing.", "ab", "body.reason"]);
});

test("the page of a proxy is a problem, too", async () => {
  const { client } = bench(async () => new Response("<html>Bad Gateway", { status: 502, statusText: "Bad Gateway", headers: { "Retry-After": "3" } }));
  const problem: Problem = await client.get("/v1/x").catch((p) => p);
  assert.deepEqual([problem.code, problem.title, problem.retryAfter], ["http_502", "Bad Gateway", 3]);
});

test("an unknown token is told to the session", async () => {
  const { client, refused } = bench(answer(401, { code: "token_expired", title: "", detail: "" }));
  await assert.rejects(client.get("/v1/x"));
  assert.equal(refused[0]?.code, "token_expired");
});

test("a program that has not heard of a new token yet is asked again, and of an old one it is believed", async () => {
  let asked = 0;
  const hears = async () => (++asked < 4 ? new Response(JSON.stringify({ code: "token_unknown" }), { status: 401 }) : new Response("[]"));
  const late = bench(hears, () => true);
  assert.deepEqual([await late.client.get("/v1/x"), asked, late.refused.length], [[], 4, 0]);
  asked = 0;
  const gone = bench(hears, () => asked < 2);
  await assert.rejects(gone.client.get("/v1/x"));
  assert.deepEqual([asked, gone.refused[0]?.code], [2, "token_unknown"]);
});

test("the stream waits for its token, too", async () => {
  let asked = 0;
  const { client } = bench(async () => (++asked < 2 ? new Response("{\"code\":\"token_unknown\"}", { status: 401 }) : new Response("")), () => true);
  assert.equal((await client.open("/v1/events", {}, new AbortController().signal)).status, 200);
});

test("a command carries token, version and key; its answer's version is kept", async () => {
  let seen: Headers | undefined;
  const { client } = bench(async (_url, init) => { seen = new Headers(init.headers); return new Response(null, { status: 204, headers: { ETag: '"8"' } }); });
  const got = await client.call("/v1/x", { method: "POST", body: { a: 1 }, ifMatch: '"7"', key: "k1" });
  assert.deepEqual([seen!.get("Authorization"), seen!.get("If-Match"), seen!.get("Idempotency-Key"), seen!.get("Content-Type")], ["Bearer secret", '"7"', "k1", "application/json"]);
  assert.deepEqual(got, { body: undefined, etag: '"8"', status: 204 });
});

test("a core that cannot be reached, or does not answer, leaves the outcome open", async () => {
  const away = bench(async () => { throw new TypeError("Failed to fetch"); });
  const problem: Problem = await away.client.post("/v1/x", {}).catch((p) => p);
  assert.deepEqual([problem.code, problem.unknown], ["unreachable", true]);
  const silent = bench((_url, init) => new Promise((_done, fail) => init.signal!.addEventListener("abort", () => fail(init.signal!.reason))));
  const awake = setTimeout(() => {}, 60_000); // Node ends when nothing but a bound is waited for
  const late: Problem = await silent.client.post("/v1/x", {}, { bound: 1 }).catch((p) => p);
  clearTimeout(awake);
  assert.deepEqual([late.code, late.unknown], ["timeout", true]);
});

test("a query leaves out what is empty", () => {
  assert.equal(query("/v1/x", { a: "b c", n: 0, none: undefined, empty: "" }), "/v1/x?a=b+c&n=0");
  assert.equal(query("/v1/x", {}), "/v1/x");
});
