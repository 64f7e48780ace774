/** The list of contacts, with its filters. */
export const contacts = {
  contacts: {
    day: 'Day',
    agent: 'Person',
    queue: 'Queue',
    disposition: 'Reason',
    channel: 'Channel',
    state: 'State',
    direction: 'Direction',
    any: 'Any',
    clear: 'Clear the filters',
    arrived: 'Arrived',
    who: 'Customer',
    directions: { inbound: 'Received', outbound: 'Made by us' },
    all: (count: number) => (count === 1 ? '1 contact' : `${String(count)} contacts, all in sight`),
    nothingTitle: 'No contact like this',
    nothing: 'Take a filter away or choose another day.',
  },
};
