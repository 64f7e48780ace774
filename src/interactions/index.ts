export {
  createInteractions,
  type Interactions,
  type InteractionsDeps,
  type OpenCommand,
  type Opened,
} from './interactions.ts';
export type {
  EffectKind,
  EffectOf,
  InteractionEffect,
  InteractionEvent,
  TransferTarget,
  TransitionError,
} from './domain/events.ts';
export type {
  Actor,
  Claim,
  Interaction,
  InteractionState,
  ProtocolType,
  Segment,
  StateName,
  Sticky,
  Waiting,
} from './domain/types.ts';
export type {
  Message,
  MessageInput,
  OfferDesk,
  ProtocolDesk,
  Publisher,
  TransferTargets,
  VoiceControl,
} from './ports.ts';
export type { EffectHandler } from './relay.ts';
export {
  createInteractionStore,
  type InteractionStore,
  type JournalEntry,
  type OutboxEntry,
  type StoredInteraction,
} from './store.ts';
export type { ListFilter, MessageFilter, Stays, StaysTurn } from './filters.ts';
export { toAppError } from './errors.ts';
export { isEnd } from './domain/change.ts';
export { interactionView, messageView } from './view.ts';
export { createDesk, type Desk, type DeskDeps, wallOf } from './desk.ts';
export { createHands, type Hands, type HandsDeps, type QueueRules } from './hands.ts';
export { handsRoutes } from './hands.http.ts';
export { interactionRoutes, type InteractionRoutesDeps } from './http.ts';
export { undeliveredRoutes } from './undelivered.http.ts';
export { interactionSocket } from './socket.ts';
