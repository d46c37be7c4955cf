// A number, or a share of a total.

/** `value` is a number or a percentage; `up`: how a share is rounded. */
export function resolve(value: number | string | undefined, total: number, up: boolean): number {
  if (typeof value !== 'string') return value ?? 0
  const share = (Number.parseInt(value, 10) * total) / 100
  return up ? Math.ceil(share) : Math.floor(share)
}
