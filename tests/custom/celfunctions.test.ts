// Facts of Kubernetes' documentation about the functions it adds to CEL: what is true, and what fails with which words.
import { beforeAll, expect, test } from 'vitest'
import { loadPatterns } from '../../openapi/values/pattern.ts'

let compile: typeof import('../../openapi/cel/program.ts')['compileExpression']
beforeAll(async () => {
  await loadPatterns()
  compile = (await import('../../openapi/cel/program.ts')).compileExpression
})

const run = (expression: string): unknown => {
  const compiled = compile(expression)
  if ('unsupported' in compiled) throw new Error(compiled.unsupported)
  const { value, error } = compiled.run({})
  if (error) throw new Error(error.message)
  return value
}

test.each([
  "ip('127.0.0.1') == ip('127.0.0.1')",
  "isIP('127.0.0.1') && isIP('::1') && !isIP('127.0.0.256') && !isIP('10.0.0.1/8') && !isIP('::ffff:1.2.3.4')",
  "ip.isCanonical('127.0.0.1') && ip.isCanonical('2001:db8::abcd') && !ip.isCanonical('2001:DB8::ABCD') && !ip.isCanonical('2001:db8::0:0:0:abcd')",
  "ip('127.0.0.1').family() == 4 && ip('::1').family() == 6",
  "ip('0.0.0.0').isUnspecified() && ip('::').isUnspecified() && !ip('127.0.0.1').isUnspecified()",
  "ip('127.0.0.1').isLoopback() && ip('::1').isLoopback() && !ip('192.168.0.1').isLoopback()",
  "ip('224.0.0.1').isLinkLocalMulticast() && ip('ff02::1').isLinkLocalMulticast() && !ip('224.0.1.1').isLinkLocalMulticast()",
  "ip('169.254.169.254').isLinkLocalUnicast() && ip('fe80::1').isLinkLocalUnicast() && !ip('192.168.0.1').isLinkLocalUnicast()",
  "ip('192.168.0.1').isGlobalUnicast() && !ip('255.255.255.255').isGlobalUnicast() && ip('2001:db8::abcd').isGlobalUnicast() && !ip('ff00::1').isGlobalUnicast()",
  "string(ip('2001:DB8::0')) == '2001:db8::'",
  "isCIDR('192.168.0.0/24') && isCIDR('::/0') && !isCIDR('192.168.0.0/33') && !isCIDR('192.168.0.0')",
  "cidr('192.168.0.0/24').containsIP('192.168.0.1') && cidr('192.168.0.0/24').containsIP(ip('192.168.0.1')) && !cidr('192.168.0.0/24').containsIP('192.168.1.1')",
  "cidr('192.168.0.0/16').containsCIDR('192.168.10.0/24') && !cidr('192.168.1.0/24').containsCIDR(cidr('192.168.0.0/16'))",
  "cidr('192.168.0.1/24').ip() == ip('192.168.0.1') && cidr('192.168.0.1/24').ip().family() == 4",
  "cidr('192.168.0.1/24').masked() == cidr('192.168.0.0/24') && cidr('192.168.0.1/24') != cidr('192.168.0.0/24')",
  "cidr('192.168.0.0/24').prefixLength() == 24 && string(cidr('10.0.0.0/8')) == '10.0.0.0/8'",
  "isSemver('1.0.0') && !isSemver('hello') && !isSemver('v1.0') && isSemver('v1.0', true) && !isSemver('200K', true)",
  "semver('v01.01', true) == semver('1.1.0') && semver('1.2.3').major() == 1 && semver('1.2.3').minor() == 2 && semver('1.2.3').patch() == 3",
  "semver('1.2.3').isLessThan(semver('1.2.10')) && semver('2.0.0').isGreaterThan(semver('1.9.9')) && semver('1.2.3').compareTo(semver('1.2.3')) == 0",
  "semver('1.0.0-alpha.1').isLessThan(semver('1.0.0-alpha.beta')) && semver('1.0.0-rc.1').compareTo(semver('1.0.0')) == -1",
  "'%s has %d, %.2f, %e, %b, %x, %X, %o, %%'.format(['it', 3, 1.005, 1052.032911275, 5, 255, 'hi', 8]) == 'it has 3, 1.00, 1.052033×10⁰³, 101, ff, 6869, 10, %'",
  `'%s %s %s'.format([[1, 'a'], {'b': 1, 'a': null}, true]) == '[1, "a"] {"a":null, "b":1} true'`,
  "'%s %s'.format([duration('90m'), timestamp('2026-01-01T00:00:00Z')]) == '5400s 2026-01-01T00:00:00Z'",
  'strings.quote("a\\n\\"b") == "\\"a\\\\n\\\\\\"b\\""',
  "!format.dns1123Label().validate('my-label-name').hasValue() && format.dns1123Label().validate('-no').hasValue()",
  "!format.dns1123Subdomain().validate('apiextensions.k8s.io').hasValue() && format.dns1035Label().validate('1a').hasValue()",
  "!format.qualifiedName().validate('apiextensions.k8s.io/v1beta1').hasValue() && !format.labelValue().validate('my-value').hasValue()",
  "!format.dns1123LabelPrefix().validate('my-label-prefix-').hasValue() && !format.dns1123SubdomainPrefix().validate('mysubdomain.prefix-').hasValue() && !format.dns1035LabelPrefix().validate('a-').hasValue()",
  "!format.uri().validate('http://example.com').hasValue() && format.uri().validate('x y').hasValue()",
  "format.uuid().validate('x').value() == ['does not match the UUID format'] && !format.uuid().validate('123e4567-e89b-12d3-a456-426614174000').hasValue()",
  "!format.byte().validate('aGVsbG8=').hasValue() && format.byte().validate('?').value() == ['invalid base64']",
  "!format.date().validate('2021-01-01').hasValue() && format.datetime().validate('2021').value() == ['invalid datetime']",
  "format.named('dns1123Label').hasValue() && !format.named('nope').hasValue()",
  '[1, 2, 3].all(i, v, v == i + 1) && {"a": 1}.all(k, v, k == "a" && v == 1) && [].all(i, v, false)',
  '[1, 2, 3].exists(i, v, i > 1 && v == 3) && ![1].exists(i, v, i == v)',
  '[1, 1].existsOne(i, v, i == 1) && ![1, 1].existsOne(i, v, v == 1)',
  '[1, 2, 3].transformList(i, v, i * v) == [0, 2, 6] && [1, 2, 3].transformList(i, v, i > 0, v) == [2, 3]',
  '{"a": 1, "b": 2}.transformMap(k, v, v + 1) == {"a": 2, "b": 3} && {"a": 1, "b": 2}.transformMap(k, v, k == "a", v) == {"a": 1}',
  '{"a": "x"}.transformMapEntry(k, v, {v: k}) == {"x": "a"} && ["a", "b"].transformMapEntry(i, v, i == 1, {v: i}) == {"b": 1}',
  'optional.of(1).hasValue() && !optional.none().hasValue() && optional.of(1).value() == 1 && optional.none().orValue(2) == 2',
  'optional.none().or(optional.of(3)).value() == 3 && !optional.ofNonZeroValue("").hasValue() && optional.ofNonZeroValue(1).hasValue()',
  'optional.of(1).optMap(x, x + 1).value() == 2 && !optional.none().optMap(x, x).hasValue()',
  'optional.of([1]).optFlatMap(x, x.first()).value() == 1 && [1, 2].last().value() == 2 && ![].first().hasValue()',
  'optional.unwrap([optional.of(1), optional.none()]) == [1] && [optional.of(1)].unwrapOpt() == [1]',
  '{"a": {"b": 1}}.?a.?b.orValue(0) == 1 && !{"a": 1}[?"x"].hasValue() && [1, 2][?1].value() == 2 && ![1][?5].hasValue()',
  '[?optional.none(), 1, ?optional.of(2)] == [1, 2] && {?"a": optional.none(), "b": 1} == {"b": 1}',
  'true ? [?optional.of([1, 2][?0].value())] == [1] : {?"x": true ? optional.of(1) : optional.none()} == {}',
  `'%f %.0f %e %s'.format([123456.5, 2.5, -0.00000123, 1e30]) == '123,456.500000 2 -1.230000×10⁻⁰⁶ 1e+30'`,
  `'%s'.format([[1.5, b'x', duration('90m'), timestamp(0), 1u]]) == '[1.500000, b"x", duration("5400s"), timestamp("1970-01-01T00:00:00Z"), 1]'`,
  "string(timestamp('2024-01-01T00:00:00.120Z')) == '2024-01-01T00:00:00.12Z' && string(duration('1h1m0.5s')) == '3660.5s' && string(duration('-1.5s')) == '-1.5s'",
  "string(1000000.0) == '1e+06' && string(100000.0) == '100000' && string(0.00001) == '1e-05' && string(1.5) == '1.5'",
  "int(timestamp('1970-01-01T00:01:00Z')) == 60 && int(duration('2s')) == 2000000000 && int(5u) == 5 && .5 == 0.5 && b'a' < b'b'",
  "timestamp('2024-01-01T00:00:00Z').getHours('02:00') == 2 && timestamp('2024-01-01T00:00:00Z').getHours('-03:30') == 20 && timestamp(0).getHours('America/New_York') == 19",
  "'a👑b'.substring(1, 2) == '👑' && 'a👑b'.indexOf('b') == 2 && 'a👑b'.lastIndexOf('b') == 2 && 'a👑b'.charAt(1) == '👑' && 'a👑'.split('') == ['a', '👑']",
  "'abc'.replace('', '-') == '-a-b-c-' && 'abc'.replace('', '-', 2) == '-a-bc' && 'abc'.split('', 2) == ['a', 'bc'] && 'İA'.lowerAscii() == 'İa'",
  "'abc'.indexOf('c', 5) == -1 && 'abc'.indexOf('', 9) == 9 && 'abcabc'.lastIndexOf('abc', 2) == 0 && 'abc'.lastIndexOf('c', 9) == -1",
  'optional.of(1) == optional.of(1) && optional.of(1) != optional.none() && [optional.of([1])] == [optional.of([1])] && {"a": 1}.?b == optional.none()',
  'has({"a": 1}.a) && !has({"a": 1}.b) && has([{"a": 1}][0].a) && has({"a": {"b": 1}}.a.b) && has(optional.of({"a": 1}).value().a) && !has(dyn(1).x)',
  '[3, 1, 2].sort() == [1, 2, 3] && ["b", "a"].sort() == ["a", "b"] && [].sort() == [] && [3, 1, 2].sortBy(x, -x) == [3, 2, 1] && [{"a": 2}, {"a": 1}].sortBy(x, x.a)[0].a == 1',
  '[[1, 2], [3]].flatten() == [1, 2, 3] && [[[1]], [[2]]].flatten(2) == [1, 2] && lists.range(3) == [0, 1, 2] && lists.range(-3) == []',
  '[1, 2, 1].distinct() == [1, 2] && [1, 2, 3].slice(1, 3) == [2, 3] && [1, 2].reverse() == [2, 1] && [duration("1s"), duration("2s")].sum() == duration("3s")',
  '{1: "a", 2: "b"}.all(k, k > 0) && {1: "a"}[1] == "a" && 1 in {1: "a"} && {1: "a"}.map(k, k + 1) == [2]',
  '{true: 1, false: 0}.exists(k, k) && {1: {"a": 2}}.transformMap(k, v, v.a + k) == {1: 3} && {"__proto__": 1}.size() == 1',
  '[1, 2, 2].isSorted() && [1, 2].sum() == 3 && [0.5, 0.5].sum() == 1.0 && [3, 1].min() == 1 && ["a", "b"].max() == "b"',
  '[1, 2, 2].indexOf(2) == 1 && [1, 2, 2].lastIndexOf(2) == 2 && [1].indexOf(5) == -1',
  'sets.contains([1, 2], [1]) && sets.equivalent([1, 1], [1]) && !sets.intersects([1], [2])',
  '"abc 123".find("[0-9]+") == "123" && "1, 2, 3, 4".findAll("[0-9]+", 2) == ["1", "2"] && "a".findAll("b") == []',
  'url("https://u:p@example.com:80/a b?k=1&k=2").getEscapedPath() == "/a%20b" && url("https://example.com:80/").getPort() == "80"',
  'url("https://[::1]:80/?k=1&k=2").getQuery() == {"k": ["1", "2"]} && url("https://[::1]:80/").getHostname() == "::1" && url("/p").getScheme() == ""',
  'quantity("50k").asInteger() == 50000 && quantity("50000000G").isGreaterThan(quantity("1Mi")) && quantity("1.5").asApproximateFloat() == 1.5',
  'quantity("-1").sign() == -1 && quantity("1").sub(1).sign() == 0 && !quantity("1.5").isInteger() && quantity("200M").compareTo(quantity("0.2G")) == 0',
  '"a,b".split(",") == ["a", "b"] && ["a", "b"].join("-") == "a-b" && "Tacocat".lowerAscii() == "tacocat" && "abc".substring(1, 2) == "b"',
  '" x ".trim() == "x" && "hello".replace("l", "L", 1) == "heLlo" && "hello".lastIndexOf("l") == 3 && "abc".charAt(3) == ""',
])('%s', expression => expect(run(expression)).toBe(true))

