/**
 * What a page would say to people without asking its catalogue: words in the markup, in what readers hear or hover,
 * in messages, and numbers or times that no language was asked for.
 *
 * Does not: judge words that come from variables; those are the server's, or the catalogue's by their type.
 */
import ts from "typescript";

const HEARD_OR_SEEN =
  /^(aria-(label|description|roledescription|valuetext|placeholder)|title|placeholder|alt|label|summary|header|description|content|message|extra|tooltip|okText|cancelText|emptyText|suffix|prefix|addonAfter|addonBefore|notFoundContent|checkedChildren|unCheckedChildren|subTitle)$/;
const TELLS = /^(success|error|info|warning|warn|loading|alert|confirm)$/;
const TOLD_BY = /^(message|notification|modal|window)$/;
const ADDRESS = /^(https?:|mailto:|\/)\S*$/;
const WORDS = /\p{L}{2,}/u;
const NO_LANGUAGE = /toLocale(Date|Time)?String\(\s*(\)|undefined|\[\])|Intl\.\w+\(\s*(\)|undefined|\[\])/g;

/** One line for each; `allowed` are words that are the same in every language. */
export function unasked(name: string, text: string, allowed: readonly string[] = []): string[] {
  const kind = name.endsWith(".tsx") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true, kind);
  const found: string[] = [];
  const say = (words: string) => {
    if (WORDS.test(words) && !ADDRESS.test(words) && !allowed.includes(words.trim()))
      found.push(`${name}: ${words.trim()}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node)) say(node.text);
    if (ts.isJsxAttribute(node) && HEARD_OR_SEEN.test(node.name.getText())) {
      const given = node.initializer;
      if (given && ts.isStringLiteral(given)) say(given.text);
      if (given && ts.isJsxExpression(given) && given.expression) literals(given.expression).forEach(say);
    }
    const isChild = ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent);
    if (isChild && node.expression) literals(node.expression).forEach(say);
    if (ts.isCallExpression(node) && tells(node.expression)) node.arguments.flatMap(literals).forEach(say);
    ts.forEachChild(node, visit);
  };
  visit(source);
  for (const [words] of text.matchAll(NO_LANGUAGE)) found.push(`${name}: ${words} asks for no language`);
  return found;
}

function tells(callee: ts.Expression): boolean {
  return (
    ts.isPropertyAccessExpression(callee) &&
    TELLS.test(callee.name.text) &&
    TOLD_BY.test(callee.expression.getText())
  );
}

/** The texts that an expression can become, but for what it calls. */
function literals(node: ts.Expression): string[] {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node))
    return [
      node.head.text,
      ...node.templateSpans.flatMap((span) => [span.literal.text, ...literals(span.expression)]),
    ];
  if (ts.isConditionalExpression(node)) return [...literals(node.whenTrue), ...literals(node.whenFalse)];
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) return literals(node.expression);
  if (!ts.isBinaryExpression(node)) return [];
  const { kind } = node.operatorToken;
  const eitherMatters = [
    ts.SyntaxKind.BarBarToken,
    ts.SyntaxKind.QuestionQuestionToken,
    ts.SyntaxKind.PlusToken,
  ];
  if (kind === ts.SyntaxKind.AmpersandAmpersandToken) return literals(node.right);
  return eitherMatters.includes(kind) ? [...literals(node.left), ...literals(node.right)] : [];
}
