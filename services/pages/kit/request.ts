// Requests to the core. Every refusal is a Problem (RFC 9457) with a code by which the page decides and a text for a person.

export interface Detail { location?: string; message: string }

/** What went wrong with a request. `code` is stable; "unreachable" and "timeout" are the page's own: then nobody knows if a command was done. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly traceId = "",
    readonly errors: Detail[] = [],
    readonly retryAfter = 0, // seconds
  ) {
    super(detail || title);
  }

  /** True where a command may or may not have been done. */
  get unknown(): boolean {
    return this.code === "unreachable" || this.code === "timeout";
  }
}

export interface Answer<T> { body: T; etag: string; status: number }

export interface Call {
  method?: string;
  body?: unknown;
  ifMatch?: string;
  key?: string; // Idempotency-Key: the same key asks about the same command again
  bound?: number; // milliseconds; 15,000 where nothing is said
  signal?: AbortSignal;
}

export interface Access {
  token(): string;
  /** True for the first seconds of a token: the program that issued it knows it, and the others hear of it. */
  fresh(): boolean;
  /** Called when the core does not know the token any more. */
  refused(problem: Problem): void;
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export class Client {
  constructor(private readonly access: Access, private readonly send: Fetch = (url, init) => fetch(url, init), private readonly soon = 300) {}

  async get<T>(path: string, call: Call = {}): Promise<T> {
    return (await this.call<T>(path, call)).body;
  }

  async post<T>(path: string, body: unknown, call: Call = {}): Promise<T> {
    return (await this.call<T>(path, { method: "POST", body, ...call })).body;
  }

  /** Asks once. Throws a Problem for every answer that is not a success. */
  async call<T>(path: string, call: Call = {}): Promise<Answer<T>> {
    const response = await this.known(() => this.reach(path, call));
    if (!response.ok) throw await read(response);
    const text = await response.text();
    return { body: (text ? JSON.parse(text) : undefined) as T, etag: response.headers.get("ETag") ?? "", status: response.status };
  }

  /** Opens an answer that does not end. The caller reads it. */
  async open(path: string, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
    const response = await this.known(() => this.send(path, { headers: { ...this.headers(), ...headers, Accept: "text/event-stream" }, signal, cache: "no-store" }));
    if (!response.ok) throw await read(response);
    return response;
  }

  /** Asks again while the token is so new that the program may not have heard of it. Throws the Problem of a token that does not count. */
  private async known(ask: () => Promise<Response>): Promise<Response> {
    for (;;) {
      const response = await ask();
      if (response.status !== 401) return response;
      const problem = await read(response);
      if (problem.code !== "token_unknown" || !this.access.fresh()) {
        this.access.refused(problem);
        throw problem;
      }
      await new Promise((done) => setTimeout(done, this.soon));
    }
  }

  private async reach(path: string, call: Call): Promise<Response> {
    const bound = AbortSignal.timeout(call.bound ?? 15_000);
    const signal = call.signal ? AbortSignal.any([bound, call.signal]) : bound;
    const headers: Record<string, string> = this.headers();
    if (call.body !== undefined) headers["Content-Type"] = "application/json";
    if (call.ifMatch) headers["If-Match"] = call.ifMatch;
    if (call.key) headers["Idempotency-Key"] = call.key;
    try {
      return await this.send(path, { method: call.method ?? "GET", headers, signal, cache: "no-store", body: call.body === undefined ? null : JSON.stringify(call.body) });
    } catch (fault) {
      if (call.signal?.aborted) throw fault;
      if (bound.aborted) throw new Problem(0, "timeout", "No answer", "The core did not answer in time. Look whether it was done before you try again.");
      throw new Problem(0, "unreachable", "Not reachable", "The core cannot be reached from here. The page tries again by itself.");
    }
  }

  private headers(): Record<string, string> {
    const token = this.access.token();
    return token ? { Accept: "application/json", Authorization: `Bearer ${token}` } : { Accept: "application/json" };
  }
}

async function read(response: Response): Promise<Problem> {
  const wait = Number(response.headers.get("Retry-After") ?? 0) || 0;
  let said: Partial<{ code: string; title: string; detail: string; trace_id: string; errors: Detail[] }> = {};
  try {
    said = await response.json();
  } catch { /* not a problem of ours: a proxy's page */ }
  return new Problem(response.status, said.code ?? `http_${response.status}`, said.title ?? response.statusText, said.detail ?? "",
    said.trace_id ?? response.headers.get("Trace-Id") ?? "", said.errors ?? [], wait);
}

/** A path with a query: what is undefined or empty is left out. */
export function query(path: string, values: Record<string, string | number | boolean | undefined>): string {
  const pairs = Object.entries(values).filter(([, v]) => v !== undefined && v !== "");
  return pairs.length ? `${path}?${new URLSearchParams(pairs.map(([k, v]) => [k, String(v)]))}` : path;
}
