// Who is signed in. The token lives as long as the browser's tab and is sent to this origin alone.
import { computed, signal } from "@preact/signals";
import { Client, Problem, type Fetch } from "./request";

export interface Session { token: string; user: string; roles: string[]; desk?: string; scope: string[]; expires_at: string }
export interface Credentials { user: string; password: string; code: string }

const place = "fxcore.session";
const spreads = 15_000; // milliseconds in which all programs hear of a token, also under load

let issuedAt = 0; // by the page's own clock; 0: it was not issued to this page

export const session = signal<Session | undefined>(stored());
/** Why the person has to sign in again; empty at the first time. */
export const ended = signal("");
export const signedIn = computed(() => session.value !== undefined);

/** Whether the token allows an action. The core decides in the end: the page only leaves out what would be refused. */
export const may = (action: string): boolean => session.value?.scope.includes(action) ?? false;

export function makeClient(send?: Fetch): Client {
  return new Client({
    token: () => session.value?.token ?? "",
    fresh: () => Date.now() - issuedAt < spreads,
    refused: (problem) => { if (session.value) end(problem.detail || "Your sign-in has ended."); },
  }, send);
}

export async function signIn(client: Client, who: Credentials): Promise<void> {
  const issued = await client.post<Session>("/v1/tokens", { grant: "password", user: who.user, password: who.password, code: who.code });
  issuedAt = Date.now();
  session.value = issued;
  ended.value = "";
  store(issued);
}

export async function signOut(client: Client): Promise<void> {
  try {
    await client.call("/v1/tokens/current", { method: "DELETE" });
  } catch (fault) {
    if (!(fault instanceof Problem)) throw fault; // the token ends by itself
  }
  end("");
}

export function end(why: string): void { ended.value = why; session.value = undefined; store(undefined); }

function store(value: Session | undefined): void {
  try {
    if (value) sessionStorage.setItem(place, JSON.stringify(value));
    else sessionStorage.removeItem(place);
  } catch { /* it lives as long as the page */ }
}

function stored(): Session | undefined {
  try {
    const value = JSON.parse(sessionStorage.getItem(place) ?? "null") as Session | null;
    return value && Date.parse(value.expires_at) > Date.now() ? value : undefined;
  } catch {
    return undefined;
  }
}
