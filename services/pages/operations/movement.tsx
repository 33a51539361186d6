// One movement that has failed: its legs, why, what to do, and the commands that resolve it. Each needs a reason, and names the movement as it was seen.
import { useEffect, useRef, useState } from "preact/hooks";
import { count, stamp } from "../kit/format";
import type { Answer } from "../kit/request";
import { may } from "../kit/session";
import { explain, say } from "../kit/toasts";
import { Ask } from "./ask";
import { client } from "./core";
import { Ago, Panel, State } from "./parts";
import { failedLegs } from "./resources";
import { path } from "./route";
import { actionsOf, adviceOf, amountOf, becameOf, cutoffOf, sinceOf, type Action } from "./settling";
import type { Movement, SettledLeg } from "./types";

const words: Record<Action, { button: string; title: string; note: string }> = {
  retry: { button: "Try again", title: "Try again", note: "The mainframe is asked again for the same movement. It moves the money once, however often it is asked, and has an hour." },
  settle_by_hand: { button: "Settled by hand", title: "Record as settled by hand", note: "The core moves no money: it records that you have. The line becomes free. If the mainframe moves it, too, money has moved twice." },
  found: { button: "Found at the mainframe", title: "Record as found in the mainframe's book", note: "The mainframe's statement has the movement. The core takes the leg for settled." },
};
const every = 2000; // milliseconds between two looks

interface Asked { id: string; action: Action; before: SettledLeg[] }

export function MovementView({ id }: { id: string }) {
  const [shown, setShown] = useState<Answer<Movement>>(), [problem, setProblem] = useState(""), [asking, setAsking] = useState<Action>(), [asked, setAsked] = useState<Asked>();
  const place = `/v1/movements/${encodeURIComponent(id)}`;
  const read = () => client.call<Movement>(place).then((a) => { setShown(a); setProblem(""); }, (fault) => setProblem(explain(fault)));
  useEffect(() => {
    void read();
    const timer = setInterval(() => { if (!document.hidden) void read(); }, every);
    return () => clearInterval(timer);
  }, [id]);
  if (!shown) return <div class="view">{problem ? <p class="problem" role="alert">{problem}</p> : <p class="dim">Reading…</p>}<p><a href={path("settlement")}>Back</a></p></div>;
  const legs = shown.body.legs, first = legs.find((l) => l.state === "failed"), declined = shown.body.declined_commands ?? [];
  return (
    <div class="view">
      {problem && <p class="problem" role="alert">{problem}</p>}
      <Panel title={`Movement of ${first?.client ?? legs[0]?.client ?? "a client"}`} aside={<a href={path("settlement")}>Back to the list</a>}>
        {first ? (
          <>
            <p><State of="failed" /> since <b>{stamp(sinceOf(first))}</b> (<Ago at={sinceOf(first)} />), after {count(first.attempt ?? 1, "try", "tries")}, cut-off <b>{stamp(cutoffOf(first)) || "not known"}</b>, value date {first.value_date}.</p>
            <p class="problem">{first.code}: {first.text}</p>
            {first.asked ? <p class="note" role="status">{first.asked.by}: {first.asked.action.replaceAll("_", " ")}, at {stamp(first.asked.at)}. The outcome is not known yet.</p> : <p>{adviceOf(first.code ?? "")}</p>}
          </>
        ) : <p><State of="settled" /> {legs[0]?.reference && <>Reference <b>{legs[0].reference}</b></>}{legs[0]?.by_hand && ", by hand"}</p>}
        <Outcome asked={asked} legs={legs} declined={declined.find((d) => d.command_id === asked?.id)?.text} />
        {first && may("settlement.command") && <p class="buttons">{actionsOf(first.code ?? "").map((action, i) => <button key={action} class={i ? "risk" : "go"} onClick={() => setAsking(action)}>{words[action].button}</button>)}</p>}
        {first && !may("settlement.command") && <p class="dim">To resolve it needs the right settlement.command.</p>}
      </Panel>
      <Panel title={count(legs.length, "leg")}>
        <ul class="plain">{legs.map((l) => (
          <li key={`${l.trade_id}/${l.version}/${l.leg}`}><State of={l.state} /> {amountOf(l)} <span class="dim">version {l.version}, leg {l.leg} of</span> <a class="mono" href={path("trace", l.trade_id)}>{l.trade_id}</a></li>
        ))}</ul>
        <p class="dim">Movement <span class="mono">{id}</span></p>
      </Panel>
      {declined.length > 0 && <Panel title="Commands that could not be done">
        <ul class="plain">{declined.map((d) => <li key={d.command_id}><span class="mono">{stamp(d.at)}</span> <b>{d.by}</b> {d.action.replaceAll("_", " ")}: {d.text} <span class="dim">{d.reason}</span></li>)}</ul>
      </Panel>}
      {asking && <Command action={asking} place={place} seen={shown.etag} close={() => setAsking(undefined)} done={(command) => { setAsked({ id: command, action: asking, before: legs }); void read(); void failedLegs.load(); }} />}
    </div>
  );
}

function Outcome({ asked, legs, declined }: { asked: Asked | undefined; legs: SettledLeg[]; declined: string | undefined }) {
  if (!asked) return null;
  if (declined) return <p class="problem" role="alert">{words[asked.action].button}: declined, {declined}</p>;
  const became = becameOf(asked.before, legs);
  if (became === "waits" && legs.some((l) => l.asked)) return null; // the reason says so
  return <p class="note" role="status">{words[asked.action].button}: {became === "waits" ? "settlement has the command; its outcome is shown here" : became}.</p>;
}

interface CommandProperties { action: Action; place: string; seen: string; close(): void; done(command: string): void }

function Command({ action, place, seen, close, done }: CommandProperties) {
  const [reference, setReference] = useState(""), last = useRef({ text: "", key: "" }), w = words[action];
  // The movement as it was when the dialog was opened: if it changes meanwhile, the core refuses.
  const [etag] = useState(seen);
  const act = async (reason: string) => {
    const body = action === "retry" ? { action, reason } : { action, reason, reference: reference.trim() }, text = JSON.stringify(body);
    if (last.current.text !== text) last.current = { text, key: crypto.randomUUID() }; // the same words again are the same command
    const taken = await client.post<{ command_id: string }>(`${place}/commands`, body, { key: last.current.key, ifMatch: etag });
    say(`${w.button}: settlement is told`);
    done(taken.command_id);
  };
  return (
    <Ask title={w.title} go={w.button} risk={action !== "retry"} close={close} act={act}>
      <p class="note">{w.note}</p>
      {action !== "retry" && <label>Reference<input name="reference" value={reference} onInput={(e) => setReference(e.currentTarget.value)} maxLength={64} required autocomplete="off" placeholder={action === "found" ? "The mainframe's, of the movement" : "Of the payment that was made"} /></label>}
    </Ask>
  );
}
