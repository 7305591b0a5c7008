import { useState } from 'react';
import type { InputEventHandler, SubmitEventHandler } from 'react';
import { refusalOf } from './refusal.js';
import type { Refusal } from './refusal.js';

type Faults = Refusal['faults'];

export interface FormState {
  /** What is wrong with a field, by its name; nothing when it is fine. */
  faultOf(name: string): string | undefined;
  readonly problem: string | undefined;
  readonly sending: boolean;
  /** For the `form` element; also takes away a field's fault once it is changed. */
  readonly handlers: {
    readonly onSubmit: SubmitEventHandler<HTMLFormElement>;
    readonly onInput: InputEventHandler<HTMLFormElement>;
    readonly noValidate: true;
    readonly method: 'post';
    readonly 'aria-busy': boolean;
  };
}

export interface FormSettings<Field extends string> {
  readonly fields: readonly Field[];
  /** What can be said before anything is sent. */
  readonly check?: (values: Readonly<Record<Field, string>>) => Faults;
  readonly send: (values: Readonly<Record<Field, string>>) => Promise<void>;
  /** Words of its own for a refusal; undefined leaves it to the usual ones. */
  readonly explain?: (refusal: Refusal) => Refusal | undefined;
}

/** A form whose fields keep their own text, as password managers want it. The first field that is wrong gets the focus. */
export function useForm<Field extends string>(settings: FormSettings<Field>): FormState {
  const [faults, setFaults] = useState<Faults>({});
  const [problem, setProblem] = useState<string>();
  const [sending, setSending] = useState(false);

  const refuse = (form: HTMLFormElement, refusal: Pick<Refusal, 'faults' | 'problem'>): void => {
    setFaults(refusal.faults);
    setProblem(refusal.problem);
    focusFirst(
      form,
      settings.fields.filter((name) => name in refusal.faults),
    );
  };
  const submit = async (form: HTMLFormElement): Promise<void> => {
    const values = valuesOf(form, settings.fields);
    const found = settings.check?.(values) ?? {};
    refuse(form, { faults: found, problem: undefined });
    if (Object.keys(found).length > 0) return;
    setSending(true);
    try {
      await settings.send(values);
    } catch (error) {
      const refusal = refusalOf(error, settings.fields);
      refuse(form, settings.explain?.(refusal) ?? refusal);
    } finally {
      setSending(false);
    }
  };
  return {
    faultOf: (name) => faults[name],
    problem,
    sending,
    handlers: {
      onSubmit: (event) => {
        event.preventDefault();
        if (!sending) void submit(event.currentTarget);
      },
      onInput: ({ target }) => {
        const name = target instanceof HTMLInputElement ? target.name : '';
        if (name in faults) setFaults({ ...faults, [name]: '' });
      },
      noValidate: true,
      method: 'post',
      'aria-busy': sending,
    },
  };
}

function valuesOf<Field extends string>(
  form: HTMLFormElement,
  fields: readonly Field[],
): Record<Field, string> {
  const data = new FormData(form);
  const textOf = (name: Field): string => {
    const value = data.get(name);
    return typeof value === 'string' ? value : '';
  };
  return Object.fromEntries(fields.map((name) => [name, textOf(name)])) as Record<Field, string>;
}

function focusFirst(form: HTMLFormElement, names: readonly string[]): void {
  const [first] = names;
  const field = first === undefined ? null : form.elements.namedItem(first);
  if (field instanceof HTMLElement) field.focus();
}
