// Holds the one question of the page: every control changes it, and everything shown is an answer to it.
import { markWaiting, showAnswer } from './answer.ts';
import { showBase, startBase } from './basemap.ts';
import { showChips } from './chips.ts';
import { showControls, startControls } from './controls.ts';
import { showCurve } from './curve.ts';
import { showDownloads } from './downloads.ts';
import { drawIsochrones, drawWay, type Drawn } from './drawn.ts';
import { part } from './element.ts';
import { startEmbed } from './embed.ts';
import { showLegend, startLegend } from './legend.ts';
import type { Clicked, MapView } from './map.ts';
import { showNeed } from './need.ts';
import type { Named } from './perimeter.ts';
import { pictureAnswer, pictureMap, startPicture } from './picture.ts';
import { hidePlace, placeFromTile, showPlace, type Ground } from './place.ts';
import { cameraHash, parseCamera, parsePermalink, permalink, serverQuery, type Filter, type Question, type Setting } from './question.ts';
import { startSearch } from './search.ts';
import { sentence } from './sentence.ts';
import {
  fetchDiagnosis,
  fetchIsochrones,
  fetchStyle,
  fetchWay,
  fetchZones,
  Problem,
  type Bounds,
  type Diagnosis,
  type MapStyle,
  type Times,
} from './server.ts';
import { startShare } from './share.ts';
import { fixed, isAnswered, site } from './site.ts';
import { lowerSheet, startSheet } from './sheet.ts';
import { showSources } from './sources.ts';
import { startTools } from './tools.ts';
import { isochroneMinutes, showVenue, venueFromTile } from './venue.ts';
import { showViews } from './views.ts';
import { say } from './wording.ts';
import { listed, showZones } from './zones.ts';

// While the slider moves, one request per rest rather than one per step.
const sliderRest = 120;

let question: Question;
let setting: Setting;
let refused: readonly Filter[];
let map: MapView | null = null;
let mapLibrary: Promise<typeof import('./map.ts')> | null = null;
let asking = new AbortController();
let answered: string | null = null;
let fitWhenAnswered = false;
let bounds: Bounds | null = null;
let clicked: Clicked | null = null;
let times: Times = 'estimated';
let stranded = false;
let sliding = false;
let hint = say('map.hint');
let mapTrouble: string | null = null;
let timer = 0;
const names = new Map<string, Named>();

function readAddress(): void {
  ({ question, setting, refused } = fixed(parsePermalink(location.search)));
  fitWhenAnswered = parseCamera(location.hash) === null;
  showBase(setting.base);
}

function writeAddress(how: 'pushState' | 'replaceState'): void {
  const query = permalink(question, setting);
  history[how](null, '', location.pathname + (query === '' ? '' : `?${query}`) + location.hash);
}

function ask(next: Question, how: 'pushState' | 'replaceState' = 'pushState', rest = 0): void {
  const moved = next.territories.join() !== question.territories.join();
  question = next;
  refused = [];
  fitWhenAnswered ||= moved;
  writeAddress(how);
  showQuestion();
  clearTimeout(timer);
  if (rest === 0) void answer();
  else timer = window.setTimeout(() => void answer(), rest);
}

function showQuestion(): void {
  const known = question.territories.map((id) => names.get(id)).filter((named) => named !== undefined);
  const whole = names.get('');
  const where = question.territories.length === 0 && whole ? [whole] : known;
  const words = sentence(question, where.length >= question.territories.length ? where : []);
  part('sentence').textContent = words;
  document.title = `${words} · Maillage`;
  showControls(question);
  showChips(question, (id) => names.get(id)?.name ?? id, ask);
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
    markWaiting(true);
    forgetOutlines();
    tasks.push(
      fetchDiagnosis(asked, signal).then((diagnosis) => showDiagnosis(diagnosis, asked)),
      fetchZones(asked, listed, signal).then((zones) =>
        showZones(zones, asked, (zone) => {
          lowerSheet();
          map?.outlineZone(zone.geometry);
          if (zone.bbox) map?.fit(zone.bbox);
        }),
      ),
    );
  }
  const outcomes = await Promise.allSettled(tasks);
  if (signal.aborted) return;
  markWaiting(false);
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  answered = failure === undefined ? query : null;
  // Figures under a sentence they do not answer would be quoted: none is better.
  part('panel').classList.toggle('stale', outcomes.slice(1).some(({ status }) => status === 'rejected'));
  if (map !== null && outcomes[0]?.status === 'rejected') {
    mapTrouble = say('error.staleMap');
    mapWords(mapTrouble);
  }
  if (failure !== undefined) showTrouble(failure.reason);
  else if (refused[0] !== undefined) showTrouble(new Problem(say('error.link', { name: refused[0][0], value: refused[0][1] })));
}

