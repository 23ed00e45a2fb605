/**
 * What sources say to a person, as keys; platform/messages.ts holds the text. The arguments of each key stand beside it.
 * A quantity is formatted where it is shown.
 */
export type SourceMessageKey =
  ConnectionKey | HttpErrorKey | AbilityKey | PlanKey | RefusalKey | AssignmentKey | EmbeddedKey | LogSourceKey;

/** How a source gets its news (`SourceSnapshot.note`). */
type ConnectionKey =
  /** "live" */
  | 'source.note.live'
  /** {interval: seconds} "asks every 5 s" */
  | 'source.note.polling'
  /** {interval: seconds} "live updates broke off, asks every 5 s" */
  | 'source.note.pollingAfterLoss'
  /** {unread: count, release, problem} releases that this version does not understand are not shown; the first of them */
  | 'source.note.unread'
  /** {theirs, ours} the built-in service that runs is of another version than this extension */
  | 'source.note.otherVersion';

/** Why a source has no answer (`SourceError.message`). */
type HttpErrorKey =
  /** {address} nothing listens there */
  | 'source.error.refused'
  /** {host} the name does not resolve */
  | 'source.error.dns'
  /** {address} no route, no HTTP, or the connection broke off */
  | 'source.error.unreachable'
  /** {address, after: seconds} */
  | 'source.error.timeout'
  /** {host, code} the certificate is not trusted: says that `caFile` takes the right authority */
  | 'source.error.untrusted'
  /** {host, code} TLS failed otherwise: expired, other host name, no TLS at all */
  | 'source.error.tls'
  /** {address} the proxy of the settings refused or did not answer */
  | 'source.error.proxy'
  /** {address, limit: bytes} */
  | 'source.error.tooLarge'
  /** {address, to} points to another origin; not followed, since that would hand over the token */
  | 'source.error.redirect'
  /** {address} {to} the same server */
  | 'source.error.redirectHere'
  /** {address} 401 with a token: it is not accepted (any more); run "Enter token" */
  | 'source.error.unauthorized'
  /** {address} 401 without a token: run "Enter token" */
  | 'source.error.noToken'
  /** {address} 403 */
  | 'source.error.forbidden'
  /** {address} 404: no rollout service at this address */
  | 'source.error.notFound'
  /** {release} 404 of one release */
  | 'source.error.releaseGone'
  /** {address} answered with a web page instead of data: is this the address of a rollout service? */
  | 'source.error.notJson'
  /** {address, problem} the answer has another shape than expected */
  | 'source.error.invalid'
  /** {problem} the editor's secret store failed */
  | 'source.error.tokenStore'
  /** {address, status} 5xx and whatever else is no answer */
  | 'source.error.server'
  /** the address in the settings is no http(s) URL: {address} */
  | 'source.error.badUrl'
  /** {file, problem} the authority file of the settings cannot be read */
  | 'source.error.caFile'
  /** {problem} the source's own code failed; it is started again */
  | 'source.error.crashed'
  | 'source.error.removed'
  | 'source.error.fault'
  | 'source.error.aborted';

/** Why an act cannot be done on this release now (`Ability.why`). */
type AbilityKey =
  /** the token may read only */
  | 'source.cannot.viewer'
  /** the kind of backend has no such act */
  | 'source.cannot.unsupported'
  /** {phase} */
  | 'source.cannot.phasePreparation'
  | 'source.cannot.phaseFull'
  | 'source.cannot.phaseRolledBack'
  /** the release was aborted */
  | 'source.cannot.aborted'
  | 'source.cannot.noSteps'
  | 'source.cannot.lastStep'
  | 'source.cannot.alreadyPaused'
  | 'source.cannot.notPaused'
  /** nothing to return from: it has not begun */
  | 'source.cannot.notBegun';

