// Which rows are marked. Rows are named by id, so that what is marked stays marked while others come and go.
export class Selection {
  private readonly marked = new Set<string>();
  private anchor = -1;

  has(id: string): boolean { return this.marked.has(id); }
  get ids(): string[] { return [...this.marked]; }
  get size(): number { return this.marked.size; }
  clear(): void { this.marked.clear(); this.anchor = -1; }
  all(ids: Iterable<string>): void { for (const id of ids) this.marked.add(id); }

  /** Turns the mark of a row, and makes it the end from which a range is marked. */
  toggle(id: string, index: number): void {
    if (!this.marked.delete(id)) this.marked.add(id);
    this.anchor = index;
  }

  /** Marks all from the last mark to this row. */
  extend(index: number, idAt: (index: number) => string): void {
    const from = this.anchor < 0 ? index : this.anchor;
    for (let i = Math.min(from, index); i <= Math.max(from, index); i++) this.marked.add(idAt(i));
  }

  /** Forgets marks of rows that are no longer there. */
  keep(exists: (id: string) => boolean): void { for (const id of this.ids) if (!exists(id)) this.marked.delete(id); }
}
