export {
  createInteractions,
  type Interactions,
  type InteractionsDeps,
  type OpenCommand,
  type Opened,
} from './interactions.ts';
export type {
  Actor,
  Claim,
  EffectKind,
  EffectOf,
  Interaction,
  InteractionEffect,
  InteractionEvent,
  InteractionState,
  ProtocolType,
  Segment,
  StateName,
  Sticky,
  TransferTarget,
  TransitionError,
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
export type { ListFilter, MessageFilter } from './filters.ts';
export { toAppError } from './errors.ts';
export { interactionView, messageView } from './view.ts';
export { createDesk, type Desk, type DeskDeps } from './desk.ts';
export { interactionRoutes, type InteractionRoutesDeps } from './http.ts';
export { interactionSocket } from './socket.ts';
