/** A broken guarantee. */
export interface Violation {
  kind:
    | 'lost'
    | 'doubled'
    | 'against the policy'
    | 'not accepted'
    | 'resend lost'
    | 'nuisance accepted'
    | 'second run'
    | 'left open'
    | 'run failed'
    | 'disagreement'
    | 'no replay'
    | 'stray mail'
    | 'not ambiguous';
  taskId: string;
  what: string;
}
