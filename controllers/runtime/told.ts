/** A failure that an Event has told already: the key is tried again with back-off, and nothing more is said. */
export class Told extends Error {}
