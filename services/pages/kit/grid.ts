// A grid that draws only what is seen, by the ARIA grid pattern with aria-activedescendant. The active row is a row and not a place:
// changes never move it, and what one reads stays where it is when rows come in above.
import type { Book } from "./book";
import { fit, type Column } from "./columns";
import { Selection } from "./selection";
import { Slot, make } from "./slot";

export interface Options<T> {
  label: string;
  empty?: string; // what stands there when there are no rows
  open?(row: T): void;
  marks?(ids: string[]): void; // rows can be marked; told which are
  sorted?: { column: string; descending: boolean };
}

let grids = 0;

export class Grid<T> {
  readonly marks = new Selection();
  active = { id: "", column: 0 };
  private readonly name = `grid${++grids}`;
  private readonly sheet = new CSSStyleSheet();
  private readonly space = make("div", "space");
  private readonly rows = make("div", "rows", "rowgroup");
  private readonly head = make("div", "row", "row");
  private readonly empty = make("div", "grid-empty");
  private readonly watch: ResizeObserver;
  private slots: Slot[] = [];
  private frame = 0;
  private height = 28;
  private top = ""; // the row at the upper edge
  private sort: { column: number; descending: boolean };

  constructor(private readonly root: HTMLElement, private readonly book: Book<T>, private readonly columns: Column<T>[], private readonly options: Options<T>) {
    const by = options.sorted ?? { column: columns[0]!.name, descending: false };
    this.sort = { column: Math.max(0, columns.findIndex((c) => c.name === by.column)), descending: by.descending };
    this.build();
    document.adoptedStyleSheets.push(this.sheet);
    root.addEventListener("scroll", this.draw, { passive: true });
    root.addEventListener("keydown", this.key);
    this.space.addEventListener("click", this.click);
    this.watch = new ResizeObserver(() => { this.measure(); this.draw(); });
    this.watch.observe(root);
    this.order();
  }

  /** Takes the grid off the page's hands. */
  end(): void {
    this.watch.disconnect();
    cancelAnimationFrame(this.frame);
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((s) => s !== this.sheet);
  }

  /** Asks for one repaint with the next frame, however often it is called. */
  readonly draw = (): void => { this.frame ||= requestAnimationFrame(() => { this.frame = 0; this.paint(); }); };

  /** To be called after the book has changed. */
  changed(): void {
    const at = this.root.scrollTop > 0 && this.top ? this.book.indexOf(this.top) : -1;
    if (at >= 0) this.root.scrollTop = at * this.height + (this.root.scrollTop % this.height);
    this.marks.keep((id) => this.book.get(id) !== undefined);
    this.draw();
  }

  /** Makes a row the active one and brings it into sight. */
  activate(id: string, column = this.active.column): void {
    this.active = { id, column };
    this.reveal(this.book.indexOf(id));
    this.draw();
  }

  focus(): void {
    if (this.book.indexOf(this.active.id) < 0 && this.book.view.length) this.activate(this.book.id(this.book.view[0]!), 0);
    this.root.focus();
  }

  private build(): void {
    const { root, columns, options } = this;
    root.classList.add("grid", this.name);
    root.setAttribute("role", "grid");
    root.setAttribute("aria-label", options.label);
    root.setAttribute("aria-colcount", String(columns.length));
    if (options.marks) root.setAttribute("aria-multiselectable", "true");
    root.tabIndex = 0;
    this.head.setAttribute("aria-rowindex", "1");
    columns.forEach((column, i) => this.head.append(this.title(column, i)));
    const group = make("div", "head", "rowgroup");
    group.append(this.head);
    this.empty.textContent = options.empty ?? "Nothing here.";
    this.space.setAttribute("role", "presentation");
    this.space.append(this.rows);
    root.append(group, this.space, this.empty);
  }

  private title(column: Column<T>, i: number): HTMLElement {
    const cell = make("div", column.right ? "num" : "", "columnheader");
    cell.textContent = column.title;
    cell.setAttribute("aria-colindex", String(i + 1));
    cell.addEventListener("click", () => this.sortBy(i));
    return cell;
  }

  private measure(): void {
    this.height = parseFloat(getComputedStyle(this.root).getPropertyValue("--row")) || 28;
    const { widths, total } = fit(this.columns, this.root.clientWidth);
    const rules = widths.map((w, i) => `.${this.name} .row > :nth-child(${i + 1}) { ${w ? `width: ${w}px` : "display: none"} }`);
    this.sheet.replaceSync(`${rules.join("\n")}\n.${this.name} .head, .${this.name} .space { width: ${total}px }`);
  }

  private sortBy(column: number): void {
    const descending = this.sort.column === column ? !this.sort.descending : false;
    this.sort = { column, descending };
    this.order();
    this.root.scrollTop = 0;
  }

  private order(): void {
    const { column, descending } = this.sort, by = this.columns[column]!;
    this.book.sort({ key: by.key ?? by.text, descending });
    [...this.head.children].forEach((cell, i) =>
      i === column ? cell.setAttribute("aria-sort", descending ? "descending" : "ascending") : cell.removeAttribute("aria-sort"));
    this.draw();
  }

