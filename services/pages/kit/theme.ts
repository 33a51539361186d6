// Light or dark, as the system has it or as the person has chosen.
import { computed, effect, signal } from "@preact/signals";
import { keep, kept } from "./keep";

export type Theme = "auto" | "light" | "dark";

const system = matchMedia("(prefers-color-scheme: dark)");
const systemDark = signal(system.matches);
system.addEventListener("change", (e) => (systemDark.value = e.matches));

/** What the person has chosen. */
export const theme = signal<Theme>(kept("theme", "auto") as Theme);
/** What is shown. */
export const scheme = computed(() => (theme.value === "auto" ? (systemDark.value ? "dark" : "light") : theme.value));

effect(() => {
  const root = document.documentElement;
  if (theme.value === "auto") delete root.dataset["theme"];
  else root.dataset["theme"] = theme.value;
  keep("theme", theme.value);
});

/** The next of auto, light, dark. */
export function nextTheme(): void { theme.value = ({ auto: "light", light: "dark", dark: "auto" } as const)[theme.value]; }
