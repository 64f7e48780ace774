import { Button, Kbd, TextInput } from '@mantine/core';
import { IconSearch, IconUserOff, IconUserQuestion } from '@tabler/icons-react';
import { useEffect, useId, useRef, useState } from 'react';
import type { CustomerContext } from '../../../src/contracts/context.ts';
import type { InteractionView } from '../../../src/contracts/interaction.ts';
import { useActions } from '../app/actions.ts';
import { useServices, useSignedIn, useText } from '../app/context.tsx';
import { customerView, type Customer, type Matched } from '../customers/customers.ts';
import { FoundBy, Marked } from '../customers/Marked.tsx';
import { listOf, query } from '../session/api.ts';
import { useDone } from '../ui/Done.tsx';
import { errorText } from '../ui/errors.ts';
import { maskDocument, phoneText } from '../ui/format.ts';
import { useLoad } from '../ui/useLoad.ts';

/** Typing pauses this long before the server is asked, ms. */
const TYPING_MS = 250;
const MIN_LETTERS = 2;
const MAX_FOUND = 8;

export interface Choice {
  id: string;
  name: string;
  document: string;
  /** What tells two of one name apart. */
  about: string;
  matched?: Matched | undefined;
}

interface Props {
  interaction: InteractionView;
  candidates: CustomerContext['candidates'];
  /** Whose it is so far; null: nobody's. */
  customerId: string | null;
  /** Only while a choice is being changed. */
  onDone?: () => void;
}

/**
 * Whose contact it is: those who share the phone or the address, or anybody that a search finds. Nobody is marked before the
 * operator has asked: several on one phone are common, and the desk does not guess.
 */
export function ChooseCustomer({ interaction, candidates, customerId, onDone }: Props) {
  const t = useText();
  const { desk, actions } = useSignedIn();
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const done = useDone();
  const field = useRef<HTMLInputElement>(null);
  const search = useSettled(typed.trim(), TYPING_MS);
  const found = useFound(search);
  const searching = typed.trim().length >= MIN_LETTERS;
  const choices = searching ? found.choices : fromCandidates(candidates);
  useActions(actions, { customer: () => field.current?.select() });
  useEffect(() => {
    if (onDone) field.current?.focus();
  }, [onDone]);
  const link = async (id: string | null): Promise<void> => {
    setBusy(true);
    if (await done.run(t, desk.linkCustomer(interaction.id, id, false))) {
      setTyped('');
      onDone?.();
    }
    setBusy(false);
  };
  return (
    <section className="section" aria-label={t.choose.title} data-testid="choose-customer">
      <header>
        <h2 className="label row tight" style={customerId === null ? { color: 'var(--warn)' } : undefined}>
          <IconUserQuestion size={15} />
          {customerId !== null
            ? t.choose.change
            : candidates.length > 0
              ? t.file.candidates(candidates.length)
              : t.file.nobodyTitle}
        </h2>
        {onDone ? (
          <Button variant="subtle" size="compact-xs" onClick={onDone}>
            {t.common.cancel}
          </Button>
        ) : null}
      </header>
      <p className="dim" style={{ margin: '0 0 6px' }}>
        {candidates.length > 0 ? t.file.candidatesWhy : t.file.nobody}
      </p>
      <ChoiceList
        field={field}
        typed={typed}
        onType={setTyped}
        choices={choices}
        search={searching ? search : ''}
        current={customerId}
        // What was typed names somebody; those who merely share a phone are never preselected.
        preselect={searching}
        disabled={busy}
        onChoose={(id) => void link(id)}
        {...(onDone ? { onEscape: onDone } : {})}
      />
      {done.note}
      <Answer searching={searching && search === typed.trim()} found={found} />
      {customerId !== null && onDone ? (
        <Button
          variant="default"
          size="xs"
          mt={6}
          leftSection={<IconUserOff size={14} />}
          disabled={busy}
          onClick={() => void link(null)}
          data-testid="unlink-customer"
        >
          {t.choose.nobody}
        </Button>
      ) : null}
    </section>
  );
}

interface Found {
  state: 'idle' | 'loading' | 'ready' | 'failed';
  choices: readonly Choice[];
  error: unknown;
}

/** The words under the list: nothing found, or no answer. */
function Answer({ searching, found }: { searching: boolean; found: Found }) {
  const t = useText();
  const words =
    !searching || found.state === 'idle' || found.state === 'loading'
      ? ''
      : found.state === 'failed'
        ? errorText(t, found.error)
        : found.choices.length === 0
          ? t.choose.nothing
          : '';
  return (
    <div role="status" className={found.state === 'failed' ? 'bad' : 'dim'} style={{ paddingInline: 2 }}>
      {words}
    </div>
  );
}

