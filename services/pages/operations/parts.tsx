// Small parts that several views share.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { span as period, moment, stamp } from "../kit/format";
import type { Problem } from "../kit/request";
import { explain } from "../kit/toasts";
import { heard } from "./core";

/** How long ago, by the core's clock; the exact time when pointed at. */
export function Ago({ at }: { at: string | undefined }) {
  const time = moment(at);
  if (time === undefined) return null;
  return <time dateTime={at} title={stamp(at)}>{period(Math.max(heard.value, Date.now()) - time)}</time>;
}

/** What could not be read, above what is shown of earlier. */
export const Fault = ({ fault, what }: { fault: Problem | undefined; what: string }) =>
  fault ? <p class="problem" role="alert">{what} cannot be read: {explain(fault)}</p> : null;

export function Panel({ title, children, aside, id }: { title: string; children: ComponentChildren; aside?: ComponentChildren; id?: string }) {
  return <section class="panel" id={id} aria-label={title}><header><h2>{title}</h2>{aside && <div class="aside">{aside}</div>}</header>{children}</section>;
}

/** A table as high as its rows, up to a part of the page. */
export const Rows = ({ n, most = 12, children }: { n: number; most?: number; children: ComponentChildren }) =>
  <div class="fit" style={{ "--n": Math.max(2, Math.min(n, most)) }}>{children}</div>;

const shapes: Record<string, [string, string]> = {
  ready: ["ok", "●"], up: ["ok", "●"], serving: ["ok", "●"], ok: ["ok", "●"], finished: ["ok", "●"], settled: ["ok", "●"], registered: ["ok", "●"], replayed: ["ok", "●"],
  warn: ["warn", "▲"], logged_out: ["warn", "▲"], moving: ["warn", "▲"], draining: ["warn", "▲"], running: ["warn", "▲"], replaying: ["warn", "▲"], degraded: ["warn", "▲"],
  not_ready: ["bad", "■"], silent: ["bad", "■"], down: ["bad", "■"], over: ["bad", "■"], failed: ["bad", "■"], rejected: ["bad", "■"], open: ["bad", "■"],
};
/** A state in words, with a shape: colour alone says nothing to some. */
export const stateText = (state: string) => `${(shapes[state] ?? ["", "○"])[1]} ${state.replaceAll("_", " ")}`;
export const stateTone = (state: string) => (shapes[state] ?? [""])[0] ?? "";
export const State = ({ of }: { of: string }) => <span class={stateTone(of)}>{stateText(of)}</span>;

/** A value that follows what is typed after a pause. */
export function useSettled(value: string, ms = 300): string {
  const [settled, settle] = useState(value);
  useEffect(() => { const timer = setTimeout(() => settle(value), ms); return () => clearTimeout(timer); }, [value, ms]);
  return settled;
}

/** The bytes of a provider's message as a person reads them: a bar for SOH. */
export function wire(base64: string): string {
  return [...atob(base64)].map((c) => (c === "\u0001" ? " | " : c < " " || c > "~" ? `·` : c)).join("");
}
