// Holds the one question of the page: every control changes it, and everything shown is an answer to it.
import { markWaiting, showAnswer } from './answer.ts';
import { showBase, startBase } from './basemap.ts';
import { showChips } from './chips.ts';
import { showClasses } from './classes.ts';
import { Comparison } from './comparison.ts';
import { showControls, startControls } from './controls.ts';
import { showCurve } from './curve.ts';
import { showDownloads } from './downloads.ts';
import { part } from './element.ts';
import { startEmbed } from './embed.ts';
import { showFilters, startFilters } from './filters.ts';
import { Inspector } from './inspector.ts';
import { showLegend, showPriority, startLegend } from './legend.ts';
import { Names } from './names.ts';
import { showNeed } from './need.ts';
import { Notice } from './notice.ts';
import { Outline } from './outline.ts';
import { Pane, type Library } from './pane.ts';
import { showParent } from './parent.ts';
import { pictureAnswer, pictureMap, startPicture } from './picture.ts';
import { cameraHash, parseCamera, parsePermalink, permalink, serverQuery, type Camera, type Filter, type Question, type Setting } from './question.ts';
import { Reveal } from './reveal.ts';
import { startSearch } from './search.ts';
import {
  fetchDiagnosis,
  fetchDrawn,
  fetchZones,
  Problem,
  type Bounds,
  type Diagnosis,
  type MapStyle,
} from './server.ts';
import { startShare } from './share.ts';
import { fixed, site } from './site.ts';
import { lowerSheet, startSheet } from './sheet.ts';
import { showCredits, showSources } from './sources.ts';
import { startTable } from './table.ts';
import { startTools } from './tools.ts';
import { showViews } from './views.ts';
import { showWeek } from './week.ts';
import { say } from './wording.ts';
import { listed, showZones } from './zones.ts';

// While the slider moves, one request per rest rather than one per step.
const sliderRest = 40;
// A map of many areas must not keep the figures waiting.
const mapHeadStart = 150;

let question: Question;
let setting: Setting;
let refused: readonly Filter[];
let pane: Pane | null = null;
let library: Library | null = null;
let asking = new AbortController();
let answered: string | null = null;
let isFirst = true;
let fitWhenAnswered = false;
let bounds: Bounds | null = null;
let beyond = 0;
let sliding = false;
const notice = new Notice();
let timer = 0;
const names = new Names();
const inspector = new Inspector({
  map: () => pane?.view ?? null,
  question: () => question,
  times: () => pane?.times ?? { times: 'estimated', stranded: false },
  numbers: (layer, id) => pane?.numbers(layer, id) ?? null,
  choose: (territory, how) => {
    names.set(territory.id, territory);
    ask({ ...question, territories: how === 'only' ? [territory.id] : [...question.territories, territory.id] });
  },
  onOpen: (place) => keepSetting({ place }),
});

const reveal = new Reveal({
  map: () => pane?.view ?? null,
  question: () => question,
  inspector,
  choose: (territory) => {
    names.set(territory.id, territory);
    ask({ ...question, territories: [territory.id] });
  },
  onTrouble: (reason) => showTrouble(reason),
});
const outline = new Outline({
  map: () => pane?.view ?? null,
  ask: (corners) => fetchDrawn(corners, question),
  onDone: ({ territory }) => {
    const id = territory.id ?? '';
    names.set(id, territory);
    ask({ ...question, territories: [id] });
  },
});
const comparison = new Comparison({
  library: () => library,
  map: () => pane?.view ?? null,
  words: (asked) => names.inWords(asked),
  onStop: () => compare(null),
  onSwap: () => {
    const kept = setting.before;
    setting = { ...setting, before: question };
    if (kept !== null) ask({ ...kept, metric: question.metric });
  },
  onKnown: (asked, diagnosis) => names.learn(asked, diagnosis),
  onOpen: (view) => view.dress(setting),
  onBaseLost: () => dress({ base: null }),
  onSwipe: (swipe) => keepSetting({ swipe }),
  onTrouble: (reason) => console.error(reason),
});

function compare(before: Question | null): void {
  setting = { ...setting, before };
  writeAddress('pushState');
  showComparison();
}

function showComparison(): void {
  const asked = question;
  comparison.show(setting.before, asked, beyond).catch(showTrouble);
}

function readAddress(): void {
  ({ question, setting, refused } = fixed(parsePermalink(location.search)));
  fitWhenAnswered = parseCamera(location.hash) === null;
  showBase(setting.base);
  showPriority(setting.priority);
  comparison.swipe(setting.swipe);
}

