// How CSI drivers are named, wherever one is.
import { type FieldError, invalid, required, tooLong } from '../errors.ts'
import { isDns1123Subdomain } from '../values/names.ts'

const maxLength = 63

export function driverNameErrors(name: string | undefined, path: string): FieldError[] {
  if (!name) return [required(path)]
  const long = name.length > maxLength ? [tooLong(path, maxLength)] : []
  return [...long, ...isDns1123Subdomain(name.toLowerCase()).map(why => invalid(path, name, why))]
}