/** What a plan does (`Plan.consequences`, `Plan.irreversible`). */
type PlanKey =
  /** {from: ratio, to: ratio, version} "v42 gets 20 % instead of 10 % of users" */
  | 'source.plan.raise'
  /** {from: ratio, to: ratio, version} */
  | 'source.plan.lower'
  /** users already on the canary stay on it */
  | 'source.plan.usersStay'
  /** {version} users above the new ratio go back to the stable version */
  | 'source.plan.usersReturn'
  /** the gray phase begins */
  | 'source.plan.startsGray'
  /** {step, steps, to: ratio} */
  | 'source.plan.step'
  /** {pause: seconds, next: ratio} the service goes on to the next step by itself */
  | 'source.plan.goesOn'
  /** {pause: seconds, version} the service gives the version to everyone by itself */
  | 'source.plan.goesFull'
  /** then it waits until somebody goes on */
  | 'source.plan.stepWaits'
  /** {version} everyone gets the canary; the gray phase ends */
  | 'source.plan.full'
  /** {at: ratio} it stays at this ratio until resumed */
  | 'source.plan.pause'
  /** {at: ratio} the pause ends at this ratio */
  | 'source.plan.resume'
  /** a promotion ends the pause */
  | 'source.plan.endsPause'
  /** it goes on although a guardrail is broken */
  | 'source.plan.endsDegraded'
  /** it is paused at the new ratio */
  | 'source.plan.pausedThere'
  /** a pause stays a pause */
  | 'source.plan.staysPaused'
  /** the steps stand still until the guardrails are kept again or somebody resumes */
  | 'source.plan.staysDegraded'
  /** it has this ratio already */
  | 'source.plan.nothing'
  /** {version} the roll-out stops, everyone returns to the stable version */
  | 'source.plan.abort'
  /** {version} everyone returns to the stable version */
  | 'source.plan.rollback'
  /** the release ends; a new attempt is a new release */
  | 'source.plan.ends'
  /** from full only a roll-back leads back, and that moves everyone */
  | 'source.plan.fullOnlyRollback'
  /** preparation does not come back */
  | 'source.plan.noWayBackToPreparation';

/** Why a plan or its carrying out was refused (`Refusal.message`). */
type RefusalKey =
  /** somebody changed the release meanwhile; both values are in the refusal */
  | 'source.refusal.conflict'
  /** {actor, age: seconds} this person did */
  | 'source.refusal.conflictBy'
  /** {actor, age: seconds, reason} */
  | 'source.refusal.conflictByWhy'
  /** {age: seconds} the service did by itself: a pause was over, a guardrail broken or kept again */
  | 'source.refusal.conflictService'
  /** {age: seconds, reason} */
  | 'source.refusal.conflictServiceWhy'
  /** the release keeps changing; nothing was sent that took effect */
  | 'source.refusal.busy'
  /** {reason} the backend's rules forbid it in this state (409) */
  | 'source.refusal.state'
  /** the backend asks for a precondition that was not sent (428) */
  | 'source.refusal.precondition'
  /** the token may not do this (403) */
  | 'source.refusal.forbidden'
  /** the token is missing or not accepted; run "Enter token" */
  | 'source.refusal.unauthorized'
  /** {reason} the backend did not take the request as valid */
  | 'source.refusal.invalid'
  /** {release} it does not exist (any more) */
  | 'source.refusal.gone'
  /** nothing was sent: the backend cannot be reached; {source} as the person named it */
  | 'source.refusal.unreachable'
  /** {source, after: seconds} it was not even read, so nothing was sent */
  | 'source.refusal.timeout'
  /** {source, reason} the backend failed before anything was sent, or refused it */
  | 'source.refusal.server'
  /** the answer was lost; the release was read again: it took effect */
  | 'source.refusal.lostTookEffect'
  /** the answer was lost; the release was read again: it took no effect so far */
  | 'source.refusal.lostNoEffect'
  /** the answer was lost; the release moved, not to where the act would have brought it, and the audit does not say who did it */
  | 'source.refusal.lostMoved'
  /** the answer was lost and the release cannot be read: nobody knows */
  | 'source.refusal.lostUnknown'
  /** {ratio} the ratio is not between 0 and 1 */
  | 'source.refusal.badRatio'
  /** {step, steps} there is no such step */
  | 'source.refusal.noSuchStep'
  /** the plan belongs to another source */
  | 'source.refusal.foreignPlan'
  | 'source.refusal.aborted';

/** How a user's variant came about (`Assignment.because`). */
type AssignmentKey =
  /** {bucket, buckets, below} on the canary: bucket 8,123 of 100,000 is below 10,000 */
  | 'source.assignment.canary'
  /** {bucket, buckets, below} */
  | 'source.assignment.stable'
  /** {phase} full or rolled back: everyone gets the same */
  | 'source.assignment.everyone';

/** What the built-in service says when it cannot be kept alive. */
type EmbeddedKey =
  /** {attempts} it died this often in a row */
  | 'embedded.failed.died'
  /** {problem} it could not be started */
  | 'embedded.failed.spawn'
  /** {after: seconds} it did not say that it listens */
  | 'embedded.failed.silent'
  | 'embedded.aborted';