function writeAddress(how: 'pushState' | 'replaceState'): void {
  const query = permalink(question, setting);
  history[how](null, '', location.pathname + (query === '' ? '' : `?${query}`) + location.hash);
}

function ask(next: Question, how: 'pushState' | 'replaceState' = 'pushState', rest = 0): void {
  performance.mark('maillage:asked');
  const moved = next.territories.join() !== question.territories.join();
  question = fixed({ question: next, setting, refused: [] }).question;
  refused = [];
  fitWhenAnswered ||= moved;
  writeAddress(how);
  showQuestion();
  clearTimeout(timer);
  if (rest === 0) void answer();
  else timer = window.setTimeout(() => void answer(), rest);
}

function showQuestion(): void {
  const words = names.inWords(question);
  part('sentence').textContent = words;
  document.title = `${words} · Maillage`;
  showControls(question);
  showFilters(question);
  showChips(question, (id) => names.of(id), ask);
  showDownloads(question);
}

async function answer(): Promise<void> {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  const asked = question;
  const query = serverQuery(asked);
  part('trouble').hidden = true;
  const tasks: Promise<void>[] = [drawMap(asked, signal)];
  if (query !== answered) {
    // From here on the panel may hold figures of this question beside others of the last.
    answered = null;
    markWaiting(true);
    inspector.again();
    // The map first: what it shows is a matter of milliseconds, and a figure read takes seconds.
    const first = Promise.race([pane?.firstColours, new Promise((late) => setTimeout(late, mapHeadStart))]);
    tasks.push(
      first.then(() => fetchDiagnosis(asked, signal)).then((diagnosis) => showDiagnosis(diagnosis, asked)),
      first.then(() => fetchZones(asked, listed, signal)).then((zones) =>
        showZones(zones, asked, (zone) => {
          lowerSheet();
          pane?.view?.outlineZone(zone.geometry);
          if (zone.bbox) pane?.view?.fit(zone.bbox);
        }),
      ),
    );
  }
  const outcomes = await Promise.allSettled(tasks);
  if (signal.aborted) return;
  markWaiting(false);
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  answered = failure === undefined ? query : null;
  if (failure === undefined) isFirst = false;
  // Figures under a sentence they do not answer would be quoted: none is better.
  part('panel').classList.toggle('stale', outcomes.slice(1).some(({ status }) => status === 'rejected'));
  if (pane?.view && outcomes[0]?.status === 'rejected') {
    notice.trouble(say('error.staleMap'));
  }
  if (failure === undefined) showComparison();
  if (failure !== undefined) showTrouble(failure.reason);
  else if (refused[0] !== undefined) showTrouble(new Problem(say('error.link', { name: refused[0][0], value: refused[0][1] })));
}

function showDiagnosis(diagnosis: Diagnosis, asked: Question): void {
  const { territory } = diagnosis;
  const learnt = names.learn(asked, diagnosis);
  if (asked.territories.length > 1) learnt.then(showQuestion, (reason: unknown) => console.error(reason));
  showQuestion();
  showAnswer(diagnosis, asked);
  beyond = diagnosis.answer.beyond;
  notice.answered(diagnosis.answer);
  if (pane?.view && pane.isColoured) notice.drawn(asked);
  pictureAnswer(diagnosis, asked);
  showCurve(diagnosis.curve, asked.minutes);
  showParent(diagnosis, asked);
  showClasses(diagnosis);
  showWeek(diagnosis, asked);
  showNeed(diagnosis);
  showSources(diagnosis);
  const views = territory.views ?? [];
  showViews(views, (view) => pane?.view?.fit(view.bbox));
  // Seen whole, a territory that oceans scatter would be a map of the oceans.
  const whole = views[0]?.bbox ?? territory.bbox;
  if (whole) bounds = whole;
  if (fitWhenAnswered && bounds !== null && pane?.view) {
    pane.view.fit(bounds, !isFirst);
    fitWhenAnswered = false;
  }
}

function showTrouble(reason: unknown): void {
  if (pane !== null && pane.view === null) notice.trouble(say('error.noMap'));
  part('trouble-words').textContent = reason instanceof Error ? reason.message : String(reason);
  part('trouble-detail').textContent = reason instanceof Problem ? reason.detail : '';
  part('trouble').hidden = false;
}

async function drawMap(asked: Question, signal: AbortSignal): Promise<void> {
  if (pane === null) {
    notice.trouble(say('error.webgl'));
    part('frame').classList.add('mapless');
    return;
  }
  notice.start();
  await pane.draw(asked, signal, startView, (style) => {
    showCredits(style);
    showLegend(style, asked.filters.some(([name]) => name !== 'fragility_min'));
  });
  if (!signal.aborted) notice.drawn(asked);
}

