// What the columns of a grid are, and how wide each is on a screen of some width.

export interface Column<T> {
  name: string;
  title: string;
  width: number; // pixels
  text(row: T): string;
  key?(row: T): string | number; // by which the column sorts; its text where nothing is said
  tone?(row: T): string; // a class
  right?: boolean;
  grow?: boolean; // takes the room that is left
  wide?: boolean; // left out where the columns do not all fit
}

export interface Widths { widths: number[]; total: number }

/** The width of each column; 0 for one that is left out. Columns marked wide are left out where not all fit. */
export function fit<T>(columns: Column<T>[], room: number): Widths {
  const all = columns.reduce((sum, c) => sum + c.width, 0);
  const narrow = all > room;
  const widths = columns.map((c) => (narrow && c.wide ? 0 : c.width));
  const used = widths.reduce((sum, w) => sum + w, 0);
  const growing = columns.findIndex((c, i) => c.grow && widths[i]);
  if (growing >= 0 && used < room) widths[growing]! += room - used;
  return { widths, total: Math.max(used, room) };
}
