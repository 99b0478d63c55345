/** The user who owns the uploads of the benchmark. */
export const OWNER = '6ba7b810-9dad-41d1-80b4-00c04fd430c8';
/** The user whose single uploads come while the owner has many. */
export const OTHER_OWNER = '6ba7b811-9dad-41d1-80b4-00c04fd430c8';

/** As the database knows them. */
export const owners = [
  { userId: OWNER, profileEmail: 'owner@mailbox.example' },
  { userId: OTHER_OWNER, profileEmail: 'other@mailbox.example' },
];
