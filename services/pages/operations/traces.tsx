// Finds the way of a trade: by an id, a reference, a client; by service, outcome, or how long it took.
import { useMemo, useState } from "preact/hooks";
import type { Column } from "../kit/columns";
import { stamp, took } from "../kit/format";
import { query } from "../kit/request";
import { Table } from "../kit/table";
import { explain } from "../kit/toasts";
import { client, resource, useResource } from "./core";
import { Fault, Rows, stateText, stateTone } from "./parts";
import { go, path } from "./route";
import type { Trace } from "./types";

const result = (t: Trace) => (t.failed ? "failed" : (t.outcome ?? ""));
const columns: Column<Trace>[] = [
  { name: "started", title: "Started", width: 150, text: (t) => stamp(t.started_at), key: (t) => t.started_at },
  { name: "took", title: "Took", width: 84, right: true, text: (t) => took(t.duration_us), key: (t) => t.duration_us },
  { name: "outcome", title: "Outcome", width: 112, text: (t) => (result(t) ? stateText(result(t)) : ""), tone: (t) => stateTone(result(t)) },
  { name: "provider", title: "Provider", width: 96, text: (t) => t.provider ?? "" },
  { name: "client", title: "Client", width: 90, wide: true, text: (t) => t.client ?? "" },
  { name: "reference", title: "Reference", width: 200, wide: true, text: (t) => t.reference ?? "" },
  { name: "entry", title: "Began with", width: 170, wide: true, text: (t) => t.entry },
  { name: "services", title: "Passed", width: 160, grow: true, wide: true, text: (t) => t.services.join(" ▸ ") },
];

const kinds: Record<string, (t: Trace) => boolean> = {
  "trades and line checks": (t) => /^(trade|linecheck|what)/.test(t.entry), trades: (t) => t.entry.startsWith("trade"), "line checks": (t) => t.entry.startsWith("linecheck"), everything: () => true,
};

const isId = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
const isClient = (text: string) => /^[CG]\d+$/.test(text);

export function Traces({ provider }: { provider: string | undefined }) {
  const [at] = useState<Record<string, string>>({ outcome: "", service: "", longer: "", reference: "", client: "" });
  const [list] = useState(() => resource<{ traces: Trace[] }>("traces", () => query("/v1/traces", { ...at, limit: 500 })));
  const [problem, setProblem] = useState(""), [kind, setKind] = useState("trades and line checks"), found = useResource(list);
  const all = found?.traces, rows = useMemo(() => all?.filter((t) => kinds[kind]!(t) && (!provider || t.provider === provider)) ?? [], [all, kind, provider]);
  const search = async (e: SubmitEvent) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget as HTMLFormElement), text = (name: string) => String(form.get(name) ?? "").trim();
    const words = text("words");
    setProblem("");
    if (isId(words)) return go("trace", words);
    Object.assign(at, { outcome: text("outcome"), service: text("service"), longer: text("longer"), reference: isClient(words) ? "" : words, client: isClient(words) ? words : "" });
    await list.load();
    const one = list.value.value?.traces;
    if (at["reference"] && one?.length === 1) go("trace", one[0]!.story);
    if (at["reference"] && !one?.length) await whole(words, setProblem);
  };
  return (
    <div class="view">
      <form class="search" onSubmit={search} role="search">
        <label class="wide">Trade, reference or client<input name="words" type="search" data-find autofocus autocomplete="off" spellcheck={false} placeholder="( / )" /></label>
        <label>What<select value={kind} onChange={(e) => setKind(e.currentTarget.value)}>{Object.keys(kinds).map((k) => <option key={k}>{k}</option>)}</select></label>
        <label>Service<select name="service"><option value="">any</option>{["fix", "socket", "api", "auth", "trading", "linecheck", "responsibility", "settlement", "mainframe"].map((s) => <option key={s}>{s}</option>)}</select></label>
        <label>Outcome<select name="outcome"><option value="">any</option>{["registered", "rejected", "booked", "completed"].map((s) => <option key={s}>{s}</option>)}</select></label>
        <label>Took longer than<select name="longer"><option value="">any</option>{["100ms", "500ms", "1s", "10s"].map((s) => <option key={s}>{s}</option>)}</select></label>
        <button class="go">Search</button>
      </form>
      {problem && <p class="problem" role="alert">{problem}</p>}
      {provider && <p class="dim">Of {provider}, among the last 500 · <a href={path("traces")}>all</a></p>}
      <Fault fault={list.fault.value} what="Traces" />
      <Rows n={rows.length} most={22}><Table label="Traces" columns={columns} rows={rows} id={(t) => t.story} sorted={{ column: "started", descending: true }} open={(t) => go("trace", t.story)} empty="No such trade." /></Rows>
    </div>
  );
}

async function whole(words: string, tell: (problem: string) => void): Promise<void> {
  try {
    await client.get(`/v1/traces/${encodeURIComponent(words)}`);
    go("trace", words);
  } catch (fault) {
    tell(`Nothing is known of “${words}”: ${explain(fault)}`);
  }
}

