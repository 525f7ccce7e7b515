// Every sentence the page can say, in one table. The page speaks French; the English column is for whoever reads or
// translates this file. `{name}` is filled by `say`; French typography (’, narrow spaces) is applied there, once.
import { typeset } from './french.ts';

const words = {
  // What index.html says before any answer
  'page.title': ['Maillage : qui vit trop loin de la médiation numérique ?', 'Maillage: who lives too far from digital help?'],
  'page.description': ['Carte des personnes qui vivent trop loin d’un lieu de médiation numérique, sur données ouvertes.', 'Map of the people who live too far from digital help, on open data.'],
  'noscript': ['Cette carte a besoin de JavaScript. Sans lui, les mêmes réponses se lisent à l’adresse /api.', 'This map needs JavaScript. Without it the same answers are at /api.'],
  'skip': ['Aller à la réponse', 'Skip to the answer'],
  'search.label': ['Chercher un territoire', 'Search a territory'],
  'search.placeholder': ['Commune, intercommunalité, département…', 'Commune, intercommunality, département…'],
  'search.results': ['Territoires trouvés', 'Territories found'],
  'chips.label': ['Territoires et filtres choisis', 'Chosen territories and filters'],
  'retry': ['Réessayer', 'Retry'],
  'controls.label': ['Changer la question', 'Change the question'],
  'minutes.label': ['Trop loin, c’est', 'Too far means'],
  'minutes.least': ['5 min', '5 min'],
  'minutes.most': ['60 min', '60 min'],
  'mode.label': ['Déplacement', 'Travel mode'],
  'metric.label': ['La carte montre', 'The map shows'],
  'zones.title': ['Les dix zones les plus peuplées', 'The ten most populated zones'],
  'downloads.title': ['Télécharger', 'Download'],
  'downloads.note': ['La réponse à la question affichée, prête pour QGIS ou un tableur.', 'The answer to the question shown, ready for QGIS or a spreadsheet.'],
  'warnings.title': ['À savoir', 'Good to know'],
  'sources.title': ['Sources', 'Sources'],

  // The question
  'mode.car': ['Voiture', 'Car'],
  'mode.bike': ['Vélo', 'Bike'],
  'mode.walk': ['À pied', 'On foot'],
  'by.car': ['en voiture', 'by car'],
  'by.bike': ['à vélo', 'by bike'],
  'by.walk': ['à pied', 'on foot'],
  'metric.access_min': ["Temps d'accès", 'Access time'],
  'metric.beyond': ['Personnes', 'People'],
  'metric.beyond_share': ['Part', 'Share'],
  'metric.fragility': ['Fragilité', 'Fragility'],
  'metric.access_min.note': ['Temps médian des habitants vers le lieu le plus proche', 'Median time of inhabitants to the nearest venue'],
  'metric.beyond.note': ['Nombre d’habitants au-delà du seuil', 'Number of inhabitants beyond the threshold'],
  'metric.beyond_share.note': ['Part des habitants au-delà du seuil', 'Share of inhabitants beyond the threshold'],
  'metric.fragility.note': ['Indice de fragilité numérique, de 1 à 10', 'Digital fragility index, 1 to 10'],
  'sentence': ['{people} à plus de {minutes} {by} {venue}{where}', '{people} more than {minutes} {by} from {venue}{where}'],
  'sentence.people': ['Personnes', 'People'],
  'sentence.fragile': ["Personnes vivant là où l'indice de fragilité est d'au moins {floor},", 'People living where the fragility index is at least {floor},'],
  'sentence.venue': ["d'un lieu de médiation numérique{criteria}", 'a digital-help venue{criteria}'],
  'sentence.other': [' (filtre {name} : {value})', ' (filter {name}: {value})'],
  'criterion.free': ['gratuit', 'free'],
  'criterion.conditional': ['gratuit sous condition', 'free under conditions'],
  'criterion.paid': ['payant', 'charging a fee'],
  'criterion.membership': ['sur adhésion', 'for members'],
  'criterion.pass-numerique': ['acceptant le pass numérique', 'accepting the pass numérique'],
  'criterion.open': ['ouvert {when}', 'open {when}'],
  'criterion.service': ['pour {value}', 'for {value}'],
  'criterion.public': ['accueillant « {value} »', 'welcoming “{value}”'],
  'criterion.care': ['avec prise en charge « {value} »', 'with specific care “{value}”'],
  'criterion.support': ["avec l'accompagnement « {value} »", 'with support “{value}”'],
  'criterion.entry': ["avec l'accès « {value} »", 'with entry “{value}”'],
  'criterion.programme': ['du programme « {value} »', 'of the programme “{value}”'],
  'criterion.label': ['portant le label « {value} »', 'with the label “{value}”'],
  'criterion.typology': ['de type « {value} »', 'of type “{value}”'],
  'criterion.itinerant': ['itinérant', 'itinerant'],
  'criterion.onsite': ['accueillant sur place', 'receiving on site'],
  'criterion.fragility': ["indice de fragilité d'au moins {floor}", 'fragility index of at least {floor}'],
  'open.saturday': ['le samedi', 'on Saturday'],
  'open.weekend': ['le week-end', 'at the weekend'],
  'open.evening': ['en soirée', 'in the evening'],
  'open.at': ['le {day} à {hour}', 'on {day} at {hour}'],
  'day.mo': ['lundi', 'Monday'],
  'day.tu': ['mardi', 'Tuesday'],
  'day.we': ['mercredi', 'Wednesday'],
  'day.th': ['jeudi', 'Thursday'],
  'day.fr': ['vendredi', 'Friday'],
  'day.sa': ['samedi', 'Saturday'],
  'day.su': ['dimanche', 'Sunday'],

  // Controls
  'minutes.live': ['plus de {minutes}', 'over {minutes}'],
  'search.none': ['Aucun territoire ne porte ce nom.', 'No territory has this name.'],
  'search.found': ['{count}. Flèches haut et bas pour choisir, Entrée pour valider.', '{count}. Up and down arrows to choose, Enter to confirm.'],
  'search.one': ['territoire trouvé', 'territory found'],
  'search.several': ['territoires trouvés', 'territories found'],
  'search.people': ['{count}\u00a0hab.', '{count} inh.'],
  'remove': ['Retirer {name}', 'Remove {name}'],
  'filter.chip': ['Filtre {name} : {value}', 'Filter {name}: {value}'],
  'kind.commune': ['Commune', 'Commune'],
  'kind.epci': ['Intercommunalité', 'Intercommunality'],
  'kind.departement': ['Département', 'Département'],
  'kind.region': ['Région', 'Region'],
  'kind.cell': ['Secteur', 'Cell'],
  'kind.hub': ['Hub', 'Hub'],
  'kind.living-area': ['Bassin de vie', 'Living area'],

  // The answer
  'answer.person': ['personne', 'person'],
  'answer.people': ['personnes', 'people'],
  'answer.beyond': ['au-delà de {minutes}', 'beyond {minutes}'],
  'answer.share': ['des habitants', 'of inhabitants'],
  'answer.share.fragile': ['des personnes comptées', 'of the people counted'],
  'answer.median': ['temps médian', 'median time'],
  'answer.unreachable': ['dont {people} sans aucun lieu joignable', '{people} of whom with no reachable venue'],
  'answer.unknown': ["{venues} au renseignement manquant ne compte pas. S'il convenait : {people} au-delà.", '{venues} with missing information not counted. If it fitted: {people} beyond.'],
  'answer.unknowns': ["{venues} au renseignement manquant ne comptent pas. S'ils convenaient : {people} au-delà.", '{venues} with missing information not counted. If they fitted: {people} beyond.'],
  'answer.spoken': ['{people} au-delà de {minutes}, soit {share}. Temps médian : {median}.', '{people} beyond {minutes}, that is {share}. Median time: {median}.'],
  'answer.zones': ['{zones} au total, {people} concernées.', '{zones} in all, {people} concerned.'],
  'curve': ['Personnes au-delà, selon le seuil choisi', 'People beyond, by threshold'],
  'unknown': ['non connu', 'unknown'],
  'venue.one': ['lieu', 'venue'],
  'venue.several': ['lieux', 'venues'],
  'inhabitant.one': ['habitant', 'inhabitant'],
  'inhabitant.several': ['habitants', 'inhabitants'],

  // A place that was clicked
  'place.beyond': ['Personnes au-delà de {minutes}', 'People beyond {minutes}'],
  'place.share': ['Part des habitants', 'Share of inhabitants'],
  'place.median': ['Temps médian', 'Median time'],
  'place.p90': ['9 habitants sur 10 à moins de', '9 inhabitants in 10 within'],
  'place.venues': ['Lieux dans le territoire', 'Venues in the territory'],
  'place.fragility': ['Indice de fragilité', 'Fragility index'],
  'place.nearest': ['Lieu le plus proche', 'Nearest venue'],
  'place.choose': ['Ne garder que ce territoire', 'Keep this territory only'],
  'place.close': ['Fermer la fiche', 'Close this card'],
  'place.edge': ['Résultat incertain : un lieu proche, hors des données, a pu être oublié.', 'Uncertain: a nearby venue outside the data may be missing.'],
  'place.outOfTen': ['{value} sur 10', '{value} out of 10'],
  'place.cellIn': ['Secteur de {name}', 'Cell of {name}'],

  // Zones
  'zones.none': ["Aucune zone : tout le monde ici est à {minutes} ou moins d'un tel lieu.", 'No zone: everyone here is within {minutes} of such a venue.'],
  'zones.one': ['zone', 'zone'],
  'zones.several': ['zones', 'zones'],
  'zones.median': ['{minutes} en médiane', '{minutes} median'],
  'zones.nearest': ['le plus proche : {name}', 'nearest: {name}'],
  'zones.show': ['Voir sur la carte', 'Show on the map'],

  // Legend
  'legend.noData': ['Pas de donnée', 'No data'],
  'legend.estimated': ['Temps estimés, sans réseau routier', 'Estimated times, no road network'],
  'legend.venue': ['Lieu de médiation numérique', 'Digital-help venue'],
  'legend.venue.fits': ['Lieu qui répond à la question', 'Venue that fits the question'],
  'legend.venue.unknown': ['Lieu au renseignement manquant', 'Venue with missing information'],
  'legend.venue.other': ['Lieu hors de la question', 'Venue that does not fit'],
  'legend.zone': ['Zone au-delà du seuil', 'Zone beyond the threshold'],

  // Sources and downloads
  'download.zones': ['Zones', 'Zones'],
  'download.communes': ['Communes', 'Communes'],
  'download.link': ['{layer} au format {format}', '{layer} as {format}'],
  'source': ['{name} ({vintage})', '{name} ({vintage})'],
  'source.licence': ['{name} ({vintage}), {licence}', '{name} ({vintage}), {licence}'],
  'attribution.map': ['Carte : MapLibre', 'Map: MapLibre'],

  // Waiting and failing
  'wait.map': ['Chargement de la carte…', 'Loading the map…'],
  'wait.answer': ['Calcul en cours…', 'Computing…'],
  'error.unreachable': ['Le serveur ne répond pas. Vérifiez que « maillage serve » est lancé, puis réessayez.', 'The server does not answer. Check that `maillage serve` is running, then retry.'],
  'error.unreadable': ['Le serveur a répondu autre chose que prévu ({status}). Réessayez, ou rechargez la page.', 'The server answered something unexpected ({status}). Retry, or reload the page.'],
  'error.parameter': ['La question demande {name} = « {value} », que le serveur ne comprend pas. Retirez ce filtre ou corrigez le lien.', 'The question asks for {name} = “{value}”, which the server does not understand. Remove this filter or mend the link.'],
  'error.absent': ["Ce territoire n'existe pas dans ces données. Retirez-le ou cherchez-en un autre.", 'This territory is not in these data. Remove it or search another.'],
  'error.busy': ['Le serveur démarre ou répond à trop de monde. Réessayez dans un instant.', 'The server is starting or overloaded. Retry in a moment.'],
  'error.webgl': ["Ce navigateur n'affiche pas de carte (WebGL est absent ou désactivé). Les chiffres, les zones et les téléchargements restent disponibles.", 'This browser cannot draw a map (no WebGL). Figures, zones and downloads still work.'],
  'error.noMap': ['Pas de carte pour cette question.', 'No map for this question.'],
  'error.tiles': ["Une partie de la carte n'a pas pu être chargée. Déplacez la carte ou changez la question pour réessayer.", 'Part of the map could not be loaded. Move the map or change the question to retry.'],
  'error.staleMap': ['La carte montre encore la question précédente.', 'The map still shows the former question.'],
  'error.link': ["Le lien demandait {name} = « {value} », qui n'existe pas ; la valeur habituelle est utilisée.", 'The link asked for {name} = “{value}”, which does not exist; the usual value is used.'],

  // The map's own buttons
  'map.label': ['Carte', 'Map'],
  'map.hint': ['Cliquez sur la carte pour les chiffres d’un territoire.', 'Click the map for the figures of a territory.'],
  'map.zoomIn': ['Zoomer', 'Zoom in'],
  'map.zoomOut': ['Dézoomer', 'Zoom out'],
  'map.whole': ['Revoir tout le territoire', 'Back to the whole territory'],
  'sheet.open': ['Agrandir le panneau', 'Expand the panel'],
  'sheet.close': ['Réduire le panneau', 'Reduce the panel'],
} as const satisfies Record<string, readonly [french: string, english: string]>;

export type Wording = keyof typeof words;

export function say(key: Wording, values: Readonly<Record<string, string>> = {}): string {
  return typeset(words[key][0].replace(/\{(\w+)\}/g, (hole, name: string) => values[name] ?? hole));
}

export function hasWording(key: string): key is Wording {
  return Object.hasOwn(words, key);
}

export const wordingKeys = Object.keys(words) as readonly Wording[];
