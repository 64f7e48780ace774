import { createTransport } from 'nodemailer';
import type { Product } from './product.ts';

export interface TestMail {
  readonly from: string;
  readonly subject: string;
  readonly text?: string;
  /** Given: a second sending is the same mail, as when a relay tries again. */
  readonly messageId?: string;
}

/** One mail by SMTP to the demo's mailbox; resolves with the server's answer to the data, rejects when it was not taken. */
export async function sendMail(product: Product, mail: TestMail): Promise<string> {
  const transport = createTransport({
    host: '127.0.0.1',
    port: product.smtpPort,
    secure: false,
    ignoreTLS: true,
    connectionTimeout: 2_000,
    greetingTimeout: 5_000,
    socketTimeout: 10_000,
  });
  try {
    const { from, subject, text = subject, messageId } = mail;
    const sent = await transport.sendMail({
      from,
      to: 'suporte@exemplo.test',
      subject,
      text,
      ...(messageId === undefined ? {} : { messageId }),
    });
    return sent.response;
  } finally {
    transport.close();
  }
}

export interface OutboxEntry {
  readonly kind: string;
  readonly subject: string;
  readonly text: string;
}

/** What the product sent to an address, as the simulator's mailbox shows it. */
export async function outboxOf(product: Product, address: string): Promise<OutboxEntry[]> {
  const path = `/api/v1/simulator/mailbox?address=${encodeURIComponent(address)}`;
  return (await product.api<{ items: OutboxEntry[] }>('admin', 'GET', path)).items;
}
