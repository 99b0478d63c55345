/**
 * The defaults of newer servers, the fairness of deploy/temporal, and search attributes that work once
 * registered.
 */
export const dynamicConfig = {
  'matching.useNewMatcher': true,
  'matching.enableFairness': true,
  'system.enableActivityEagerExecution': true,
  'frontend.WorkerHeartbeatsEnabled': true,
  'system.forceSearchAttributesCacheRefreshOnRead': true,
};
