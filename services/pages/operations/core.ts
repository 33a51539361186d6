// What the page knows of the core: resources that are read again when the stream says that they have changed.
import { signal, type Signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Client, Problem } from "../kit/request";
import { makeClient, signedIn } from "../kit/session";
import { Follower, type Link } from "../kit/stream";
import { complain, say } from "../kit/toasts";

export const client: Client = makeClient();
export const link = signal<Link>("connecting");
/** The core's clock at the last sign of life, in milliseconds since 1970. */
export const heard = signal(0);
/** How old what monitoring itself has looked at is, by topic, in milliseconds. */
export const ages = signal<Record<string, number>>({});

export interface Resource<T> {
  value: Signal<T | undefined>;
  fault: Signal<Problem | undefined>; // of the last reading: what is shown is older
  load(): Promise<void>;
}

interface Watched { topic: string; users: number; load(): Promise<void> }
const all: Watched[] = [];

/** A resource at a path. It is read while something shows it: at first, and after each change of its topic. */
export function resource<T>(topic: string, path: () => string): Resource<T> & Watched {
  const value = signal<T>(), fault = signal<Problem>();
  let under: Promise<void> | undefined, again = false;
  const once = async () => {
    try {
      value.value = await client.get<T>(path());
      fault.value = undefined;
    } catch (problem) {
      fault.value = problem instanceof Problem ? problem : new Problem(0, "odd", "Odd answer", String(problem));
    }
  };
  const load = async (): Promise<void> => {
    if (!signedIn.value) return;
    if (under) { again = true; return under; }
    under = once();
    await under;
    under = undefined;
    if (again) { again = false; await load(); }
  };
  const made = { topic, users: 0, value, fault, load };
  all.push(made);
  return made;
}

/** Keeps a resource fresh as long as the component lives. every, in ms, is for what no topic tells of. */
export function useResource<T>(r: Resource<T> & Watched, every = 0): T | undefined {
  useEffect(() => {
    r.users++;
    void r.load();
    const timer = every ? setInterval(() => { if (!document.hidden) void r.load(); }, every) : undefined;
    return () => { r.users--; clearInterval(timer); };
  }, [r, every]);
  return r.value.value;
}

const reload = (topics?: string[]) => Promise.all(all.filter((r) => r.users > 0 && (!topics || topics.includes(r.topic))).map((r) => r.load()));

const follower = new Follower({
  open: (after, signal) => client.open("/v1/events", after ? { "Last-Event-ID": after } : {}, signal),
  snapshot: async () => { await reload(); return undefined; },
  take: (event) => { void reload((JSON.parse(event.data) as { topics: string[] }).topics); },
  tick: (data) => { const tick = JSON.parse(data) as { at: string; ages: Record<string, number> }; heard.value = Date.parse(tick.at); ages.value = tick.ages; },
  state: (state) => { link.value = state; },
});

/** Follows the core as long as the page lives. */
export function follow(): void {
  void follower.run();
  addEventListener("online", () => follower.retry());
}

/** After a sign-in everything is read at once. */
export function welcome(): void { follower.retry(); void reload(); }

/** Does a command and tells how it ended. It returns whether it was done. */
export async function act(what: string, command: () => Promise<unknown>): Promise<boolean> {
  try {
    await command();
    say(`${what}: done`);
    return true;
  } catch (fault) {
    complain(what, fault);
    return false;
  } finally {
    void reload();
  }
}