/**
 * Why a line of a log is not counted. `json`: no JSON object. `time`, `variant`, `status`: the mapped field is missing or is no such
 * value. `long`: over the limit for a line. `future`, `old`: its time is ahead of the clock (wrong unit?), or older than what is kept.
 */
export const BAD_LINE_REASONS = ['json', 'time', 'variant', 'status', 'long', 'future', 'old'] as const;
export type BadLineReason = (typeof BAD_LINE_REASONS)[number];

/** Log sources. */
type LogSourceKey =
  /** {done: ratio, files: count} "reading 40 % of 3 files" */
  | 'logs.note.reading'
  /** {files: count, rate: perSecond} "following 3 files · 1.2 k lines/s" */
  | 'logs.note.following'
  /** {files: count, age: seconds} "following 3 files · no new line for 4 min" */
  | 'logs.note.quiet'
  /** {files: count, unread: count, file} "following 2 files; 1 cannot be read: /var/log/x" */
  | 'logs.note.unreadable'
  /** {releases: count, field} "more than 100 releases: does the mapped field name the service?" */
  | 'logs.note.tooManyReleases'
  /** {files: count, rate: perSecond, file, now, pattern} an older file lies beside a followed one, and no pattern reaches it */
  | 'logs.note.beside'
  /** {files: count, rate: perSecond, file, now, pattern} a followed file has a name that no pattern reaches; what would reach it */
  | 'logs.note.rotatedAway'
  /** {files: count, rate: perSecond, file} a followed file was moved out of its folder or deleted */
  | 'logs.note.gone'
  /** {files: count, field} by its unit the newest line is of long before there were such logs */
  | 'logs.note.ancient'
  /** {files: count, skipped: bytes} "following 3 files; the oldest 4.1 GB were not read" */
  | 'logs.note.partial'
  /** {files: count, bad: count, lines: count, example} "following 3 files; 12 of 5,000 lines not counted: no variant, as in: …" */
  | `logs.note.bad.${BadLineReason}`
  /** {bad: count, example} no line at all fits the mapping; the commonest reason: no JSON object, as in: … */
  | `logs.error.bad.${BadLineReason}`
  /** {pattern} no file matches */
  | 'logs.error.noFile'
  /** {file} permission denied */
  | 'logs.error.denied'
  /** {file} is compressed: only plain text is followed */
  | 'logs.error.compressed'
  /** {file} */
  | 'logs.error.utf16'
  /** {pattern, file} it matches compressed files only, the first of them */
  | 'logs.error.onlyCompressed'
  /** {file, pattern} is a folder; a pattern that would name its files */
  | 'logs.error.folder'
  /** {file} is a pipe or a device, not a regular file */
  | 'logs.error.notFile'
  /** {file, problem} */
  | 'logs.error.unreadable'
  /** {folder, limit: count} the pattern reaches too many files or folders */
  | 'logs.error.tooManyFiles'
  /** {release} no line of the logs names it */
  | 'logs.error.noRelease'
  /** {file} is empty, so nothing can be guessed from it */
  | 'logs.sample.empty'
  /** {file, bytes} no line ends in the last so many bytes of it */
  | 'logs.sample.noLine'
  /** {file, example} no line of it is a JSON object; its newest line */
  | 'logs.sample.noJson'
  /** What a guess at the mapping could not find: no line is a JSON object */
  | 'logs.guess.noJson'
  /** no field holds a time: name the field and its unit */
  | 'logs.guess.noTime'
  /** no field tells the variants apart: log which variant (or version) served the request */
  | 'logs.guess.noVariant'
  /** {field, values} which of these values is the canary? */
  | 'logs.guess.noCanary'
  /** no field holds an HTTP status: without it nothing is known of errors */
  | 'logs.guess.noStatus'
  /** no field holds a response time: latency will not be judged */
  | 'logs.guess.noLatency'
  /** neither the name {field} nor its values, such as {values}, tell the unit of the response time */
  | 'logs.guess.noLatencyUnit'
  /** no field holds a user's id: users will not be counted, and a verdict then needs 1,000 requests a side */
  | 'logs.guess.noUser'
  /** a release found only in logs has no owner: nobody here holds its ratio, so nothing can be changed */
  | 'logs.cannot.noOwner'
  /** logs tell which variant a request got, not which one a user will get */
  | 'logs.cannot.assignment';
