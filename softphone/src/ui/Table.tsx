import type { CSSProperties, ReactNode } from 'react';

/** A column's head; figures stand at the right. What can be done to a row (`acts`) stays in sight however wide the others are. */
export type Head = string | { right: string } | { acts: string };

const wordsOf = (head: Head): string =>
  typeof head === 'string' ? head : 'acts' in head ? head.acts : head.right;
const classOf = (head: Head): string | undefined =>
  typeof head === 'string' ? undefined : 'acts' in head ? 'acts' : 'r';

interface Props {
  /** Names it for screen readers. */
  label: string;
  heads: readonly Head[];
  children: ReactNode;
  /** What stands there when there is no row. */
  empty?: string | undefined;
  /** Where it does not stand on a panel of its own. */
  className?: string;
  style?: CSSProperties;
  testId?: string;
}

/** A table that is larger than its place scrolls by itself, by keyboard too. */
export function Table({ label, heads, children, empty, className = 'panel', style, testId }: Props) {
  return (
    <div
      className={className}
      style={{ overflow: 'auto', ...style }}
      tabIndex={0}
      role="region"
      aria-label={label}
      data-testid={testId}
    >
      <table className="table">
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={wordsOf(head)} className={classOf(head)}>
                {wordsOf(head)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {empty === undefined ? null : (
            <tr>
              <td colSpan={heads.length} className="dim">
                {empty}
              </td>
            </tr>
          )}
          {children}
        </tbody>
      </table>
    </div>
  );
}
