/** Markup that may go into a page as it is. Only `html` makes it. */
class Html {
  constructor(readonly markup: string) {}
}

export type { Html };

type Value = string | number | Html | Html[];

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function toMarkup(value: Value): string {
  if (value instanceof Html) return value.markup;
  if (Array.isArray(value)) return value.map(toMarkup).join('');
  return String(value).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** A template tag that escapes everything put into it, except what `html` itself made. */
export function html(strings: TemplateStringsArray, ...values: Value[]): Html {
  return new Html(
    strings.reduce((page, string, i) => page + toMarkup(values[i - 1] ?? '') + string),
  );
}
