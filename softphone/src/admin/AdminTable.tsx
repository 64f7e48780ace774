import { Button } from '@mantine/core';
import { useText } from '../app/context.tsx';
import type { Row } from './form.ts';
import type { Resource } from './resources.ts';

export function AdminTable(props: {
  resource: Resource;
  rows: readonly Row[];
  onEdit: (row: Row) => void;
  onToggle: (row: Row) => void;
}) {
  const t = useText();
  const { resource } = props;
  const chosen = new Set(resource.fields.filter((one) => one.kind === 'choice').map((one) => one.name));
  const shown = (name: string, row: Row): string => {
    const text = cell(row[name], name);
    return chosen.has(name) ? (t.admin.values[text] ?? text) : text;
  };
  return (
    <div className="panel" style={{ overflowX: 'auto' }}>
      <table className="table">
        <thead>
          <tr>
            {resource.columns.map((name) => (
              <th key={name}>{t.admin.fields[name] ?? name}</th>
            ))}
            <th />
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => {
            const off = row['active'] === false;
            return (
              <tr key={String(row[resource.id])} style={off ? { opacity: 0.65 } : {}}>
                {resource.columns.map((name, index) => (
                  <td key={name} className="num">
                    {index === 0 ? <strong>{cell(row[name], name)}</strong> : shown(name, row)}
                    {index === 0 && off ? (
                      <span className="tag" style={{ marginLeft: 6 }}>
                        {t.admin.inactive}
                      </span>
                    ) : null}
                  </td>
                ))}
                <td className="r" style={{ whiteSpace: 'nowrap' }}>
                  <Button variant="subtle" size="compact-xs" onClick={() => props.onEdit(row)}>
                    {t.admin.edit}
                  </Button>
                  <Button
                    variant="subtle"
                    color={off ? 'petrol' : 'slate'}
                    size="compact-xs"
                    onClick={() => props.onToggle(row)}
                  >
                    {off ? t.admin.activate : t.admin.deactivate}
                  </Button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function cell(value: unknown, name: string): string {
  if (name.endsWith('Ms') && typeof value === 'number') return `${String(value / 1000)} s`;
  if (Array.isArray(value)) return value.map(String).join(', ');
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (typeof value === 'object' && value !== null)
    return (
      Object.entries(value)
        .filter(([, hours]) => Array.isArray(hours) && hours.length > 0)
        .length.toString() + '/7'
    );
  return '—';
}