  private paint(): void {
    const { view } = this.book, height = this.height;
    const first = Math.max(0, Math.floor(this.root.scrollTop / height) - 4);
    const last = Math.min(view.length, first + Math.ceil(this.root.clientHeight / height) + 8);
    this.space.style.height = `${view.length * height}px`;
    this.rows.style.top = `${first * height}px`;
    this.empty.hidden = view.length > 0;
    this.root.setAttribute("aria-rowcount", String(view.length + 1));
    const atTop = view[Math.floor(this.root.scrollTop / height)];
    this.top = atTop === undefined ? "" : this.book.id(atTop);
    while (this.slots.length < last - first) this.slots.push(new Slot(this.rows, this.columns.map((c) => !!c.right), `${this.name}r${this.slots.length}`));
    this.slots.forEach((slot, i) => (first + i < last ? this.fill(slot, view[first + i]!, first + i) : slot.clear()));
    this.pointAt();
  }

  private fill(slot: Slot, row: T, index: number): void {
    const id = this.book.id(row);
    slot.show(id, index + 2, this.columns.map((c) => c.text(row)), this.columns.map((c) => c.tone?.(row) ?? ""));
    slot.mark(this.options.marks ? this.marks.has(id) : undefined);
    slot.point(id === this.active.id ? this.active.column : -1);
  }

  private pointAt(): void {
    const slot = this.slots.find((s) => s.id === this.active.id && s.id);
    if (slot) this.root.setAttribute("aria-activedescendant", slot.cellId(this.active.column));
    else this.root.removeAttribute("aria-activedescendant");
  }

  private reveal(index: number): void {
    if (index < 0) return;
    const above = index * this.height, room = this.root.clientHeight - 2 * this.height;
    if (above < this.root.scrollTop) this.root.scrollTop = above;
    else if (above > this.root.scrollTop + room) this.root.scrollTop = above - room;
  }

  private readonly click = (e: MouseEvent): void => {
    const cell = (e.target as HTMLElement).closest<HTMLElement>("[role=gridcell]");
    const slot = cell && this.slots.find((s) => s.element === cell.parentElement);
    if (!slot?.id) return;
    const column = slot.cells.indexOf(cell!);
    this.active = { id: slot.id, column };
    this.draw();
    if (this.options.marks && (column === 0 || e.ctrlKey || e.metaKey || e.shiftKey)) this.turn(e.shiftKey);
    else this.open();
  };

  private turn(extend: boolean): void {
    const index = this.book.indexOf(this.active.id);
    if (index < 0 || !this.options.marks) return;
    if (extend) this.marks.extend(index, (i) => this.book.id(this.book.view[i]!));
    else this.marks.toggle(this.active.id, index);
    this.told();
  }

  private told(): void { this.options.marks?.(this.marks.ids); this.draw(); }

  private open(): void {
    const row = this.book.get(this.active.id);
    if (row !== undefined) this.options.open?.(row);
  }

  private step(by: number): void {
    const { view } = this.book;
    if (!view.length) return;
    const at = this.book.indexOf(this.active.id);
    const to = Math.min(view.length - 1, Math.max(0, at < 0 ? 0 : at + by));
    this.activate(this.book.id(view[to]!));
  }

  private aside(by: number): void {
    const { widths } = fit(this.columns, this.root.clientWidth);
    let to = this.active.column + by;
    while (widths[to] === 0) to += by;
    if (widths[to] !== undefined) this.activate(this.active.id, to);
  }

  private readonly key = (e: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor(this.root.clientHeight / this.height) - 2);
    const all = this.book.view.length, mod = e.ctrlKey || e.metaKey;
    if (e.altKey) return;
    const does: Record<string, () => void> = {
      ArrowDown: () => { this.step(1); if (e.shiftKey) this.turn(true); },
      ArrowUp: () => { this.step(-1); if (e.shiftKey) this.turn(true); },
      PageDown: () => this.step(page), PageUp: () => this.step(-page),
      ArrowRight: () => this.aside(1), ArrowLeft: () => this.aside(-1),
      Home: () => (mod ? this.step(-all) : this.activate(this.active.id, 0)),
      End: () => (mod ? this.step(all) : this.activate(this.active.id, this.columns.length - 1)),
      Enter: () => this.open(),
    };
    if (this.options.marks) {
      does[" "] = does["x"] = () => this.turn(e.shiftKey);
      if (mod) does["a"] = () => { this.marks.all(this.book.view.map((row) => this.book.id(row))); this.told(); };
      if (this.marks.size) does["Escape"] = () => { this.marks.clear(); this.told(); };
    }
    if (!mod) does["s"] = () => this.sortBy(this.active.column);
    if (mod && !/^(Home|End|a)$/.test(e.key)) return;
    const run = does[e.key];
    if (!run) return;
    e.preventDefault();
    e.stopPropagation();
    run();
  };
}
