// Dates as Slack's clients write them, in the acting person's time zone and relative to the workspace's clock.
// Tokens: https://docs.slack.dev/messaging/formatting-message-text (date formatting).

const formats = new Map();

function format(timeZone, options) {
  const key = timeZone + JSON.stringify(options);
  if (!formats.has(key)) {
    try {
      formats.set(key, new Intl.DateTimeFormat("en-US", { timeZone, ...options }));
    } catch {
      // A profile may carry a zone this browser does not know.
      formats.set(key, new Intl.DateTimeFormat("en-US", { timeZone: "UTC", ...options }));
    }
  }
  return formats.get(key);
}

function parts(unix, timeZone, options) {
  const found = {};
  for (const part of format(timeZone, options).formatToParts(unix * 1000)) found[part.type] = part.value;
  return found;
}

/** "2026-11-20": the local day, comparable as a string. */
export function dayOf(unix, timeZone) {
  const p = parts(unix, timeZone, { year: "numeric", month: "2-digit", day: "2-digit" });
  return `${p.year}-${p.month}-${p.day}`;
}

function ordinal(day) {
  const n = Number(day);
  const tail = n % 100 >= 11 && n % 100 <= 13 ? "th" : { 1: "st", 2: "nd", 3: "rd" }[n % 10] ?? "th";
  return `${n}${tail}`;
}

const HALF_YEAR = 182.5 * 86400;

function written(unix, now, timeZone, { weekday = false, short = false }) {
  const p = parts(unix, timeZone, {
    weekday: "long", month: short ? "short" : "long", day: "numeric", year: "numeric",
  });
  // Slack leaves the year out for dates within about six months.
  const year = Math.abs(unix - now) > HALF_YEAR ? `, ${p.year}` : "";
  const day = short ? p.day : ordinal(p.day);
  return `${weekday ? `${p.weekday}, ` : ""}${p.month} ${day}${year}`;
}

/** "today", "yesterday", "tomorrow" or null; by calendar days, so a 23-hour day counts as one too. */
export function nearDay(unix, now, timeZone) {
  const days = Math.round(
    (Date.parse(dayOf(unix, timeZone)) - Date.parse(dayOf(now, timeZone))) / 86400000,
  );
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days] ?? null;
}

export function timeOf(unix, timeZone, seconds = false) {
  return format(timeZone, { hour: "numeric", minute: "2-digit", ...(seconds ? { second: "2-digit" } : {}) })
    .format(unix * 1000)
    // Newer browsers put a narrow no-break space before AM; tests and people type a plain one.
    .replace(/\u202f/g, " ");
}

const UNITS = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60]];

function ago(unix, now) {
  const gap = unix - now;
  for (const [unit, size] of UNITS) {
    const n = Math.round(Math.abs(gap) / size);
    if (Math.abs(gap) < size * 0.98 || n < 1) continue;
    const words = `${n} ${unit}${n === 1 ? "" : "s"}`;
    return gap < 0 ? `${words} ago` : `in ${words}`;
  }
  return gap < 0 ? "just now" : "in less than a minute";
}

const TOKENS = {
  date_num: (u, n, z) => dayOf(u, z),
  date: (u, n, z) => written(u, n, z, {}),
  date_short: (u, n, z) => written(u, n, z, { short: true }),
  date_long: (u, n, z) => written(u, n, z, { weekday: true }),
  date_pretty: (u, n, z) => nearDay(u, n, z) ?? written(u, n, z, {}),
  date_short_pretty: (u, n, z) => nearDay(u, n, z) ?? written(u, n, z, { short: true }),
  date_long_pretty: (u, n, z) => nearDay(u, n, z) ?? written(u, n, z, { weekday: true }),
  time: (u, n, z) => timeOf(u, z),
  time_secs: (u, n, z) => timeOf(u, z, true),
  ago: (u, n) => ago(u, n),
};

/** Slack's date template; an unknown token stays as it is written. */
export function fillDate(template, unix, now, timeZone) {
  return template.replace(/\{([a-z_]+)\}/g, (token, name) =>
    Object.hasOwn(TOKENS, name) ? TOKENS[name](unix, now, timeZone) : token);
}

/** The label between two days of a conversation. */
export function dayLabel(unix, now, timeZone) {
  const near = nearDay(unix, now, timeZone);
  if (near) return near[0].toUpperCase() + near.slice(1);
  return written(unix, now, timeZone, { weekday: true });
}

/** "Friday, November 20th at 3:04:05 PM EST": for tooltips. */
export function fullMoment(unix, now, timeZone) {
  return `${written(unix, now, timeZone, { weekday: true })} at ${timeOf(unix, timeZone, true)} ${zoneName(unix, timeZone)}`;
}

export function clockDay(unix, timeZone) {
  return format(timeZone, { weekday: "short", month: "short", day: "numeric" }).format(unix * 1000);
}

/** "EST", "GMT+1": the zone's short name at that instant. */
export function zoneName(unix, timeZone) {
  return parts(unix, timeZone, { hour: "numeric", timeZoneName: "short" }).timeZoneName ?? timeZone;
}

/** A wall time "2026-11-20T09:30" of a zone as an instant: try the zone's offset, then correct once for DST. */
export function instantOf(wall, timeZone) {
  const naive = Date.parse(`${wall}Z`) / 1000;
  if (Number.isNaN(naive)) return null;
  let guess = naive;
  for (let round = 0; round < 2; round += 1) guess += naive - Date.parse(`${wallOf(guess, timeZone)}Z`) / 1000;
  return guess;
}

/** The inverse: what a datetime-local input of that zone shows. */
export function wallOf(unix, timeZone) {
  const p = parts(unix, timeZone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return `${dayOf(unix, timeZone)}T${p.hour}:${p.minute}`;
}
