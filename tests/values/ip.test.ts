import { isIP } from 'node:net'
import { expect, test } from 'vitest'
import { isIp } from '../../openapi/values/ip.ts'

const texts = [
  '1.2.3.4',
  '256.1.1.1',
  '01.2.3.4',
  '1.2.3',
  '::',
  '::1',
  '1::',
  '1:2:3:4:5:6:7:8',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7::8',
  '::ffff:1.2.3.4',
  '1:2:3:4:5:6:7:1.2.3.4',
  '1.2.3.4::',
  '1::1::',
  ':1',
  ':::',
  '2001:db8::ffff',
  'abc',
  '',
  '12345::',
]
test.each(texts)('%s is an address for us when it is one for the system', text => expect(isIp(text)).toBe(isIP(text) !== 0))