test.each([
  ["ip('x')", /IP Address "x" parse error during conversion from string/],
  ["ip('::ffff:1.2.3.4')", /IPv4-mapped IPv6 address "::ffff:1.2.3.4" is not allowed/],
  ["ip('fe80::1%eth0')", /IP address "fe80::1%eth0" with zone value is not allowed/],
  ["cidr('10.0.0.0')", /network address parse error during conversion from string/],
  ["semver('1.0')", /No Major.Minor.Patch elements found/],
  ["semver('01.0.0')", /Major number must not contain leading zeroes "01"/],
  ["semver('1.0.0-01')", /Numeric PreRelease version must not contain leading zeroes "01"/],
  ["'%s'.format([])", /index 0 out of range/],
  ["'%q'.format([1])", /unrecognized formatting clause "q"/],
  ["'%d'.format(['a'])", /decimal clause can only be used on integers, was given string/],
  ['[1, 2].transformMapEntry(i, v, {"a": v})', /insert failed: key a already exists/],
  ['optional.none().value()', /not present/],
  ['[1, 2].slice(1, 5)', /^cannot slice\(1, 5\), list is length 2$/],
  ['[1, 2].slice(2, 1)', /^cannot slice\(2, 1\), start index must be less than or equal to end index$/],
  ['[1, 2].slice(-1, 1)', /^cannot slice\(-1, 1\), negative indexes not supported$/],
  ['[[1]].flatten(-1)', /^level must be non-negative$/],
  ['[dyn(1), dyn("a")].sort()', /^list elements must have the same type$/],
  ['"abc".substring(5)', /^index out of range: 5$/],
  ['"abc".substring(2, 1)', /^invalid substring range. start: 2, end: 1$/],
  ['timestamp(0).getHours("x/y")', /^unknown time zone x\/y$/],
  ['"%f".format([dyn(1)])', /fixed-point clause can only be used on doubles, was given int/],
  ['"%d".format([dyn(1.5)])', /decimal clause can only be used on integers, was given double/],
  ['[?1]', /optional_type/],
])('%s fails', (expression, words) => expect(() => run(expression)).toThrow(words))
