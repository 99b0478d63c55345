import type { ComponentChildren } from 'preact';
import { assetUrls } from '../assets';
import type { Session } from '../sessions';
import { FormToken } from './form-token';
import { SearchForm } from './search-form';

const SECTIONS = [
  { path: '/', name: 'Notifications' },
  { path: '/bulk-resends', name: 'Bulk resends' },
  { path: '/previews', name: 'Mail preview' },
];

export interface LayoutProps {
  title: string;
  /** Absent without a session: then there is nothing to go to. */
  session?: Session;
  /** The path of the section that the page belongs to. */
  section?: string;
  query?: string;
  children: ComponentChildren;
}

/** The frame of every page. No script, no style and no URL of another host is in any of them. */
export function Layout({ title, session, section, query, children }: LayoutProps) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>{`${title} · Bulk notify`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <link rel="stylesheet" href={assetUrls.style} />
        <link rel="icon" href={assetUrls.icon} type="image/svg+xml" />
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to content
        </a>
        <header class="bar">
          <a class="brand" href="/">
            Bulk notify
          </a>
          {session && (
            <>
              <Sections section={section} />
              <SearchForm session={session} query={query} />
              <form class="log-out" method="post" action="/logout">
                <FormToken session={session} />
                <button class="quiet">Log out</button>
              </form>
            </>
          )}
        </header>
        <main id="main" tabIndex={-1}>
          {children}
        </main>
      </body>
    </html>
  );
}

function Sections({ section }: { section?: string }) {
  return (
    <nav aria-label="Sections">
      <ul>
        {SECTIONS.map(({ path, name }) => (
          <li>
            <a href={path} aria-current={path === section ? 'page' : undefined}>
              {name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