function showDiagnosis(diagnosis: Diagnosis, asked: Question): void {
  const { territory } = diagnosis;
  const only = asked.territories.length === 0 ? '' : asked.territories.length === 1 ? asked.territories[0] : undefined;
  if (only !== undefined) names.set(only, territory);
  else void learnNames(asked);
  showQuestion();
  showAnswer(diagnosis, asked);
  pictureAnswer(diagnosis, asked);
  showCurve(diagnosis.curve, asked.minutes);
  showNeed(diagnosis);
  showSources(diagnosis);
  const views = territory.views ?? [];
  showViews(views, (view) => map?.fit(view.bbox));
  // Seen whole, a territory that oceans scatter would be a map of the oceans.
  const whole = views[0]?.bbox ?? territory.bbox;
  if (whole) bounds = whole;
  if (fitWhenAnswered && bounds !== null && map !== null) {
    map.fit(bounds, answered !== null);
    fitWhenAnswered = false;
  }
}

/** A link with several territories brings only their codes; the union's own name would not say which chip is which. */
async function learnNames(asked: Question): Promise<void> {
  const unknown = asked.territories.filter((id) => !names.has(id));
  for (const id of unknown) {
    const { territory } = await fetchDiagnosis({ ...asked, territories: [id], filters: [] });
    names.set(id, territory);
  }
  if (unknown.length > 0) showQuestion();
}

function showTrouble(reason: unknown): void {
  if (map === null && mapLibrary !== null) mapWords(say('error.noMap'));
  part('trouble-words').textContent = reason instanceof Error ? reason.message : String(reason);
  part('trouble-detail').textContent = reason instanceof Problem ? reason.detail : '';
  part('trouble').hidden = false;
}

function mapWords(words: string): void {
  part('map-words').textContent = words;
}

async function drawMap(asked: Question, signal: AbortSignal): Promise<void> {
  if (mapLibrary === null) {
    mapWords(say('error.webgl'));
    part('frame').classList.add('mapless');
    return;
  }
  mapTrouble = null;
  const style = await fetchStyle(asked, signal);
  times = style.metadata['maillage:times'] ?? 'estimated';
  stranded = style.metadata['maillage:stranded'] ?? false;
  showLegend(style, asked.filters.some(([name]) => name !== 'fragility_min'));
  if (map !== null) map.show(style);
  else await startMap(style, await mapLibrary);
}

async function startMap(style: MapStyle, { MapView }: typeof import('./map.ts')): Promise<void> {
  if (map !== null) return;
  const start = parseCamera(location.hash) ?? bounds ?? style.metadata['maillage:bounds'] ?? ([-5.2, 41.3, 9.6, 51.1] as const);
  if (bounds !== null) fitWhenAnswered = false;
  map = new MapView(style, start, {
    onMove: (camera) => history.replaceState(null, '', location.pathname + location.search + cameraHash(camera)),
    onClick: (place) => {
      hint = '';
      inspect(place);
    },
    onWhole: () => {
      if (bounds !== null) map?.fit(bounds);
    },
    onDrawn: () => {
      mapWords(mapTrouble ?? hint);
      pictureMap(map);
    },
    onTrouble: (reason) => {
      console.error(reason);
      mapTrouble = say('error.tiles');
      mapWords(mapTrouble);
    },
  });
  map.dress(setting);
}

/** A site has no answer about two territories together, nor about a commune, which is shown on the map. */
function chooseInSite(territory: Named & { id: string; bbox: Bounds | null }): void {
  if (isAnswered(territory.id)) {
    names.set(territory.id, territory);
    ask({ ...question, territories: [territory.id] });
  } else if (territory.bbox !== null) {
    map?.fit(territory.bbox);
  }
}

function inspect(place: Clicked | null): void {
  clicked = place;
  map?.outlinePlace(place);
  map?.explain(null);
  if (place === null) hidePlace();
  else if (place.kind === 'venue') inspectVenue(place);
  else inspectArea(place);
}

