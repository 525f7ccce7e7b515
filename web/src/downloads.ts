// The same answer as files: for QGIS, for a spreadsheet, for a program.
import { element, part } from './element.ts';
import type { Question } from './question.ts';
import { downloadPath, prepareDownload, reportPath } from './server.ts';
import { site } from './site.ts';
import { say, type Wording } from './wording.ts';

/** What it is asked as, what people call it, and whether it points at the server for its data. */
type Form = readonly [form: string, label: string, isLive?: boolean];

interface Row {
  readonly layers: readonly string[];
  readonly words: Wording;
  readonly forms: readonly Form[];
}

const table: readonly Form[] = [
  ['gpkg', 'GeoPackage'],
  ['fgb', 'FlatGeobuf'],
  ['geojson', 'GeoJSON'],
  ['xlsx', 'Excel'],
  ['csv', 'CSV'],
];

const rows: readonly Row[] = [
  {
    layers: ['zones', 'communes', 'venues'],
    words: 'download.map',
    forms: [
      ['qgz', say('download.project')],
      ['qgz', say('download.live'), true],
      ['gpkg', 'GeoPackage'],
    ],
  },
  { layers: ['zones'], words: 'download.zones', forms: table },
  { layers: ['communes'], words: 'download.communes', forms: table },
];

interface Link {
  readonly shown: HTMLAnchorElement;
  readonly layers: readonly string[];
  readonly form: string;
  readonly isLive: boolean;
}

let report: HTMLAnchorElement | null = null;
let links: readonly Link[] = [];

/** Made once: another question changes where they lead, and lays nothing out again. */
export function showDownloads(question: Question): void {
  if (report === null) {
    report = element('a', { class: 'report', target: '_blank', rel: 'noopener' }, say('download.report'));
    const made = rows.map((row) => row.forms.map((form) => link(row, form)).filter((made) => pathOf(made, question) !== null));
    links = made.flat();
    const lines = made.map((line, rank) => (line.length === 0 ? '' : element('p', { class: 'download' }, element('span', {}, say(rows[rank]?.words ?? 'download.map')), ...line.map(({ shown }) => shown))));
    if (site !== null) part('downloads-note').textContent = say('site.files');
    part('downloads').replaceChildren(report, ...lines);
  }
  report.href = reportPath(question);
  part('downloads-state').textContent = '';
  for (const made of links) {
    const { shown, layers, form } = made;
    shown.href = pathOf(made, question) ?? '';
    // A server names its files itself.
    shown.download = site === null ? '' : fileName(layers, form, question);
  }
}

function pathOf({ layers, form, isLive }: Link, question: Question): string | null {
  return downloadPath(layers, form, question, isLive);
}

function link({ layers, words }: Row, [form, label, isLive = false]: Form): Link {
  const named = say('download.link', { layer: say(words), format: label });
  const shown = element('a', { 'aria-label': named, download: '' }, label);
  if (site === null) shown.addEventListener('click', (event) => void prepare(event, shown.href, named));
  return { shown, layers, form, isLive };
}

/** A large file takes the server a while to make: that is said, and what goes wrong too; then the browser saves it. */
async function prepare(event: MouseEvent, href: string, named: string): Promise<void> {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  const state = part('downloads-state');
  state.textContent = say('download.preparing', { name: named });
  try {
    await prepareDownload(href);
    state.textContent = say('download.ready', { name: named });
    location.assign(href);
  } catch (failure) {
    state.textContent = failure instanceof Error ? failure.message : String(failure);
  }
}

/** A file found again in a downloads folder months later must still say what it answers. */
function fileName(layers: readonly string[], extension: string, question: Question): string {
  const where = question.territories.map((id) => id.replace(/[^\w]+/g, '-'));
  return ['maillage', ...layers, ...where, question.mode, `${question.minutes}min`].join('_').slice(0, 120) + `.${extension}`;
}
