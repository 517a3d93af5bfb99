// A report apart from what must differ between a run that was stopped and one that was not: times, ids that
// chance or the service gives, and what depends on time, which is the pace and the number of requests. All the
// rest is left as it is, to the byte.

/** A style or a program of the page; what holds data is named, and is none. */
const PROGRAM = /<(style|script)>.*?<\/\1>/gs;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;
const DAY = /\b\d{4}-\d\d-\d\d\b/g;
const RUN_ID = /\d{8}T\d{6}Z-[a-z-]+-[0-9a-f]{4}/g;

function withoutIds(text: string): string {
  return text.replaceAll(RUN_ID, 'RUN').replaceAll(UUID, '').replaceAll(TIME, 'TIME').replaceAll(DAY, 'DAY');
}

export function rowsApart(csv: string): string {
  return withoutIds(csv);
}

const COURSE = /<section class="card" aria-labelledby="course">.*?<\/section>/s;
const CHART = /<script type="application\/json" id="course-data">.*?<\/script>/s;
const TOOK = /<span class="whole">after [^<]*<\/span>/g;
const FACTS =
  /<div>\s*<dt>(Duration|Requests sent|Answered 429 \(throttled\)|Writes accepted|Waited at the gate|Pace at the end|Limits that the service named|Most of a limit used)<\/dt>\s*<dd>.*?<\/dd>\s*<\/div>\s*/gs;

function pageApart(html: string): string {
  return withoutIds(html).replace(COURSE, '').replace(CHART, '').replaceAll(TOOK, '').replaceAll(FACTS, '');
}

/** Two pages, each apart. What is most of a page, and is the same in both, is not looked through for ids and times. */
export function pagesApart(one: string, other: string): readonly [one: string, other: string] {
  const [mine, theirs] = [new Set(one.match(PROGRAM)), new Set(other.match(PROGRAM))];
  const rest = (html: string): string =>
    html.replace(PROGRAM, (text) => (mine.has(text) && theirs.has(text) ? '' : text));
  return [pageApart(rest(one)), pageApart(rest(other))];
}
