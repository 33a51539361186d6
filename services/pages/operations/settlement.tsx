// Legs that have failed to settle, by reason and cut-off. Each waits for a person.
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Column } from "../kit/columns";
import { count, group as grouped, span, stamp } from "../kit/format";
import { query } from "../kit/request";
import { Table } from "../kit/table";
import { complain } from "../kit/toasts";
import { client, useResource } from "./core";
import { MovementView } from "./movement";
import { Fault, Panel, Rows } from "./parts";
import { failedLegs, health } from "./resources";
import { go, path } from "./route";
import { amountOf, cutoffOf, groupsOf, isIn, sinceOf, type FailedGroup } from "./settling";
import type { Health, SettledLeg, SettledLegs, Trade } from "./types";

const groupColumns: Column<FailedGroup>[] = [
  { name: "legs", title: "Legs", width: 64, right: true, text: (g) => grouped(g.legs), key: (g) => g.legs, tone: () => "bad" },
  { name: "code", title: "Reason", width: 110, text: (g) => g.code },
  { name: "text", title: "In words", width: 160, grow: true, wide: true, text: (g) => g.text },
  { name: "cutoff", title: "Cut-off", width: 150, text: (g) => stamp(g.cutoff) || "not known" },
  { name: "waiting", title: "Asked again", width: 100, right: true, wide: true, text: (g) => (g.waiting ? grouped(g.waiting) : ""), key: (g) => g.waiting, tone: () => "warn" },
  { name: "clients", title: "Clients", width: 76, right: true, wide: true, text: (g) => grouped(g.clients), key: (g) => g.clients },
  { name: "since", title: "Since", width: 150, wide: true, text: (g) => stamp(g.since) },
];
const legColumns: Column<SettledLeg>[] = [
  { name: "client", title: "Client", width: 76, text: (l) => l.client },
  { name: "amount", title: "Amount", width: 170, grow: true, text: amountOf },
  { name: "code", title: "Reason", width: 92, text: (l) => l.code ?? "", tone: () => "bad" },
  { name: "cutoff", title: "Cut-off", width: 150, wide: true, text: (l) => stamp(cutoffOf(l)) || "not known" },
  { name: "since", title: "Failed since", width: 150, wide: true, text: (l) => stamp(sinceOf(l)), key: sinceOf },
  { name: "tries", title: "Tries", width: 60, right: true, wide: true, text: (l) => String(l.attempt ?? ""), key: (l) => l.attempt ?? 0 },
  { name: "asked", title: "Asked again", width: 150, wide: true, text: (l) => (l.asked ? stamp(l.asked.at) : ""), tone: () => "warn" },
  { name: "date", title: "Value date", width: 96, wide: true, text: (l) => l.value_date },
  { name: "trade", title: "Trade and leg", width: 310, wide: true, text: (l) => `${l.trade_id} ${l.leg}` },
];
const legId = (l: SettledLeg) => `${l.trade_id}/${l.version}/${l.leg}`;
const more = 500; // legs of one request

/** a is a movement, or the word trade, with the trade's id as b. */
export function Settlement({ a, b }: { a: string | undefined; b: string | undefined }) {
  if (a === "trade" && b) return <OfTrade id={b} />;
  if (a) return <MovementView key={a} id={a} />;
  return <Failed />;
}

