// Short messages at the edge of the page. A failure stays until it is closed; the rest goes by itself.
import { signal } from "@preact/signals";
import { Problem } from "./request";

interface Toast { id: number; text: string; bad: boolean }

const toasts = signal<Toast[]>([]);
let next = 0;
const life = 7000; // milliseconds

const close = (id: number) => (toasts.value = toasts.value.filter((t) => t.id !== id));

export function say(text: string): void {
  const id = ++next;
  toasts.value = [...toasts.value, { id, text, bad: false }].slice(-4);
  setTimeout(() => close(id), life);
}

/** Tells what failed and why. */
export function complain(what: string, fault: unknown): void {
  toasts.value = [...toasts.value, { id: ++next, text: `${what}: ${explain(fault)}`, bad: true }].slice(-4);
}

/** A fault in words for a person, with the trace by which it can be found. */
export function explain(fault: unknown): string {
  if (!(fault instanceof Problem)) return fault instanceof Error ? fault.message : String(fault);
  const where = fault.errors.map((e) => (e.location ? `${e.location}: ${e.message}` : e.message)).join("; ");
  return [fault.detail || fault.title, where, fault.traceId && `(trace ${fault.traceId})`].filter(Boolean).join(" ");
}

export const Toasts = () => (
  <div class="toasts" role="status" aria-live="polite">
    {toasts.value.map((t) => (
      <div key={t.id} class={t.bad ? "toast bad" : "toast"}>
        <span>{t.bad ? "■ " : "● "}{t.text}</span>
        <button class="plain" aria-label="Close message" onClick={() => close(t.id)}>✕</button>
      </div>
    ))}
  </div>
);
