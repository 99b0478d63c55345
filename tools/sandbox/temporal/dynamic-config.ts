/** The defaults of newer servers, and search attributes that work once registered. */
export const dynamicConfig = {
  'matching.useNewMatcher': true,
  'system.enableActivityEagerExecution': true,
  'frontend.WorkerHeartbeatsEnabled': true,
  'system.forceSearchAttributesCacheRefreshOnRead': true,
};
