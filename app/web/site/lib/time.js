// Times as people say them.

const STEPS = /** @type {[number, Intl.RelativeTimeFormatUnit][]} */ ([
    [60, 'second'], [60, 'minute'], [24, 'hour'], [30, 'day'], [12, 'month'], [Infinity, 'year'],
]);

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'long' });
const absolute = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeStyle: 'short' });
const dates = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' });

/** "3 hours ago".
 *  @param {string} time RFC 3339 @param {number} [now] */
export function ago(time, now = Date.now()) {
    let amount = Math.min(0, (Date.parse(time) - now) / 1000);
    for (const [size, unit] of STEPS) {
        if (Math.abs(amount) < size) {
            return relative.format(Math.round(amount), unit);
        }
        amount /= size;
    }
    return '';
}

/** "21 November 2026 at 10:15". @param {string} time RFC 3339 */
export const moment = (time) => absolute.format(new Date(time));

/** "November 21, 2026". @param {string} date YYYY-MM-DD */
export const day = (date) => dates.format(new Date(date));
