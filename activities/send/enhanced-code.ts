/** An enhanced status code (RFC 3463 §2): 5.7.1 is class 5, subject 7, detail 1. */
export interface EnhancedCode {
  class: number;
  subject: number;
  detail: number;
}

/** After the reply code, never elsewhere: an IP address looks alike. Some relays write `#5.7.1`. */
const AT_START = /^\d{3}[ -]#?([245])\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})(?![\w-]|\.\d)/;

/** Those of a whole reply, each once: RFC 2034 §4 wants it on every line. */
export function enhancedCodes(reply: string): EnhancedCode[] {
  const codes = new Map<string, EnhancedCode>();
  for (const line of reply.split('\n')) {
    const [, ...parts] = AT_START.exec(line) ?? [];
    if (parts.length === 0) continue;
    const [statusClass = 0, subject = 0, detail = 0] = parts.map(Number);
    codes.set(parts.join('.'), { class: statusClass, subject, detail });
  }
  return [...codes.values()];
}
