import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useSignedIn, useText } from '../app/context.tsx';
import { useArmed } from '../ui/Armed.tsx';
import { useStore } from '../ui/store.ts';
import { Table } from '../ui/Table.tsx';
import { type CellNames, cellText } from './cells.ts';
import type { Row } from './form.ts';
import type { Resource } from './resources.ts';

export function AdminTable(props: {
  /** Names the table for screen readers. */
  label: string;
  resource: Resource;
  rows: readonly Row[];
  calendars: CellNames['calendars'];
  onEdit: (row: Row) => void;
  onToggle: (row: Row) => void;
  /** The result of what was done to a row, beside it. */
  note: (id: string) => ReactNode;
  /** What can be done to rows of this kind only. */
  more?: (row: Row) => ReactNode;
  /** A column of what is not written in the row. */
  live?: { head: string; cell: (row: Row) => ReactNode };
}) {
  const t = useText();
  const { resource } = props;
  const kinds = new Map(resource.fields.map((one) => [one.name, one.kind]));
  const queues = useStore(useSignedIn().queues.list);
  const shown = (name: string, row: Row): string =>
    cellText(t, { queues, calendars: props.calendars }, name, kinds.get(name), row[name]);
  return (
    <Table
      label={props.label}
      heads={[
        ...resource.columns.map((name) => t.admin.fields[name] ?? name),
        ...(props.live ? [props.live.head] : []),
        { acts: t.admin.actions },
      ]}
    >
      {props.rows.map((row) => {
        const off = row['active'] === false;
        return (
          <tr key={String(row[resource.id])} style={off ? { opacity: 0.65 } : {}}>
            {resource.columns.map((name, index) => (
              <td key={name} className={classOf(name)}>
                {index === 0 ? <strong>{shown(name, row)}</strong> : shown(name, row)}
                {index === 0 && off ? (
                  <span className="tag" style={{ marginLeft: 6 }}>
                    {t.admin.inactive}
                  </span>
                ) : null}
                {index === 0 && resource.under !== undefined ? (
                  <div className="dim3">{String(row[resource.under])}</div>
                ) : null}
              </td>
            ))}
            {props.live ? <td>{props.live.cell(row)}</td> : null}
            <td className="acts">
              <div>
                {props.note(String(row[resource.id]))}
                {props.more?.(row)}
                <Button variant="subtle" size="compact-xs" onClick={() => props.onEdit(row)}>
                  {t.admin.edit}
                </Button>
                <Toggle
                  off={off}
                  name={shown(resource.columns[0] ?? '', row)}
                  onToggle={() => props.onToggle(row)}
                />
              </div>
            </td>
          </tr>
        );
      })}
    </Table>
  );
}

/** Taking something out of use needs a second press; bringing it back does not. */
function Toggle({ off, name, onToggle }: { off: boolean; name: string; onToggle: () => void }) {
  const t = useText();
  const out = useArmed(onToggle);
  return (
    <Button
      variant={out.armed ? 'filled' : 'subtle'}
      color={off ? 'petrol' : out.armed ? 'red' : 'slate'}
      size="compact-xs"
      onClick={off ? onToggle : out.press}
      onKeyDown={out.onKeyDown}
      aria-label={`${off ? t.admin.activate : out.armed ? t.admin.deactivateSure : t.admin.deactivate}: ${name}`}
    >
      {off ? t.admin.activate : out.armed ? t.admin.deactivateSure : t.admin.deactivate}
    </Button>
  );
}

const LONG: ReadonlySet<string> = new Set(['username', 'address']);
const classOf = (name: string): string | undefined =>
  name.endsWith('Ms') ? 'num' : LONG.has(name) ? 'long' : undefined;
