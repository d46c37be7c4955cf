// Sets of fields and their printed form, which objects share: none may change what another has.
import { describe, expect, it } from 'vitest'
import { emptySet, type FieldsV1, insert, isEmpty, parseFields, printFields, union } from '../../openapi/rules/fieldset.ts'

const fields: FieldsV1 = { 'f:data': { '.': {}, 'f:a': {}, 'k:{"name":"x"}': { 'f:name': {} } }, 'f:type': {} }
const copyOf = (value: FieldsV1): FieldsV1 => JSON.parse(JSON.stringify(value)) as FieldsV1

describe('printed fields', () => {
  it('say what was parsed', () => expect(printFields(parseFields(copyOf(fields)))).toEqual(fields))

  it('are one object where they are alike, and so are their parts', () => {
    const [one, other] = [fields, { ...fields, 'f:more': {} }].map(each => printFields(parseFields(copyOf(each))) as FieldsV1)
    expect(printFields(parseFields(copyOf(fields)))).toBe(one)
    expect(other).not.toBe(one)
    expect(other?.['f:data']).toBe(one?.['f:data'])
  })

  it('are not mixed up when a name holds what could stand between two', () => {
    const sets: FieldsV1[] = [{ 'f:a': {}, 'f:b': {} }, { 'f:a\n0\nf:b': {} }, { 'f:a0:3:f:b': {} }]
    for (const each of [...sets, ...sets]) expect(printFields(parseFields(copyOf(each)))).toEqual(each)
  })

  it('tell a member from what only has members below it', () => {
    const set = emptySet()
    insert(set, ['f:a', 'f:b'])
    expect(printFields(set)).toEqual({ 'f:a': { 'f:b': {} } })
    insert(set, ['f:a'])
    expect(printFields(set)).toEqual({ 'f:a': { '.': {}, 'f:b': {} } })
  })

  it('stay as they are when sets that came of them are joined', () => {
    const printed = printFields(parseFields(copyOf(fields)))
    const joined = union(parseFields(printed), parseFields(printFields(parseFields({ 'f:data': { 'f:b': {} } }))))
    expect(printFields(joined)).toEqual({ ...fields, 'f:data': { ...fields['f:data'], 'f:b': {} } })
    expect(printed).toEqual(fields)
    expect(printFields(parseFields(printed))).toBe(printed)
  })

  it('of a leaf are no member by themselves', () => {
    const printed = printFields(parseFields(copyOf(fields)))
    expect(isEmpty(parseFields(printed['f:type']))).toBe(true)
    expect(isEmpty(parseFields({}))).toBe(true)
  })
})
