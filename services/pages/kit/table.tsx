// A grid as a component: it lives as long as its place on the page and is drawn again when its rows change.
import { useEffect, useRef } from "preact/hooks";
import { Book } from "./book";
import type { Column } from "./columns";
import { Grid, type Options } from "./grid";

/** Nothing that a person has chosen has the focus. */
const idle = () => document.activeElement === document.body || document.activeElement?.localName === "main";

interface Properties<T> extends Options<T> {
  columns: Column<T>[];
  rows: T[];
  id(row: T): string;
  filter?: string;
  marked?: string[]; // told from outside: an empty list clears the marks
  autofocus?: boolean;
}

export function Table<T>(p: Properties<T>) {
  const place = useRef<HTMLDivElement>(null), held = useRef<{ book: Book<T>; grid: Grid<T> }>(undefined), now = useRef(p);
  now.current = p;
  useEffect(() => {
    const search = (row: T) => p.columns.map((c) => c.text(row)).join(" ");
    const book = new Book<T>(p.id, search, { key: p.id, descending: false });
    const grid = new Grid(place.current!, book, p.columns, {
      label: p.label, empty: p.empty, sorted: p.sorted, open: (row) => now.current.open?.(row),
      marks: p.marks ? (ids) => now.current.marks?.(ids) : undefined,
    });
    held.current = { book, grid };
    return () => grid.end();
  }, []);
  useEffect(() => {
    const { book, grid } = held.current!;
    book.load(p.rows);
    grid.changed();
    if (p.autofocus && p.rows.length && !book.get(grid.active.id) && idle()) grid.focus();
  }, [p.rows]);
  useEffect(() => { held.current!.book.filter(p.filter ?? ""); held.current!.grid.changed(); }, [p.filter]);
  useEffect(() => { if (p.marked && !p.marked.length) { held.current!.grid.marks.clear(); held.current!.grid.draw(); } }, [p.marked]);
  return <div ref={place} />;
}
