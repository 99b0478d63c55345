import { ledgerStates, parkReasons } from '../../../operator/notification-filter';
import type { FilterTexts } from '../list-query';
import { inWords } from './in-words';

/** The filter as GET fields, so that a view has a URL that can be passed on. */
export function FilterForm({ filter }: { filter: FilterTexts }) {
  return (
    <form class="filter" method="get" action="/" aria-label="Filter">
      <Choice name="state" label="State" options={ledgerStates} value={filter.state} />
      <Choice name="reason" label="Parked because" options={parkReasons} value={filter.reason} />
      <Choice
        name="outcome"
        label="Upload"
        options={['completed', 'failed']}
        value={filter.outcome}
      />
      <Text name="file" label="File name contains" value={filter.file} />
      <Text name="user" label="User ID" value={filter.user} pattern="[^@]*" />
      <Text name="from" label="Created from" value={filter.from} hint="7d, 24h or a date" />
      <Text name="to" label="Created before" value={filter.to} hint="2026-03-01" />
      <div class="buttons">
        <button>Filter</button>
        <a href="/">Clear</a>
      </div>
    </form>
  );
}

interface FieldProps {
  name: keyof FilterTexts;
  label: string;
  value?: string;
}

function Choice({ name, label, options, value }: FieldProps & { options: readonly string[] }) {
  return (
    <p>
      <label for={name}>{label}</label>
      <select id={name} name={name}>
        <option value="">any</option>
        {options.map((option) => (
          <option value={option} selected={option === value}>
            {inWords(option)}
          </option>
        ))}
      </select>
    </p>
  );
}

interface TextProps extends FieldProps {
  hint?: string;
  /** A browser sends nothing else. */
  pattern?: string;
}

function Text({ name, label, value, hint, pattern }: TextProps) {
  return (
    <p>
      <label for={name}>{label}</label>
      <input
        id={name}
        name={name}
        value={value}
        placeholder={hint}
        pattern={pattern}
        autocomplete="off"
      />
    </p>
  );
}
