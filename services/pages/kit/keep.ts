// Small choices of a person, kept by the browser. Where it keeps nothing, the page still works.
export function kept(name: string, otherwise: string): string {
  try { return localStorage.getItem(`fxcore.${name}`) ?? otherwise; } catch { return otherwise; }
}
export function keep(name: string, value: string): void {
  try { localStorage.setItem(`fxcore.${name}`, value); } catch { /* private mode */ }
}
