/** Without accents and case, cut: how subjects are compared. */
export const plainSubject = (subject: string): string =>
  subject.slice(0, 200).normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
