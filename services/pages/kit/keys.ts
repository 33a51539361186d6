// Shortcuts: one table, from which the help dialog is made. A single letter works only where nobody types, and can be switched off
// (WCAG 2.1.4).
import { signal } from "@preact/signals";
import { keep, kept } from "./keep";

export interface Shortcut { keys: string; text: string; group: string; run(): void; when?(): boolean }

export const letters = signal(kept("letters", "on") === "on");
export const shortcuts = signal<Shortcut[]>([]);

/** Adds shortcuts and returns what takes them away again. */
export function bind(...added: Shortcut[]): () => void {
  shortcuts.value = [...shortcuts.value, ...added];
  return () => (shortcuts.value = shortcuts.value.filter((s) => !added.includes(s)));
}

export function switchLetters(on: boolean): void { letters.value = on; keep("letters", on ? "on" : "off"); }

/** The name of what was pressed: "g", "?", "ctrl+enter", "f2". */
export function named(e: { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean }): string {
  const key = e.key === " " ? "space" : e.key.length === 1 ? e.key : e.key.toLowerCase();
  return `${e.ctrlKey || e.metaKey ? "ctrl+" : ""}${e.altKey ? "alt+" : ""}${key}`;
}

/** Recognises shortcuts of one key or of two in a row, such as "g e". */
export class Recogniser {
  private before = "";
  private at = 0;

  /** Returns the shortcut that is now complete. ms is the time of the key: two keys belong together within a second. */
  take(key: string, ms: number, all: Shortcut[]): Shortcut | undefined {
    const pair = ms - this.at < 1000 && this.before ? `${this.before} ${key}` : "";
    const live = all.filter((s) => s.when?.() ?? true).reverse(); // what was bound last stands above
    const found = (pair && live.find((s) => s.keys === pair)) || live.find((s) => s.keys === key);
    this.before = found ? "" : key;
    this.at = ms;
    return found;
  }
}

const typing = (target: EventTarget | null) => target instanceof HTMLElement && (target.matches("input:not([type=checkbox]), textarea, select") || target.isContentEditable);

/** Listens to the page. */
export function listen(): void {
  const recogniser = new Recogniser();
  addEventListener("keydown", (e) => {
    if (e.defaultPrevented || e.isComposing) return;
    const key = named(e), letter = key.length === 1;
    if (letter && (typing(e.target) || !letters.value || document.querySelector("dialog[open]"))) return;
    const found = recogniser.take(key, e.timeStamp, shortcuts.value);
    if (!found || (typing(e.target) && !key.includes("+") && key !== "escape" && !/^f\d+$/.test(key))) return;
    e.preventDefault();
    found.run();
  });
}
