import type { Outcome } from '../../../../workflows/core/outcome';

export const notificationPath = ({ taskId, outcome }: { taskId: string; outcome: Outcome }) =>
  `/notifications/${taskId}/${outcome}`;
