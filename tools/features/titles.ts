import ts from 'typescript';

/** `S4: what it proves`, `S7 tcp: ...`, `S1, S6: ...` or `S1 S6: ...`: rows, and a colon after at most one phrase. */
const TITLE = /^([A-Z]\d{1,2}(?:,? [A-Z]\d{1,2})*)(?: [^:]*)?: /;

/** Ids that a title begins with; empty when it names no row. */
export function idsOf(title: string): readonly string[] {
  return TITLE.exec(title)?.[1]?.split(/,? /) ?? [];
}

/** Stands for what is filled in when the test runs. */
const FILLED_IN = '…';

function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map((span) => FILLED_IN + span.literal.text).join('');
}

/**
 * Titles in the source of a test file that begin with a row's id, in their order. Any string of the file may be one,
 * because many titles stand in tables; what is computed in a template shows as an ellipsis.
 */
export function titlesIn(source: string): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const text = textOf(node);
    if (text !== undefined && idsOf(text).length > 0) found.push(text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('test.ts', source, ts.ScriptTarget.Latest));
  return found;
}
