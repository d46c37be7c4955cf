// What can be told of an expression from its text.

const literals = /(?:r|R|b|B){0,2}(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')/g

/** Whether it speaks of the value before: not as the name of a field, nor in a text. */
export const usesOldSelf = (expression: string): boolean => /(?<![.\w]\s*)\boldSelf\b/.test(expression.replace(literals, '""'))
