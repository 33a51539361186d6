// The waterfall of a trace: one line for each span, operated like a list: arrows choose, Enter opens.
import { useEffect, useRef } from "preact/hooks";
import { took } from "./format";
import { arrange, type Bar, type Span } from "./spans";

interface Properties<S extends Span> { spans: S[]; chosen: string; choose(span: S): void; label: string }

export function Waterfall<S extends Span>({ spans, chosen, choose, label }: Properties<S>) {
  const place = useRef<HTMLUListElement>(null);
  const { bars, length } = arrange(spans), at = bars.findIndex((b) => b.span.id === chosen);
  const services = [...new Set(bars.map((b) => b.span.service))];
  useEffect(() => place.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }), [chosen]);
  const move = (e: KeyboardEvent) => {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: bars.length - 1, PageDown: at + 10, PageUp: at - 10 }[e.key];
    if (to === undefined || !bars.length) return;
    e.preventDefault();
    choose(bars[Math.min(bars.length - 1, Math.max(0, to))]!.span);
  };
  return (
    <div>
      <div class="waterfall-axis axis" aria-hidden="true"><span>0</span><span>{took(length / 2)}</span><span>{took(length)}</span></div>
      <ul class="waterfall" role="listbox" aria-label={label} tabIndex={0} ref={place} onKeyDown={move}
        aria-activedescendant={at >= 0 ? `span-${at}` : undefined}>
        {bars.map((bar, i) => <Line key={bar.span.id} bar={bar} index={i} chosen={i === at} choose={choose} shade={services.indexOf(bar.span.service)} />)}
      </ul>
    </div>
  );
}

function Line<S extends Span>({ bar, index, chosen, choose, shade }: { bar: Bar<S>; index: number; chosen: boolean; choose(span: S): void; shade: number }) {
  const { span, depth, left, width, waited } = bar, percent = (share: number) => `${(share * 100).toFixed(3)}%`;
  const place = { "--depth": Math.min(depth, 12), "--left": percent(left), "--width": percent(width), "--from": percent(left - waited), "--waiting": percent(waited), "--shade": `var(--series-${(shade % 6) + 1})` };
  return (
    <li id={`span-${index}`} class={`span${span.failed ? " failed" : ""}`} role="option" aria-selected={chosen} style={place} onClick={() => choose(span)}>
      <span class="name"><b>{span.service}</b>{span.failed && <span class="bad">■ </span>}{span.name}</span>
      <span class="lane">
        {waited > 0 && <span class="waited" />}
        <span class="bar" />
        <span class="took">{took(span.duration)}</span>
      </span>
    </li>
  );
}
