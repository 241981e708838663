// Small controls: buttons with their key, choice bars, switches, messages, fields.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Refusal } from '../api';
import { say } from '../words';

export function Key({ name }: { name: string }) {
  return <kbd aria-hidden="true">{name}</kbd>;
}

interface ButtonProps {
  children: ComponentChildren;
  onClick?: () => void;
  kind?: 'filled' | 'outlined' | 'text';
  keyName?: string | undefined;
  shortcut?: string | undefined; // for aria-keyshortcuts
  disabled?: boolean;
  type?: 'button' | 'submit';
  label?: string | undefined;
  pressed?: boolean | undefined;
}

export function Button(p: ButtonProps) {
  return (
    <button type={p.type ?? 'button'} class={`button ${p.kind ?? 'outlined'}`} onClick={p.onClick} disabled={p.disabled ?? false}
      aria-label={p.label} aria-pressed={p.pressed} aria-keyshortcuts={p.shortcut ?? p.keyName}>
      {p.children}
      {p.keyName && <Key name={p.keyName} />}
    </button>
  );
}

interface SegmentsProps<T extends string> {
  name: string;
  value: T;
  options: readonly { value: T; text: string; keyName?: string }[];
  onChange: (value: T) => void;
  disabled?: boolean;
  hideName?: boolean;
}

/** A choice bar: radio buttons that look like one row. */
export function Segments<T extends string>(p: SegmentsProps<T>) {
  return (
    <fieldset class="segments" disabled={p.disabled ?? false}>
      <legend class={p.hideName ? 'only-heard' : ''}>{p.name}</legend>
      <div>
        {p.options.map((o) => (
          <label key={o.value} class={o.value === p.value ? 'on' : ''}>
            <input type="radio" name={p.name} value={o.value} checked={o.value === p.value} onChange={() => p.onChange(o.value)} />
            <span>{o.text}</span>
            {o.keyName && <Key name={o.keyName} />}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

export function Switch({ on, onChange, title, children, disabled }: {
  on: boolean; onChange: (on: boolean) => void; title: string; children?: ComponentChildren; disabled?: boolean;
}) {
  return (
    <label class="switch">
      <input type="checkbox" role="switch" checked={on} disabled={disabled ?? false} onChange={(e) => onChange(e.currentTarget.checked)} />
      <span class="track" aria-hidden="true" />
      <span class="switch-text"><strong>{title}</strong>{children && <span>{children}</span>}</span>
    </label>
  );
}

/** Beside what it is about: what happened, what is safe, what to do. */
export function Message({ children, tone, live }: { children: ComponentChildren; tone?: 'stop' | 'plain'; live?: boolean }) {
  return <div class={`message ${tone ?? 'plain'}`} role={live ? 'alert' : undefined}>{children}</div>;
}

export function Field({ name, value, onInput, type, autocomplete, hint, required, minLength, id }: {
  name: string; value: string; onInput: (value: string) => void; type?: string; autocomplete?: string; hint?: string;
  required?: boolean; minLength?: number; id: string;
}) {
  return (
    <p class="field">
      <label for={id}>{name}</label>
      <input id={id} type={type ?? 'text'} value={value} autocomplete={autocomplete ?? 'off'} required={required ?? true} minLength={minLength}
        aria-describedby={hint ? `${id}-hint` : undefined} autocapitalize="none" spellcheck={false} onInput={(e) => onInput(e.currentTarget.value)} />
      {hint && <span class="hint" id={`${id}-hint`}>{hint}</span>}
    </p>
  );
}

/** A form that asks the server: busy, then done or refused in words beside its button. */
export function useAsk(): { busy: boolean; trouble: string; run: (act: () => Promise<void>) => void } {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState('');
  const run = (act: () => Promise<void>): void => {
    setBusy(true);
    setTrouble('');
    act().then(
      () => setBusy(false),
      (error: unknown) => {
        setBusy(false);
        const wait = error instanceof Refusal && error.waitS > 0 ? ` ${say('wait_s', { s: error.waitS })}` : '';
        setTrouble((error instanceof Error ? error.message : String(error)) + wait);
      },
    );
  };
  return { busy, trouble, run };
}

export function Dialog({ open, title, onClose, children }: { open: boolean; title: string; onClose: () => void; children: ComponentChildren }) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = box.current;
    if (!dialog) return;
    if (open && !dialog.open) dialog.showModal();
    if (!open && dialog.open) dialog.close();
  }, [open]);
  return (
    <dialog ref={box} aria-label={title} onClose={onClose}>
      <h2>{title}</h2>
      {open && children}
      <p class="row"><Button kind="filled" onClick={onClose}>{say('close')}</Button></p>
    </dialog>
  );
}

/** Said to people who listen to the page, once for each change. */
export function Announce({ text, now }: { text: string; now?: boolean }) {
  return <p class="only-heard" aria-live={now ? 'assertive' : 'polite'} role="status">{text}</p>;
}

export function Waiting() {
  return <p class="waiting" role="status">{say('waiting')}</p>;
}
