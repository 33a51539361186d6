// Rows by id, and the order and filter in which they are shown. Only rows that changed are moved, each by binary search: no sort of
// 50,000 rows for 50 changes.

export type Key = string | number;
export interface Order<T> { key(row: T): Key; descending: boolean }

export class Book<T> {
  /** What is shown, in order. */
  view: T[] = [];
  private readonly rows = new Map<string, T>();
  private words: string[] = [];

  /** id names a row for good; text is what a filter searches. */
  constructor(readonly id: (row: T) => string, private readonly text: (row: T) => string, private order: Order<T>) {}

  get size(): number { return this.rows.size; }
  get(id: string): T | undefined { return this.rows.get(id); }

  /** Replaces all rows. */
  load(rows: Iterable<T>): void {
    this.rows.clear();
    for (const row of rows) this.rows.set(this.id(row), row);
    this.arrange();
  }

  /** Adds rows, or replaces those of the same id. */
  put(rows: Iterable<T>): void {
    const gone = new Set<T>(), come: T[] = [];
    for (const row of new Map([...rows].map((r) => [this.id(r), r])).values()) {
      const old = this.rows.get(this.id(row));
      this.rows.set(this.id(row), row);
      if (old !== undefined && this.passes(old)) {
        if (this.passes(row) && this.order.key(old) === this.order.key(row)) { this.view[this.place(old)] = row; continue; }
        gone.add(old);
      }
      if (this.passes(row)) come.push(row);
    }
    this.move(gone, come);
  }

  /** Removes rows. Ids that are not there are no error. */
  remove(ids: Iterable<string>): void {
    const gone = new Set<T>();
    for (const id of ids) {
      const row = this.rows.get(id);
      if (row !== undefined && this.rows.delete(id)) gone.add(row);
    }
    this.move(gone, []);
  }

  /** Shows the rows that have every word, in any case. */
  filter(words: string): void {
    this.words = words.toLowerCase().split(/\s+/).filter(Boolean);
    this.arrange();
  }

  sort(order: Order<T>): void { this.order = order; this.arrange(); }

  /** The place of a row in the view; -1 where it is not shown. */
  indexOf(id: string): number {
    const row = this.rows.get(id);
    return row !== undefined && this.passes(row) ? this.place(row) : -1;
  }

  private passes(row: T): boolean {
    if (!this.words.length) return true;
    const text = this.text(row).toLowerCase();
    return this.words.every((word) => text.includes(word));
  }

  private arrange(): void {
    this.view = [...this.rows.values()].filter((row) => this.passes(row)).sort(this.compare);
  }

  // Total: rows of the same key are ordered by id.
  private readonly compare = (a: T, b: T): number => {
    const x = this.order.key(a), y = this.order.key(b);
    const order = x < y ? -1 : x > y ? 1 : 0;
    if (order) return this.order.descending ? -order : order;
    return this.id(a) < this.id(b) ? -1 : this.id(a) > this.id(b) ? 1 : 0;
  };

  private place(row: T): number { return lowest(this.view, row, this.compare, 0); }

  private move(gone: Set<T>, come: T[]): void {
    if (!gone.size && !come.length) return;
    const kept = gone.size ? this.view.filter((row) => !gone.has(row)) : this.view;
    const merged: T[] = [];
    let from = 0;
    for (const row of come.sort(this.compare)) {
      const to = lowest(kept, row, this.compare, from);
      for (; from < to; from++) merged.push(kept[from]!);
      merged.push(row);
    }
    for (; from < kept.length; from++) merged.push(kept[from]!);
    this.view = merged;
  }
}

/** The first place, not before `from`, whose row does not come before the given one. */
function lowest<T>(rows: T[], row: T, compare: (a: T, b: T) => number, from: number): number {
  let low = from, high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(rows[middle]!, row) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
