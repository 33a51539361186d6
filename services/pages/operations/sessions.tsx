// Who serves whom: move a session, drain an instance, look at what happened.
import { useEffect, useState } from "preact/hooks";
import type { Column } from "../kit/columns";
import { count, measured, moment, span, stamp } from "../kit/format";
import { may } from "../kit/session";
import { Table } from "../kit/table";
import { complain, say } from "../kit/toasts";
import { Ask } from "./ask";
import { client, heard, useResource } from "./core";
import { paces } from "./figures";
import { Ago, Fault, Panel, Rows, State, stateText, stateTone } from "./parts";
import { received, sessions } from "./resources";
import { go, path } from "./route";
import type { Seat, Session, SessionEvent } from "./types";

const rank = { down: 0, moving: 1, logged_out: 2, serving: 3 };
type Row = Session & { pace: number | undefined }; // messages a second from the provider
const columns: Column<Row>[] = [
  { name: "state", title: "State", width: 116, text: (s) => stateText(s.state), tone: (s) => stateTone(s.state), key: (s) => `${rank[s.state]}${s.provider}` },
  { name: "provider", title: "Provider", width: 106, text: (s) => s.provider },
  { name: "instance", title: "Served by", width: 96, text: (s) => s.instance || "nobody", tone: (s) => (s.instance ? "" : "bad") },
  { name: "pace", title: "Messages/s", width: 96, right: true, text: (s) => measured(s.pace), key: (s) => s.pace ?? 0 },
  { name: "home", title: "Home", width: 90, wide: true, text: (s) => s.home, tone: (s) => (s.home && s.instance && s.home !== s.instance ? "warn" : "") },
  { name: "standby", title: "Standby", width: 90, wide: true, text: (s) => s.standby.join(", ") || "none", tone: (s) => (s.standby.length ? "" : "bad") },
  { name: "since", title: "Since", width: 90, right: true, wide: true, text: (s) => (s.since ? span(Math.max(heard.value, Date.now()) - (moment(s.since) ?? 0)) : ""), key: (s) => s.since ?? "" },
  { name: "epoch", title: "Epoch", width: 64, right: true, wide: true, text: (s) => String(s.epoch), key: (s) => s.epoch },
  { name: "note", title: "Note", width: 160, grow: true, wide: true, text: (s) => s.note ?? "" },
];

export function Sessions({ chosen }: { chosen: string | undefined }) {
  const found = useResource(sessions, 2000), pace = paces(useResource(received, 10_000));
  const one = found?.items.find((s) => s.provider === chosen);
  return (
    <div class="view">
      <Fault fault={sessions.fault.value} what="Sessions" />
      {found && <Seats seats={found.instances} automatic={found.automatic} />}
      {one && <One session={one} seats={found!.instances} pace={pace.get(one.provider)} />}
      <Rows n={found?.items.length ?? 0} most={24}>
        <Table label="Sessions" columns={columns} rows={found?.items.map((s) => ({ ...s, pace: pace.get(s.provider) })) ?? []} id={(s) => `${s.gateway}/${s.provider}`} sorted={{ column: "state", descending: false }} open={(s) => go("sessions", s.provider)} empty="No session is known." autofocus />
      </Rows>
    </div>
  );
}

function Seats({ seats, automatic }: { seats: Seat[]; automatic: boolean }) {
  const [asking, setAsking] = useState<Seat>();
  return (
    <Panel title="Gateways" aside={<span class="dim">{automatic ? "sessions go home by themselves" : "sessions go home on command"}</span>}>
      <ul class="seats">{seats.map((s) => (
        <li key={s.name}>
          <b>{s.name}</b> <State of={s.draining ? "draining" : s.ready ? "ready" : s.alive ? "not_ready" : "silent"} />
          <span class="dim">{count(s.sessions, "session")}, {s.logged_on} logged on{s.reason && ` · ${s.reason}`}</span>
          {may("operations.command") && <button onClick={() => setAsking(s)}>{s.draining ? "End the drain" : "Drain"}</button>}
        </li>
      ))}</ul>
      {asking && (
        <Ask title={asking.draining ? `End the drain of ${asking.name}` : `Drain ${asking.name}`} go={asking.draining ? "End the drain" : "Drain"} risk={!asking.draining} close={() => setAsking(undefined)}
          act={async (reason) => {
            if (asking.draining) await client.call(`/v1/drains/${encodeURIComponent(asking.name.replace("/", "-"))}?${new URLSearchParams({ reason })}`, { method: "DELETE" });
            else await client.post("/v1/drains", { instance: asking.name, reason });
            say(asking.draining ? `${asking.name} may hold sessions again` : `${asking.name} gives its sessions away`);
            void sessions.load();
          }}>
          {!asking.draining && <p class="note">All of its {count(asking.sessions, "session")} move to other instances, and it gets none until the drain ends. Each provider is away for about a tenth of a second.</p>}
        </Ask>
      )}
    </Panel>
  );
}

function One({ session: s, seats, pace }: { session: Session; seats: Seat[]; pace: number | undefined }) {
  const [events, setEvents] = useState<SessionEvent[]>(), [to, setTo] = useState("");
  useEffect(() => {
    let live = true;
    client.get<{ items: SessionEvent[] }>(`/v1/sessions/${encodeURIComponent(s.provider)}/history?limit=30`).then((a) => live && setEvents(a.items), (fault) => live && complain("The history", fault));
    return () => { live = false; };
  }, [s.provider, s.epoch, s.state]);
  const others = seats.filter((x) => x.gateway === s.gateway && x.name !== s.instance);
  return (
    <Panel title={s.provider} aside={<><a href={path("traces", "provider", s.provider)}>Its trades</a><a href={path("sessions")}>Close</a></>}>
      <p><State of={s.state} /> at <b>{s.instance || "no instance"}</b>{s.since && <>, since <Ago at={s.since} /></>}, epoch {s.epoch}. {pace !== undefined && <>It sends <b>{measured(pace, "/s")}</b> messages. </>}Home is {s.home || "not decided"}. {s.note}</p>
      {may("operations.command") && (
        <p class="buttons">{others.map((x) => <button key={x.name} disabled={!x.ready || x.draining} onClick={() => setTo(x.name)}>Move to {x.name}</button>)}
          {!others.length && <span class="dim">There is no other instance to move it to.</span>}</p>
      )}
      <ul class="plain">{events?.map((e, i) => (
        <li key={i}><span class="mono">{stamp(e.at)}</span> {e.what} {e.instance} {e.epoch ? <span class="dim">epoch {e.epoch}</span> : null} {e.by && <b>{e.by}</b>} {e.text}</li>
      ))}</ul>
      {to && (
        <Ask title={`Move ${s.provider} to ${to}`} go="Move" close={() => setTo("")} act={async (reason) => {
          await client.post(`/v1/sessions/${encodeURIComponent(s.provider)}/moves`, { to, reason });
          say(`${s.provider} moves to ${to}`);
          void sessions.load();
        }}><p class="note">It stays there until that instance is away. The provider is away for about a tenth of a second.</p></Ask>
      )}
    </Panel>
  );
}
