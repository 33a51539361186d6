// What happened to security, the newest first, and whether the record is what was written.
import { useEffect, useState } from "preact/hooks";
import type { Column } from "../kit/columns";
import { stamp } from "../kit/format";
import { query } from "../kit/request";
import { Table } from "../kit/table";
import { complain } from "../kit/toasts";
import { client } from "./core";
import { Panel, Rows, useSettled } from "./parts";
import type { Audited, AuditChain } from "./types";

const columns: Column<Audited>[] = [
  { name: "at", title: "At", width: 150, text: (a) => stamp(a.at), key: (a) => a.seq },
  { name: "what", title: "What", width: 150, text: (a) => a.what, tone: (a) => (a.outcome === "refused" ? "warn" : "") },
  { name: "count", title: "Count", width: 64, right: true, text: (a) => String(a.count), key: (a) => a.count },
  { name: "who", title: "Who", width: 150, text: (a) => a.who ?? "" },
  { name: "address", title: "From", width: 130, wide: true, text: (a) => a.address ?? "" },
  { name: "about", title: "About", width: 200, text: (a) => a.about ?? "" },
  { name: "why", title: "Why", width: 200, grow: true, wide: true, text: (a) => a.why ?? "" },
];

export function Audit() {
  const [what, setWhat] = useState(""), [who, setWho] = useState(""), [outcome, setOutcome] = useState(""), [lines, setLines] = useState<Audited[]>([]), [before, setBefore] = useState<number>();
  const [one, setOne] = useState<Audited>(), [chain, setChain] = useState<AuditChain>(), kind = useSettled(what), name = useSettled(who);
  const read = async (older?: number) => {
    try {
      const page = await client.get<{ items: Audited[]; before?: number }>(query("/v1/audit", { what: kind, who: name, outcome, limit: 200, before: older }));
      setLines((already) => (older ? [...already, ...page.items] : page.items));
      setBefore(page.before);
      setChain(await client.get<AuditChain>("/v1/audit/chain"));
    } catch (fault) {
      complain("The audit", fault);
    }
  };
  useEffect(() => { void read(); }, [kind, name, outcome]);
  return (
    <div class="view">
      <form class="search" onSubmit={(e) => { e.preventDefault(); void read(); }} role="search">
        <label class="wide">Who<input type="search" value={who} onInput={(e) => setWho(e.currentTarget.value)} data-find autofocus autocomplete="off" spellcheck={false} placeholder="U0013 ( / )" /></label>
        <label>What<input value={what} onInput={(e) => setWhat(e.currentTarget.value)} autocomplete="off" spellcheck={false} placeholder="logon, logon.refused" /></label>
        <label>Outcome<select value={outcome} onChange={(e) => setOutcome(e.currentTarget.value)}><option value="">any</option><option>done</option><option>refused</option></select></label>
        <button class="go">Search</button>
      </form>
      {chain?.fault && <p class="problem" role="alert">The audit is not what was written: {chain.fault}</p>}
      {chain?.sound && <p class="dim">{chain.records ? `All ${chain.records} records were sound` : "There was no record yet"} when the chain was last verified, {stamp(chain.verified_at ?? "")}</p>}
      <Rows n={lines.length} most={24}><Table label="Audit" columns={columns} rows={lines} id={(a) => String(a.seq)} sorted={{ column: "at", descending: true }} open={(a) => setOne(a)} empty="There is no such entry." /></Rows>
      {before && <p class="buttons"><button onClick={() => void read(before)}>Older entries</button></p>}
      {one && (
        <Panel title={one.what} aside={<button class="plain" onClick={() => setOne(undefined)}>Close</button>}>
          <dl class="pairs">{Object.entries(one).map(([key, v]) => <><dt>{key}</dt><dd class="mono">{String(v)}</dd></>)}</dl>
        </Panel>
      )}
    </div>
  );
}
