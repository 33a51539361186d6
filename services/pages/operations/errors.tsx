// The error queue: what failed, by reason; replay and discard, one or many, each with a reason and never twice.
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Column } from "../kit/columns";
import { count, group as grouped, stamp } from "../kit/format";
import { query } from "../kit/request";
import { may } from "../kit/session";
import { Table } from "../kit/table";
import { complain } from "../kit/toasts";
import { Bulk, type Choice } from "./bulk";
import { client, resource, useResource } from "./core";
import { Entry } from "./entry";
import { Fault, Panel, Rows, stateText, stateTone } from "./parts";
import { groups } from "./resources";
import { go } from "./route";
import type { ErrorGroup, Failed } from "./types";

const groupColumns: Column<ErrorGroup>[] = [
  { name: "count", title: "Count", width: 76, right: true, text: (g) => grouped(g.count), key: (g) => g.count, tone: () => "bad" },
  { name: "queue", title: "Queue", width: 120, text: (g) => g.queue || "not known" },
  { name: "type", title: "Type", width: 190, wide: true, text: (g) => g.type || "not readable" },
  { name: "reason", title: "Reason", width: 160, grow: true, text: (g) => g.reason },
  { name: "last", title: "Last", width: 150, text: (g) => stamp(g.last_at) },
];
const entryColumns: Column<Failed>[] = [
  { name: "failed", title: "Failed", width: 150, text: (e) => stamp(e.failed_at), key: (e) => e.failed_at },
  { name: "state", title: "State", width: 104, text: (e) => stateText(e.state), tone: (e) => stateTone(e.state) },
  { name: "queue", title: "Queue", width: 110, text: (e) => e.queue },
  { name: "type", title: "Type", width: 180, wide: true, text: (e) => e.type },
  { name: "text", title: "Reason", width: 160, grow: true, text: (e) => e.text },
  { name: "failures", title: "Times", width: 60, right: true, wide: true, text: (e) => String(e.failures), key: (e) => e.failures },
];

const states = ["open", "replayed", "discarded"];
const most = 500; // entries of one request
const longest = 20_000; // entries of the list; a group can be resolved whatever its size

interface Page { items: Failed[]; next?: string; total: number }

export function Errors({ chosen }: { chosen: string | undefined }) {
  const [group, setGroup] = useState<ErrorGroup>(), [state, setState] = useState("open"), [filter, setFilter] = useState(""), [marked, setMarked] = useState<string[]>([]);
  const [choice, setChoice] = useState<Choice>(), [depth, setDepth] = useState(most), [more, setMore] = useState<Failed[]>([]), [cursor, setCursor] = useState<string>();
  const [list] = useState(() => { const at = { state: "open", group: "" }; return { at, page: resource<Page>("errors", () => query("/v1/errors", { ...at, limit: most })) }; });
  const found = useResource(groups), page = useResource(list.page);
  useEffect(() => {
    Object.assign(list.at, { state, group: group?.key ?? "" });
    setDepth(most);
    setMarked([]);
    void list.page.load();
  }, [state, group?.key]);
  // After a change the list is as long as it was before.
  useEffect(() => {
    let live = true;
    const read = async () => {
      const all: Failed[] = [];
      let next = page?.next;
      while (next && all.length + most < depth) {
        const found: Page = await client.get<Page>(query("/v1/errors", { ...list.at, limit: most, cursor: next }));
        all.push(...found.items);
        next = found.next;
        if (!live) return;
      }
      setMore(all);
      setCursor(next);
    };
    read().catch((fault) => complain("More entries", fault));
    return () => { live = false; };
  }, [page, depth]);
  const rows = useMemo(() => [...(page?.items ?? []), ...more], [page, more]);
  if (chosen) return <Entry id={chosen} />;
  return (
    <div class="view">
      <Panel title="What failed, and why" aside={found && <span class={found.total ? "bad" : "ok"}>{found.total ? "■" : "●"} {count(found.total, "open message")}</span>}>
        <Fault fault={groups.fault.value} what="The error queue" />
        <Rows n={found?.items.length ?? 0} most={6}>
          <Table label="Groups" columns={groupColumns} rows={found?.items ?? []} id={(g) => g.key} sorted={{ column: "count", descending: true }} open={(g) => { setGroup(g); setState("open"); }} empty="Nothing has failed." autofocus />
        </Rows>
      </Panel>
      <Panel title={group ? `${group.queue}: ${group.reason}` : "All messages"} aside={<>
        {group && <button class="plain" onClick={() => setGroup(undefined)}>All groups</button>}
        <label class="inline">State <select value={state} onChange={(e) => setState(e.currentTarget.value)}>{states.map((s) => <option key={s}>{s}</option>)}</select></label>
        <input type="search" aria-label="Filter" placeholder="Filter ( / )" value={filter} onInput={(e) => setFilter(e.currentTarget.value)} data-find />
      </>}>
        <Fault fault={list.page.fault.value} what="Entries" />
        {state === "open" && <Tools marked={marked} group={group} choose={setChoice} />}
        <Rows n={rows.length} most={14}>
          <Table label="Entries" columns={entryColumns} rows={rows} id={(e) => e.id} sorted={{ column: "failed", descending: true }} filter={filter} marks={setMarked} marked={marked} open={(e) => go("errors", e.id)} empty="No such message." />
        </Rows>
        <p class="buttons dim">{grouped(rows.length)} of {grouped(page?.total ?? 0)} shown{cursor && <><button onClick={() => setDepth(depth + most)}>Show {most} more</button><button onClick={() => setDepth(longest)}>Show all</button></>}</p>
      </Panel>
      {choice && <Bulk choice={choice} close={() => { setChoice(undefined); setMarked([]); }} />}
    </div>
  );
}

function Tools({ marked, group, choose }: { marked: string[]; group: ErrorGroup | undefined; choose(c: Choice): void }) {
  const target = marked.length ? { ids: marked } : group ? { group: group.key } : undefined;
  const what = marked.length ? count(marked.length, "marked message") : group ? `the whole group (${grouped(group.count)})` : "";
  return (
    <p class="buttons">
      {may("error.replay") && <button disabled={!target} onClick={() => choose({ word: "replay", target: target!, what })}>Replay {what || "…"}</button>}
      {may("error.discard") && <button class="risk" disabled={!target} onClick={() => choose({ word: "discard", target: target!, what })}>Discard {what || "…"}</button>}
      {!target && <span class="dim">Open a group, or mark messages with <kbd>x</kbd></span>}
    </p>
  );
}
