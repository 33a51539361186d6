// One row element of a grid. It is used again for other rows; a text is written only where it differs.
export class Slot {
  readonly element: HTMLElement;
  readonly cells: HTMLElement[] = [];
  id = "";
  private texts: string[] = [];
  private tones: string[] = [];
  private pointed = -1;

  constructor(into: HTMLElement, right: boolean[], private readonly name: string) {
    this.element = make("div", "row", "row");
    right.forEach((r, i) => {
      const cell = make("div", r ? "num" : "", "gridcell");
      cell.id = this.cellId(i);
      cell.setAttribute("aria-colindex", String(i + 1));
      this.cells.push(cell);
      this.element.append(cell);
      this.tones.push(cell.className);
    });
    into.append(this.element);
  }

  cellId(column: number): string { return `${this.name}c${column}`; }

  show(id: string, rowIndex: number, texts: string[], tones: string[]): void {
    this.id = id;
    this.element.hidden = false;
    this.element.setAttribute("aria-rowindex", String(rowIndex));
    texts.forEach((text, i) => {
      const cell = this.cells[i]!;
      if (this.texts[i] !== text) { cell.textContent = text; cell.title = text.length > 12 ? text : ""; this.texts[i] = text; }
      const tone = `${cell.classList.contains("num") ? "num " : ""}${tones[i]}`.trim();
      if (this.tones[i] !== tone) { cell.className = tone + (this.pointed === i ? " cell-at" : ""); this.tones[i] = tone; }
    });
  }

  /** undefined: rows cannot be marked here. */
  mark(on: boolean | undefined): void {
    if (on === undefined) this.element.removeAttribute("aria-selected");
    else this.element.setAttribute("aria-selected", String(on));
  }

  /** Shows at which column the row is active; -1: it is not. */
  point(column: number): void {
    if (this.pointed === column) return;
    this.cells[this.pointed]?.classList.remove("cell-at");
    this.cells[column]?.classList.add("cell-at");
    this.element.classList.toggle("at", column >= 0);
    this.pointed = column;
  }

  clear(): void { this.element.hidden = true; this.id = ""; this.point(-1); }
}

export function make(tag: string, className: string, role?: string): HTMLElement {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (role) element.setAttribute("role", role);
  return element;
}
