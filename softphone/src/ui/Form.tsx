import { createContext, useContext, useEffect, useRef, useState, type ComponentProps } from 'react';

/** What the fields of one form have to say of their own values, by the id of the input. */
interface Fields {
  /** `wrong`: why the value cannot be sent, or null. Returns how to leave. */
  join: (id: string, wrong: string | null) => () => void;
  refused: ReadonlySet<string>;
}

const FormFields = createContext<Fields | null>(null);

function createSaid() {
  const said = new Map<string, string | null>();
  return {
    join: (id: string, wrong: string | null) => {
      said.set(id, wrong);
      return () => void said.delete(id);
    },
    wrong: (): string[] => [...said].flatMap(([id, words]) => (words === null ? [] : [id])),
  };
}

interface Props extends Omit<ComponentProps<'form'>, 'noValidate' | 'onSubmit' | 'ref'> {
  /** Called when every field accepts its value. */
  send: () => void;
  /** Of the server: each new one takes the cursor to the first field that it is about. */
  refusal?: unknown;
}

/**
 * Every form of the desk. The browser's own bubbles speak the browser's language and leave after seconds: here the words
 * stand at the field, and the cursor goes to the first field that is refused, by us or by the server, in sight.
 */
export function Form({ send, refusal, children, ...form }: Props) {
  const place = useRef<HTMLFormElement>(null);
  const [said] = useState(createSaid);
  const [refused, setRefused] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => showFirst(place.current), [refused, refusal]);
  return (
    <form
      {...form}
      ref={place}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const wrong = new Set(said.wrong());
        setRefused(wrong);
        if (wrong.size === 0) send();
      }}
    >
      <FormFields value={{ join: said.join, refused }}>{children}</FormFields>
    </form>
  );
}

/** What stands at a field: why its value could not be sent, as long as it cannot, else what the server said. */
export function useFault<Said>(id: string, wrong: string | null, said: Said): Said | string {
  const fields = useContext(FormFields);
  const join = fields?.join;
  useEffect(() => join?.(id, wrong), [join, id, wrong]);
  return wrong !== null && fields?.refused.has(id) === true ? wrong : said;
}

/** With its name above and the words below it, which the cursor alone does not bring into sight. */
function showFirst(form: HTMLFormElement | null): void {
  const first = form?.querySelector<HTMLElement>('[aria-invalid=true]');
  first?.focus({ preventScroll: true });
  (first?.closest('.mantine-InputWrapper-root') ?? first)?.scrollIntoView({ block: 'nearest' });
}
