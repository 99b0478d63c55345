import { fetch } from './recorded-fetch';
import { runCli } from './run-cli';

/** What a door answered to a query. */
export interface DoorAnswer {
  /** Where the mail is. */
  sentence: string;
  /** All of the answer. */
  text: string;
}

export interface DoorAnswers {
  cli: DoorAnswer & { code: unknown };
  api: DoorAnswer & { body: Record<string, unknown> };
  page: DoorAnswer;
}

interface DoorsOptions {
  /** Of the admin listener of a running API. */
  port: number;
  token: string;
  /** Of the command. */
  environment: Record<string, string>;
}

/** Asks for a mail by the command, the admin API and the page of a running service. */
export async function openDoors({ port, token, environment }: DoorsOptions) {
  const base = `http://127.0.0.1:${port}`;
  const login = await fetch(`${base}/login`, {
    ...{ method: 'POST', redirect: 'manual', body: new URLSearchParams({ token }) },
    headers: { 'Sec-Fetch-Site': 'same-origin' },
  });
  const [cookie = ''] = login.headers.get('Set-Cookie')?.split(';') ?? [];

  async function askCli(query: string): Promise<DoorAnswers['cli']> {
    const { code, stdout } = await runCli(['show', query], {
      PATH: process.env.PATH,
      ...environment,
    });
    return { code, sentence: stdout.split('\n')[0] ?? '', text: stdout };
  }

  async function askApi(query: string): Promise<DoorAnswers['api']> {
    const response = await fetch(`${base}/api/admin/search`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const text = await response.text();
    const body = JSON.parse(text) as { sentence?: string; notification?: { sentence: string } };
    return { sentence: body.notification?.sentence ?? body.sentence ?? '', text, body };
  }

  async function askPage(query: string): Promise<DoorAnswers['page']> {
    const path = `/search?q=${encodeURIComponent(query)}`;
    const html = await (await fetch(`${base}${path}`, { headers: { cookie } })).text();
    const [, sentence = ''] = /<p class="sentence">(.*?)<\/p>/s.exec(html) ?? [];
    return { sentence: textOf(sentence), text: textOf(html) };
  }

  return {
    askApi,
    async askAll(query: string): Promise<DoorAnswers> {
      const [cli, api, page] = await Promise.all([askCli(query), askApi(query), askPage(query)]);
      return { cli, api, page };
    },
  };
}

const textOf = (html: string) =>
  html
    .replace(/<[^<>]*>/g, '')
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&');
