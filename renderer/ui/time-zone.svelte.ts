/** In which zone times are shown. What is logged, filtered and exported stays in UTC. */
class TimeZone {
  /** Whether times are shown in this computer's zone instead of UTC. */
  isLocal = $state(false);
  /** What the zone is called beside a time, `UTC` or an IANA name such as `Europe/Vienna`. */
  readonly name: string = $derived(
    this.isLocal ? Intl.DateTimeFormat().resolvedOptions().timeZone : 'UTC',
  );

  /** A moment whose UTC fields read as the zone's clock does then. */
  shifted(at: number): Date {
    const offsetMin = this.isLocal ? new Date(at).getTimezoneOffset() : 0;
    return new Date(at - offsetMin * 60_000);
  }
}

/** The zone in which the page shows times. */
export const timeZone = new TimeZone();