function Failed() {
  const page = useResource(failedLegs, 10_000), [rest, setRest] = useState<SettledLeg[]>([]), [depth, setDepth] = useState(more), [cursor, setCursor] = useState<string>();
  const [chosen, setChosen] = useState(""), [filter, setFilter] = useState("");
  // After a change the list is as long as it was before.
  useEffect(() => {
    let live = true;
    const read = async () => {
      const all: SettledLeg[] = [];
      let next = page?.next;
      while (next && all.length + more < depth) {
        const found: SettledLegs = await client.get<SettledLegs>(query("/v1/settlements", { state: "failed", limit: more, cursor: next }));
        all.push(...found.settlements);
        next = found.next;
        if (!live) return;
      }
      setRest(all);
      setCursor(next);
    };
    read().catch((fault) => complain("More legs", fault));
    return () => { live = false; };
  }, [page, depth]);
  const all = useMemo(() => [...(page?.settlements ?? []), ...rest], [page, rest]), groups = useMemo(() => groupsOf(all), [all]);
  const group = groups.find((g) => g.key === chosen), rows = useMemo(() => (group ? all.filter((l) => isIn(l, group.key)) : all), [all, group?.key]);
  return (
    <div class="view">
      <Panel title="What has failed to settle, and why" aside={<Waiting />}>
        <Fault fault={failedLegs.fault.value} what="Settlements" />
        <Rows n={groups.length} most={6}>
          <Table label="Groups" columns={groupColumns} rows={groups} id={(g) => g.key} sorted={{ column: "since", descending: false }} open={(g) => setChosen(g.key)} empty="Nothing has failed to settle." autofocus />
        </Rows>
      </Panel>
      <Panel title={group ? `${group.code}, cut-off ${stamp(group.cutoff) || "not known"}` : "All failed legs"} aside={<>
        {group && <button class="plain" onClick={() => setChosen("")}>All groups</button>}
        <input type="search" aria-label="Filter" placeholder="Filter ( / )" value={filter} onInput={(e) => setFilter(e.currentTarget.value)} data-find />
      </>}>
        <Rows n={rows.length} most={14}>
          <Table label="Failed legs" columns={legColumns} rows={rows} id={legId} sorted={{ column: "since", descending: false }} filter={filter} open={(l) => go("settlement", l.movement_id)} empty="No such leg." />
        </Rows>
        <p class="buttons dim">{count(rows.length, "leg")}. Open one to see what can be done.{cursor && <button onClick={() => setDepth(depth + more)}>Show {more} more</button>}</p>
      </Panel>
    </div>
  );
}

/** How many movements the mainframe has not answered, as its gateway tells. */
export function waitingOf(h: Health | undefined): { movements: number; seconds: number } {
  const of = (name: string) => h?.instances.map((i) => i.measures?.[name] ?? 0) ?? [];
  return { movements: of("fx_movements_waiting").reduce((sum, n) => sum + n, 0), seconds: Math.max(0, ...of("fx_movements_oldest_seconds")) };
}

function Waiting() {
  const { movements, seconds } = waitingOf(useResource(health));
  if (!movements) return <span class="dim">No movement waits for the mainframe.</span>;
  return <a href={path("logs", "", "mainframe")}>{count(movements, "movement")} {movements === 1 ? "waits" : "wait"} for the mainframe, the oldest for {span(seconds * 1000)}</a>;
}

/** The failed legs of one trade. */
function OfTrade({ id }: { id: string }) {
  const [rows, setRows] = useState<SettledLeg[]>();
  useEffect(() => {
    let live = true;
    const failed = (t: Trade) => t.legs.filter((l) => l.state === "failed" && l.settlement).map((l): SettledLeg => ({
      ...l.settlement!, trade_id: id, client: t.client ?? "", state: "failed", exchange: { side: l.side, base: l.base ?? "", base_amount: l.base_amount ?? "", quote: l.quote ?? "", quote_amount: l.quote_amount ?? "" },
    }));
    client.get<Trade>(`/v1/trades/${encodeURIComponent(id)}`).then((t) => live && setRows(failed(t)), (fault) => live && complain("The trade", fault));
    return () => { live = false; };
  }, [id]);
  return (
    <div class="view">
      <Panel title="Failed legs of the trade" aside={<><a href={path("trace", id)}>The way of the trade</a><a href={path("settlement")}>All</a></>}>
        <p class="mono">{id}</p>
        {rows && <Rows n={rows.length} most={4}><Table label="Failed legs" columns={legColumns} rows={rows} id={legId} open={(l) => go("settlement", l.movement_id)} empty="No leg of this trade has failed now." autofocus /></Rows>}
      </Panel>
    </div>
  );
}
