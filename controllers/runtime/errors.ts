// Why the API refused something, wherever it is: in this process or beyond a connection.

/** '' for what is no answer of the API. */
export const reasonOf = (error: unknown): string => (error as { reason?: string }).reason ?? ''

export const isReason = (error: unknown, ...reasons: readonly string[]): boolean => reasons.includes(reasonOf(error))
