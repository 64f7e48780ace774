/** Documents that one read may look at in the thread where writes wait: some milliseconds at most. */
export const SHORT_READ = 128;
/** And all reads together that are answered before the next writes. */
export const SHORT_READS = 256;
/** A read by key is answered in any case: handing it on would cost more. */
export const BY_KEY = 2;

/** Answers reads in order, each within what is left for all of them; `answer` is told how much and `looked` says how much it was. */
export function answerShortly<R, A>(
  reads: readonly R[],
  answer: (read: R, mostExamined: number) => A,
  looked: () => number,
): A[] {
  let left = SHORT_READS;
  return reads.map((read) => {
    const answered = answer(read, Math.max(BY_KEY, Math.min(SHORT_READ, left)));
    left -= looked();
    return answered;
  });
}
