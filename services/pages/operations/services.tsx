// Every instance of every program: is it well, since when, and was it well before.
import { useEffect, useState } from "preact/hooks";
import type { Column } from "../kit/columns";
import { clock, measured, moment, span, stamp } from "../kit/format";
import { query } from "../kit/request";
import { Table } from "../kit/table";
import { explain } from "../kit/toasts";
import { client, heard, useResource } from "./core";
import { Fault, Panel, Rows, State, stateText, stateTone } from "./parts";
import { health } from "./resources";
import { go, path } from "./route";
import type { Disk, Instance, Period } from "./types";

const says = (i: Instance) => [...(i.reasons ?? []), ...(i.warnings ?? [])].map((r) => `${r.part}: ${r.text}`).join("; ");
const since = (at: string) => span(Math.max(heard.value, Date.now()) - (moment(at) ?? 0));
const rank = { silent: 0, not_ready: 1, ready: 2 };

const columns: Column<Instance>[] = [
  { name: "state", title: "State", width: 104, text: (i) => stateText(i.state), tone: (i) => stateTone(i.state), key: (i) => `${i.state === "ready" && !says(i) ? 3 : rank[i.state]}${i.instance}` },
  { name: "instance", title: "Instance", width: 150, text: (i) => i.instance },
  { name: "since", title: "Since", width: 90, right: true, text: (i) => since(i.since), key: (i) => i.since },
  { name: "says", title: "Why", width: 200, grow: true, text: says },
  { name: "holds", title: "Holds", width: 60, right: true, wide: true, text: (i) => String(i.holds?.length ?? 0), key: (i) => i.holds?.length ?? 0 },
  { name: "memory", title: "Memory", width: 84, right: true, wide: true, text: (i) => measured(i.measures["fx_process_resident_bytes"], "bytes"), key: (i) => i.measures["fx_process_resident_bytes"] ?? 0 },
  { name: "started", title: "Started", width: 150, wide: true, text: (i) => stamp(i.started_at) },
  { name: "version", title: "Version", width: 90, wide: true, text: (i) => i.version },
];

export function Services({ chosen }: { chosen: string | undefined }) {
  const found = useResource(health, 5000);
  const one = found?.instances.find((i) => i.instance === chosen);
  return (
    <div class="view">
      <Fault fault={health.fault.value} what="Health" />
      <p class="strip">{found?.servers.map((s) => <span key={s.name}><State of={s.state} /> {s.name}</span>)}</p>
      {found && <DiskPanel disk={found.disk} />}
      {one && <One instance={one} />}
      <Rows n={found?.instances.length ?? 0} most={28}>
        <Table label="Instances" columns={columns} rows={found?.instances ?? []} id={(i) => i.instance} sorted={{ column: "state", descending: false }} open={(i) => go("services", i.instance)} empty="No instance has reported." autofocus />
      </Rows>
    </div>
  );
}

/** From this share on the folders are shown without a click. */
const nearlyFull = 0.8;

/** How full the disk is, and what fills it. */
function DiskPanel({ disk: d }: { disk: Disk }) {
  const [largest] = d.folders, full = d.used_ratio >= nearlyFull;
  if (!d.used_ratio) return null;
  return (
    <details class="panel" open={full}>
      <summary>Disk <b class={full ? "bad" : ""}>{full && "■ "}{Math.round(d.used_ratio * 100)} % used</b>{largest && <span class="dim"> · largest folder: <span class="mono">{largest.name}</span>, {measured(largest.bytes, "bytes")}</span>}</summary>
      {d.folders.length ? (
        <dl class="pairs">{d.folders.map((f) => <><dt class="mono">{f.name}</dt><dd class="num">{measured(f.bytes, "bytes")}</dd></>)}</dl>
      ) : <p class="dim">The folders are being measured.</p>}
    </details>
  );
}

function One({ instance: i }: { instance: Instance }) {
  const [periods, setPeriods] = useState<Period[]>(), [problem, setProblem] = useState("");
  useEffect(() => {
    let live = true;
    const to = new Date(), from = new Date(to.getTime() - 12 * 3600_000);
    const asked = query("/v1/health-history", { instance: i.instance, from: from.toISOString(), to: to.toISOString() });
    client.get<{ items: Period[] }>(asked).then((a) => live && setPeriods(a.items), (fault) => live && setProblem(explain(fault)));
    return () => { live = false; };
  }, [i.instance]);
  return (
    <Panel title={i.instance} aside={<><a href={path("logs", "", i.instance)}>Its logs</a><a href={path("services")}>Close</a></>}>
      <p><State of={i.state} /> {says(i)}</p>
      {!!i.holds?.length && <p class="dim">Holds {i.holds.join(", ")}</p>}
      <h3>The last 12 hours</h3>
      {problem && <p class="problem" role="alert">{problem}</p>}
      {!periods && !problem && <p class="dim">Reading…</p>}
      <ul class="plain">{periods?.slice(-40).reverse().map((p) => (
        <li key={p.from}><span class="mono">{stamp(p.from)} – {clock(p.to)}</span> <State of={p.state} /> {(p.reasons ?? []).map((r) => `${r.part}: ${r.text}`).join("; ")}</li>
      ))}</ul>
      <details><summary>Measures</summary><dl class="pairs">{Object.entries(i.measures).sort().map(([name, v]) => <><dt class="mono">{name}</dt><dd class="num">{measured(v)}</dd></>)}</dl></details>
    </Panel>
  );
}
