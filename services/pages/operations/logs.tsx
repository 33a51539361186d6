// Lines of all programs' logs, the newest first.
import { useEffect, useState } from "preact/hooks";
import type { Column } from "../kit/columns";
import { stamp } from "../kit/format";
import { query } from "../kit/request";
import { Table } from "../kit/table";
import { complain } from "../kit/toasts";
import { client } from "./core";
import { Panel, Rows, useSettled } from "./parts";
import { path } from "./route";
import type { LogLine } from "./types";

const columns: Column<LogLine>[] = [
  { name: "at", title: "At", width: 150, text: (l) => stamp(l.at), key: (l) => l.at },
  { name: "level", title: "Level", width: 70, text: (l) => l.level, tone: (l) => (l.level === "error" ? "bad" : l.level === "warn" ? "warn" : "dim") },
  { name: "instance", title: "Instance", width: 120, text: (l) => l.instance },
  { name: "message", title: "Message", width: 220, grow: true, text: (l) => `${l.message} ${l.fields["labels.text"] ?? l.fields["error.message"] ?? ""}` },
];

export function Logs({ level: given, instance, correlation }: { level?: string | undefined; instance?: string | undefined; correlation?: string | undefined }) {
  const [words, setWords] = useState(""), [level, setLevel] = useState(given ?? ""), [lines, setLines] = useState<LogLine[]>([]), [next, setNext] = useState<string>(), [one, setOne] = useState<LogLine>();
  const [program, setProgram] = useState(instance ?? ""), q = useSettled(words), who = useSettled(program);
  const read = async (cursor?: string) => {
    const where = /-\w+$/.test(who) ? { instance: who } : { program: who };
    try {
      const page = await client.get<{ items: LogLine[]; next?: string }>(query("/v1/logs", { q, level, ...where, correlation, limit: 200, cursor }));
      setLines((before) => (cursor ? [...before, ...page.items] : page.items));
      setNext(page.next);
    } catch (fault) {
      complain("Logs", fault);
    }
  };
  useEffect(() => { void read(); const timer = setInterval(() => { if (!document.hidden && !one) void read(); }, 5000); return () => clearInterval(timer); }, [q, level, who, correlation, one]);
  return (
    <div class="view">
      <form class="search" onSubmit={(e) => { e.preventDefault(); void read(); }} role="search">
        <label class="wide">Words<input type="search" value={words} onInput={(e) => setWords(e.currentTarget.value)} data-find autofocus autocomplete="off" placeholder="( / )" /></label>
        <label>Program or instance<input value={program} onInput={(e) => setProgram(e.currentTarget.value)} autocomplete="off" spellcheck={false} placeholder="auth, auth-1" /></label>
        <label>Level<select value={level} onChange={(e) => setLevel(e.currentTarget.value)}><option value="">any</option><option>error</option><option>warn</option><option>info</option></select></label>
      </form>
      {correlation && <p class="dim">About <span class="mono">{correlation}</span> · <a href={path("trace", correlation)}>its way</a> · <a href={path("logs")}>all lines</a></p>}
      <Rows n={lines.length} most={24}><Table label="Lines" columns={columns} rows={lines} id={(l) => l.id} sorted={{ column: "at", descending: true }} open={(l) => setOne(l)} empty="No such line." /></Rows>
      {next && <p class="buttons"><button onClick={() => void read(next)}>Older lines</button></p>}
      {one && (
        <Panel title={one.message} aside={<>{one.correlation && <a href={path("trace", one.correlation)}>The way of its trade</a>}<button class="plain" onClick={() => setOne(undefined)}>Close</button></>}>
          <p class="dim">{one.at} · {one.level} · {one.instance}</p>
          <dl class="pairs">{Object.entries(one.fields).sort().map(([name, v]) => <><dt>{name}</dt><dd class="mono">{String(v)}</dd></>)}</dl>
        </Panel>
      )}
    </div>
  );
}