interface ListProps {
  field: React.RefObject<HTMLInputElement | null>;
  typed: string;
  onType: (text: string) => void;
  choices: readonly Choice[];
  /** What the choices were found by; '' when nothing was searched. */
  search: string;
  current: string | null;
  preselect: boolean;
  disabled: boolean;
  onChoose: (id: string) => void;
  onEscape?: () => void;
}

/** A search field that owns a list (WAI-ARIA combobox): arrows move, Enter chooses, a click too. */
function ChoiceList(props: ListProps) {
  const t = useText();
  const list = useId();
  const { choices, preselect } = props;
  const [active, setActive] = useState(-1);
  const first = choices[0]?.id;
  useEffect(() => setActive(preselect && first !== undefined ? 0 : -1), [preselect, first]);
  const choose = (index: number): void => {
    const one = choices[index];
    if (one && !props.disabled && one.id !== props.current) props.onChoose(one.id);
  };
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => setActive((now) => Math.min(now + 1, choices.length - 1)),
    ArrowUp: () => setActive((now) => Math.max(now - 1, 0)),
    Enter: () => choose(active),
    ...(props.onEscape ? { Escape: props.onEscape } : {}),
  };
  return (
    <>
      <TextInput
        ref={props.field}
        size="xs"
        value={props.typed}
        onChange={(event) => props.onType(event.currentTarget.value)}
        onKeyDown={(event) => {
          const act = event.ctrlKey || event.altKey || event.metaKey ? undefined : keys[event.key];
          if (!act) return;
          event.preventDefault();
          act();
        }}
        leftSection={<IconSearch size={14} />}
        placeholder={t.choose.placeholder}
        rightSection={<Kbd size="xs">I</Kbd>}
        aria-label={t.choose.search}
        role="combobox"
        aria-expanded={choices.length > 0}
        aria-controls={list}
        aria-activedescendant={active < 0 ? undefined : `${list}-${String(active)}`}
        autoComplete="off"
      />
      <div id={list} role="listbox" aria-label={t.choose.title} style={{ marginTop: 4 }}>
        {choices.map((one, index) => (
          <div
            key={one.id}
            id={`${list}-${String(index)}`}
            role="option"
            className="choice"
            aria-selected={index === active}
            aria-disabled={one.id === props.current}
            onMouseEnter={() => setActive(index)}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => choose(index)}
          >
            <span className="row between">
              <strong className="clip">
                <Marked text={one.name} search={props.search} />
              </strong>
              {one.id === props.current ? <span className="tag accent">{t.choose.current}</span> : null}
            </span>
            <span className="row dim3 num clip">
              {[one.document, one.about].filter((part) => part !== '').join(' · ')}
              {one.matched === undefined || one.matched.field === 'name' ? null : (
                <>
                  {' · '}
                  <FoundBy matched={one.matched} search={props.search} />
                </>
              )}
            </span>
          </div>
        ))}
      </div>
    </>
  );
}

function fromCandidates(candidates: CustomerContext['candidates']): Choice[] {
  return candidates.map((one) => ({
    id: one.id,
    name: one.name,
    document: maskDocument(one.documentMasked ?? ''),
    about: '',
  }));
}

function fromCustomer(one: Customer): Choice {
  return {
    id: one.id,
    name: one.name,
    document: maskDocument(one.documentMasked),
    about: [one.district, one.phones[0] === undefined ? undefined : phoneText(one.phones[0])]
      .filter((part) => part !== undefined && part !== '')
      .join(' · '),
    matched: one.matched,
  };
}

/** The value once it has not changed for this long. */
function useSettled(value: string, waitMs: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(value), waitMs);
    return () => window.clearTimeout(timer);
  }, [value, waitMs]);
  return settled;
}

function useFound(search: string): Found {
  const { api } = useServices();
  const { state } = useLoad(search, async (): Promise<readonly Customer[] | null> => {
    if (search.length < MIN_LETTERS) return null;
    const path = `/api/v1/customers${query({ q: search, limit: MAX_FOUND })}`;
    return (await api.get(path, listOf(customerView))).items;
  });
  const idle = state.kind === 'ready' && state.data === null;
  return {
    state: idle ? 'idle' : state.kind,
    choices: (state.data ?? []).map(fromCustomer),
    error: state.kind === 'failed' ? state.error : null,
  };
}
