// The frame of the page: where one is, how the link to the core stands, and what every view shares.
import { computed, signal } from "@preact/signals";
import { useEffect, useLayoutEffect } from "preact/hooks";
import { clock } from "../kit/format";
import { Help, helping } from "../kit/help";
import { keep, kept } from "../kit/keep";
import { bind } from "../kit/keys";
import { session, signedIn, signOut } from "../kit/session";
import { SignIn } from "../kit/signin";
import { nextTheme, theme } from "../kit/theme";
import { Toasts } from "../kit/toasts";
import { Audit } from "./audit";
import { client, heard, link, useResource, welcome } from "./core";
import { Errors } from "./errors";
import { Logs } from "./logs";
import { Now } from "./now";
import { alerts, groups } from "./resources";
import { go, path, route } from "./route";
import { Services } from "./services";
import { Sessions } from "./sessions";
import { Settlement } from "./settlement";
import { TraceView } from "./trace";
import { Traces } from "./traces";
import { Work } from "./work";

const views = [["now", "Now", "n"], ["services", "Services", "i"], ["sessions", "Sessions", "p"], ["work", "Work", "w"], ["settlement", "Settlement", "s"], ["errors", "Errors", "e"], ["traces", "Trades", "t"], ["logs", "Logs", "l"], ["audit", "Audit", "a"]] as const;

/** The large screen of the office shows what is wrong and the figures, and nothing to click. */
const wall = signal(kept("wall", "off") === "on");
const current = computed(() => (wall.value ? "now" : route.value[0] || "now"));
const flip = () => { wall.value = !wall.value; keep("wall", wall.value ? "on" : "off"); };

function View() {
  const [, a, b, c] = route.value;
  switch (current.value) {
    case "services": return <Services chosen={a} />;
    case "sessions": return <Sessions chosen={a} />;
    case "work": return <Work part={a} chosen={b} />;
    case "settlement": return <Settlement a={a} b={b} />;
    case "errors": return <Errors key={a ?? ""} chosen={a} />;
    case "traces": return <Traces key={b ?? ""} provider={b} />;
    case "trace": return <TraceView story={a ?? ""} />;
    case "logs": return <Logs key={`${a}/${b}/${c}`} level={a} instance={b} correlation={c} />;
    case "audit": return <Audit />;
    default: return <Now />;
  }
}

const words = { connecting: "connecting", live: "live", stale: "silent", reconnecting: "no connection", resyncing: "reading again", refused: "signed out" };

export function App() {
  useEffect(() => bind(
    ...views.map(([view, title, key]) => ({ keys: `g ${key}`, text: title, group: "Go to", run: () => go(view) })),
    { keys: "?", text: "this help", group: "Page", run: () => { helping.value = true; } },
    { keys: "/", text: "search or filter", group: "Page", run: () => document.querySelector<HTMLElement>("[data-find]")?.focus() },
    { keys: "b", text: "back", group: "Page", run: () => history.back() },
    { keys: "d", text: "light, dark, as the system", group: "Page", run: nextTheme },
    { keys: "W", text: "large screen of the office", group: "Page", run: flip },
  ), []);
  useLayoutEffect(() => { document.getElementById("main")?.focus(); scrollTo(0, 0); }, [current.value]); // before a table of the view takes the focus
  const firing = useResource(alerts)?.items, wrong = firing?.length ?? 0, unsettled = firing?.find((a) => a.rule === "settlement_failed")?.value ?? 0, failed = useResource(groups)?.total ?? 0;
  useEffect(() => { document.title = `${wrong ? `(${wrong}) ` : ""}FX Core operations`; }, [wrong]);
  const live = link.value === "live";
  const badge = (view: string) => (view === "now" ? wrong : view === "errors" ? failed : view === "settlement" ? unsettled : 0);
  return (
    <div class={`${wall.value ? "app wall" : "app"}${live ? "" : " stale"}`}>
      <header class="top">
        <a class="skip" href="#main" onClick={(e) => { e.preventDefault(); document.getElementById("main")?.focus(); }}>To the content</a>
        <h1>FX Core <span class="dim">operations</span></h1>
        <nav aria-label="Views">{views.map(([view, title]) => (
          <a key={view} href={path(view)} aria-current={current.value === view || (view === "traces" && current.value === "trace") ? "page" : undefined}>{title}{badge(view) > 0 && <b class="badge">{badge(view) > 999 ? "999+" : badge(view)}</b>}</a>
        ))}</nav>
        <p class="link" role="status"><span class={live ? "ok" : "bad"}>{live ? "●" : "■"} {words[link.value]}</span> <time class="mono">{clock(heard.value || undefined)} UTC</time></p>
        <p class="me">
          <button class="plain" title="Large screen (W)" onClick={flip}>{wall.value ? "Leave the large screen" : "Large"}</button>
          <button class="plain" title="Light or dark (d)" onClick={nextTheme}>{theme.value}</button>
          <button class="plain" title="Keyboard (?)" onClick={() => { helping.value = true; }}>?</button>
          {session.value && <button class="plain" onClick={() => void signOut(client)}>{session.value.user}: sign out</button>}
        </p>
      </header>
      {!live && signedIn.value && link.value !== "connecting" && <p class="note" role="alert">What is shown may be old: {words[link.value]}. The page tries again by itself.</p>}
      <main id="main" tabIndex={-1}>{signedIn.value && <View />}</main>
      <SignIn client={client} name="operations" done={welcome} />
      <Help />
      <Toasts />
    </div>
  );
}