function inspectArea(place: Clicked): void {
  let figures = placeFromTile(place.kind, place.attributes);
  if (!isAnswered(`${figures.kind}:${figures.code}`)) figures = { ...figures, p90: 'unasked' };
  const isPoint = site === null && ['cell', 'commune'].includes(figures.kind);
  const cell = place.cell && placeFromTile('cell', place.cell);
  let ground: Ground = { times, stranded, cell, way: isPoint ? undefined : 'unasked' };
  const id = `${figures.kind}:${figures.code}`;
  const asked = question;
  const actions = {
    onClose: () => inspect(null),
    onChoose:
      figures.kind === 'cell' || question.territories.includes(id) || !isAnswered(id)
        ? null
        : () => {
            names.set(id, figures);
            inspect(null);
            ask({ ...question, territories: [id] });
          },
  };
  const show = (): void => {
    if (clicked === place) showPlace(figures, asked, ground, actions);
  };
  show();
  map?.uncover(place, part('place').getBoundingClientRect());
  if (isPoint) {
    fetchWay(asked, place.at).then(
      (way) => {
        ground = { ...ground, way };
        show();
        if (way !== null) explain(place, drawWay(way, place.at));
      },
      () => {
        ground = { ...ground, way: 'failed' };
        show();
      },
    );
  }
  if (figures.kind === 'cell' || !isAnswered(id)) return;
  fetchDiagnosis({ ...asked, territories: [id] })
    .then(({ answer: { access_min_p90 } }) => access_min_p90, () => null)
    .then((p90) => {
      figures = { ...figures, p90 };
      show();
    });
}

function inspectVenue(place: Clicked): void {
  const venue = venueFromTile(place.attributes);
  const { mode } = question;
  const show = (reached: Parameters<typeof showVenue>[3]): void => {
    if (clicked === place) showVenue(venue, mode, times, reached, () => inspect(null));
  };
  if (site !== null) {
    show('unasked');
    return;
  }
  show(undefined);
  fetchIsochrones(venue.id, mode, isochroneMinutes).then(
    (reached) => {
      show(reached);
      explain(place, drawIsochrones(reached, place.at));
    },
    () => show('failed'),
  );
}

/** Draws what was found about a place, unless another was clicked meanwhile. */
function explain(place: Clicked, drawn: Drawn | null): void {
  if (clicked === place) map?.explain(drawn, part('place').getBoundingClientRect());
}

/** Outlines answer the former question: the zone may be gone, the clicked place has new figures. */
function forgetOutlines(): void {
  map?.outlineZone(null);
  map?.explain(null);
  const place = clicked;
  if (place !== null) map?.againWhenDrawn(place, (now) => clicked === place && inspect(now));
}

/** What one takes away: a picture, a link, the map inside another page, a base map under it. */
function startKeep(): void {
  const shared = (): { question: Question; setting: Setting } => ({ question, setting });
  startTools();
  startPicture();
  startShare(shared);
  startEmbed(shared);
  startBase((base) => {
    setting = { ...setting, base };
    map?.dress(setting);
    writeAddress('replaceState');
  });
}

async function loadMap(): Promise<typeof import('./map.ts')> {
  if (site !== null) (await import('./archive.ts')).openArchive(site.archive);
  return import('./map.ts');
}

function start(): void {
  readAddress();
  if (document.createElement('canvas').getContext('webgl2') !== null) {
    mapLibrary = loadMap().catch(() => {
      throw new Problem(say(site === null ? 'error.unreachable' : 'site.unreachable'));
    });
  }
  startSheet();
  startLegend((shown) => map?.showPriority(shown));
  startControls((change, settled) => {
    const how = sliding ? 'replaceState' : 'pushState';
    sliding = !settled;
    ask({ ...question, ...change }, how, settled ? 0 : sliderRest);
  });
  startSearch((territory) => {
    if (site !== null) {
      chooseInSite(territory);
      return;
    }
    names.set(territory.id, territory);
    if (!question.territories.includes(territory.id)) ask({ ...question, territories: [...question.territories, territory.id] });
  });
  startKeep();
  part('retry').addEventListener('click', () => {
    answered = null;
    void answer();
  });
  addEventListener('keydown', ({ key, target }) => {
    if (key === 'Escape' && clicked !== null && target !== part('search-field')) inspect(null);
  });
  // The fragment of the address is the map's view: the skip link moves the focus without it.
  document.querySelector('.skip')?.addEventListener('click', (event) => {
    event.preventDefault();
    part('answer').focus();
  });
  addEventListener('popstate', () => {
    readAddress();
    const camera = parseCamera(location.hash);
    if (camera !== null) map?.jump(camera);
    map?.dress(setting);
    showQuestion();
    void answer();
  });
  showQuestion();
  void answer();
}

start();
