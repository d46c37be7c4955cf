/** More items than any object can hold. */
export const unbounded = 1_000_000
