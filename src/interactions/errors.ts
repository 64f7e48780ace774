import { AppError } from '../shared/errors.ts';
import type { TransitionError } from './domain/events.ts';

const TEXT: Readonly<Record<TransitionError['code'], readonly [status: number, message: string]>> = {
  'interaction.illegalTransition': [409, 'This is not possible in the state of the contact.'],
  'interaction.ended': [409, 'The contact is over.'],
  'interaction.stillTalking': [409, 'The call is still up: hang up first.'],
  'interaction.notYours': [403, 'The contact is not in your hands.'],
  'interaction.notFound': [404, 'There is no such contact.'],
  'interaction.conflict': [409, 'The contact changed too often at once; try again.'],
  'wrapUp.limit': [409, 'The wrap-up is as long as this queue allows.'],
  'hold.stands': [409, 'The contact is in the name of this hold.'],
  'offer.taken': [409, 'Somebody else took it.'],
  'offer.expired': [409, 'The offer is over.'],
};

/** The failure of a transition as edges tell it: a stable code and a status. */
export function toAppError(error: TransitionError): AppError {
  const [status, message] = TEXT[error.code];
  return new AppError(error.code, status, message, {
    event: error.event,
    ...(error.state === undefined ? {} : { state: error.state }),
  });
}
