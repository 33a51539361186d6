// Where one is on the page: #/errors/ID. The browser's back button works, and an address can be sent to a colleague.
import { signal } from "@preact/signals";

const read = () => location.hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
export const route = signal(read());
addEventListener("hashchange", () => { route.value = read(); });

export const path = (...parts: string[]) => `#/${parts.map(encodeURIComponent).join("/")}`;
export function go(...parts: string[]): void { location.hash = path(...parts); }