function startView(style: MapStyle): Camera | Bounds {
  const view = parseCamera(location.hash) ?? bounds ?? style.metadata['maillage:bounds'] ?? ([-5.2, 41.3, 9.6, 51.1] as const);
  if (bounds !== null) fitWhenAnswered = false;
  return view;
}

function openPane(library: Library): Pane {
  return new Pane('map', say('map.label'), library, {
    onMove: (camera) => {
      history.replaceState(null, '', location.pathname + location.search + cameraHash(camera));
      notice.moved();
    },
    onBaseLost: () => dress({ base: null }),
    onPoint: (at) => {
      if (outline.isDrawing) outline.add(at);
      return outline.isDrawing;
    },
    onClick: (place) => {
      notice.clicked();
      inspector.inspect(place);
    },
    onWhole: () => {
      if (bounds !== null) pane?.view?.fit(bounds);
    },
    onOpen: (view) => view.dress(setting),
    onDrawn: () => {
      if (pane?.isColoured !== true) return;
      notice.drawn(question);
      pictureMap(pane);
    },
    onTrouble: (reason) => {
      console.error(reason);
      notice.trouble(say('error.tiles'), 'passing');
    },
  });
}

function keepSetting(change: Partial<Setting>): void {
  setting = { ...setting, ...change };
  writeAddress('replaceState');
}

/** What the maps are told of the setting, once it has changed. */
function dress(change: Partial<Setting>): void {
  keepSetting(change);
  for (const view of [pane?.view, comparison.view]) view?.dress(setting);
}

/** What one takes away: a picture, a link, the map inside another page, a base map under it. */
function startKeep(): void {
  const shared = (): { question: Question; setting: Setting } => ({ question, setting });
  startTools();
  startPicture(() => question);
  startShare(shared);
  startEmbed(shared);
  startBase((base) => dress({ base }));
}

async function loadMap(): Promise<typeof import('./map.ts')> {
  if (site !== null) (await import('./archive.ts')).openArchive(site.archive);
  return import('./map.ts');
}

function start(): void {
  readAddress();
  if (document.createElement('canvas').getContext('webgl2') !== null) {
    library = loadMap().catch(() => {
      throw new Problem(say(site === null ? 'error.unreachable' : 'site.unreachable'));
    });
    pane = openPane(library);
  }
  startSheet();
  startLegend((priority) => dress({ priority }));
  startControls((change, settled) => {
    const how = sliding ? 'replaceState' : 'pushState';
    sliding = !settled;
    ask({ ...question, ...change }, how, settled ? 0 : sliderRest);
  });
  startFilters((filters) => ask({ ...question, filters }));
  startSearch((territory) => {
    if (site !== null) {
      reveal.inSite(territory);
      return;
    }
    names.set(territory.id, territory);
    if (!question.territories.includes(territory.id)) ask({ ...question, territories: [...question.territories, territory.id] });
  });
  part('compare').addEventListener('click', () => compare(question));
  for (const id of ['draw', 'compare']) part(id).hidden = site !== null || pane === null;
  const showTable = startTable({ question: () => question, onChoose: (level) => reveal.rows(level), onList: (table) => keepSetting({ table }) });
  // Once the question has its words, and the map what one clicks on.
  const reopen = (): void => {
    inspector.reopen(setting.place).catch(showTrouble);
    showTable(setting.table);
  };
  startKeep();
  part('retry').addEventListener('click', () => {
    answered = null;
    void answer().then(reopen);
  });
  addEventListener('keydown', ({ key, target }) => {
    if (key === 'Escape' && inspector.isOpen && target !== part('search-field')) inspector.inspect(null);
  });
  // The fragment of the address is the map's view: the skip link moves the focus without it.
  document.querySelector('.skip')?.addEventListener('click', (event) => {
    event.preventDefault();
    part('answer').focus();
  });
  addEventListener('popstate', () => {
    const former = question.territories.join();
    readAddress();
    const { place } = setting;
    if (!inspector.isAt(place)) {
      inspector.inspect(null);
      // A card that is closed leaves the address, which is now that of another.
      keepSetting({ place });
    }
    // The view one had of the same territories is still a view of them.
    fitWhenAnswered &&= former !== question.territories.join();
    const camera = parseCamera(location.hash);
    if (camera !== null) pane?.view?.jump(camera);
    dress({});
    showQuestion();
    void answer().then(reopen);
  });
  showQuestion();
  part('panel').classList.add('started');
  void answer().then(reopen);
}

start();
