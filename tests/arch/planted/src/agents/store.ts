// Planted: not the room's door, so no other room may import it.
export const secret = '/etc/hostname';
