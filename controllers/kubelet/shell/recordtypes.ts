// The names of DNS record types and classes (IANA's registry), and 'TYPE65' and 'CLASS5' for the rest.

const types: Readonly<Record<string, number>> = {
  A: 1,
  NS: 2,
  MD: 3,
  MF: 4,
  CNAME: 5,
  SOA: 6,
  MB: 7,
  MG: 8,
  MR: 9,
  NULL: 10,
  WKS: 11,
  PTR: 12,
  HINFO: 13,
  MINFO: 14,
  MX: 15,
  TXT: 16,
  RP: 17,
  AFSDB: 18,
  X25: 19,
  ISDN: 20,
  RT: 21,
  NSAP: 22,
  SIG: 24,
  KEY: 25,
  PX: 26,
  AAAA: 28,
  LOC: 29,
  SRV: 33,
  NAPTR: 35,
  KX: 36,
  CERT: 37,
  DNAME: 39,
  APL: 42,
  DS: 43,
  SSHFP: 44,
  IPSECKEY: 45,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  DHCID: 49,
  NSEC3: 50,
  NSEC3PARAM: 51,
  TLSA: 52,
  SMIMEA: 53,
  HIP: 55,
  CDS: 59,
  CDNSKEY: 60,
  OPENPGPKEY: 61,
  CSYNC: 62,
  ZONEMD: 63,
  SVCB: 64,
  HTTPS: 65,
  SPF: 99,
  EUI48: 108,
  EUI64: 109,
  TKEY: 249,
  IXFR: 251,
  AXFR: 252,
  MAILB: 253,
  ANY: 255,
  URI: 256,
  CAA: 257,
}
const classes: Readonly<Record<string, number>> = { IN: 1, CH: 3, HS: 4, NONE: 254, ANY: 255 }
const byCode = new Map(Object.entries(types).map(([name, code]) => [code, name]))

export const typeCode = (name: string): number | undefined => codeOf(types, name, /^TYPE(\d{1,5})$/)
export const classCode = (name: string): number | undefined => codeOf(classes, name, /^CLASS(\d{1,5})$/)

/** As it is printed: TYPE65 is HTTPS. undefined: no type. */
export function typeName(text: string): string | undefined {
  const code = typeCode(text.toUpperCase())
  return code === undefined ? undefined : (byCode.get(code) ?? `TYPE${code}`)
}

export function className(text: string): string | undefined {
  const code = classCode(text.toUpperCase())
  return code === undefined ? undefined : (Object.keys(classes).find(name => classes[name] === code) ?? `CLASS${code}`)
}

function codeOf(table: Readonly<Record<string, number>>, name: string, numbered: RegExp): number | undefined {
  const [, digits] = numbered.exec(name) ?? []
  const code = digits === undefined ? table[name] : Number(digits)
  return code !== undefined && code <= 65535 ? code : undefined
}
