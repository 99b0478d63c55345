import type { Session } from '../sessions';
import { FormToken } from './form-token';

/** A POST, since an address must not become part of a URL. */
export function SearchForm({ session, query }: { session: Session; query?: string }) {
  return (
    <search class="search">
      <form method="post" action="/search">
        <FormToken session={session} />
        <label class="hidden" for="query">
          Task ID, event ID, user ID or email address
        </label>
        <input
          id="query"
          type="search"
          name="query"
          required
          maxLength={320}
          value={query}
          placeholder="Task, event or user ID, or email address"
          autocomplete="off"
          spellcheck={false}
        />
        <button>Search</button>
      </form>
    </search>
  );
}
