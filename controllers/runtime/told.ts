/** A failure that an Event or a condition tells already: the key is tried again with back-off, and nothing more is said. */
export class Told extends Error {}
