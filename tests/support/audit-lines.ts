import type { AuditLine, AuditWriter } from '../../src/platform/http/index.ts';

/** An audit log in memory: `user act kind id`, each line as it was told. */
export function auditLines(): AuditWriter & { readonly lines: string[] } {
  const lines: string[] = [];
  const tell = (
    { userId }: { readonly userId: string },
    { action, target: { kind, id } }: AuditLine,
  ): Promise<void> => {
    lines.push(`${userId} ${action} ${kind} ${id}`);
    return Promise.resolve();
  };
  return { lines, record: tell, once: tell };
}
