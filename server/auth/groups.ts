// The groups that somebody is in for what he is.

export const accountGroups = (namespace: string): string[] => ['system:serviceaccounts', `system:serviceaccounts:${namespace}`]

/** Everybody is authenticated or not; whoever names a user may say which. */
export const withAuthenticated = (name: string, groups: readonly string[]): string[] =>
  name === 'system:anonymous' || groups.includes('system:authenticated') || groups.includes('system:unauthenticated')
    ? [...groups]
    : [...groups, 'system:authenticated']
