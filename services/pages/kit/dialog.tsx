// A dialog of the browser's own: it keeps the focus inside and gives it back.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

interface Properties { title: string; close(): void; children: ComponentChildren; fixed?: boolean }

/** fixed: Escape does not close it. */
export function Dialog({ title, close, children, fixed }: Properties) {
  const place = useRef<HTMLDialogElement>(null), id = useId();
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null, dialog = place.current!;
    if (!dialog.open) dialog.showModal();
    return () => { if (before?.isConnected) before.focus(); };
  }, []);
  return (
    <dialog ref={place} aria-labelledby={id} onCancel={(e) => { e.preventDefault(); if (!fixed) close(); }}>
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}
