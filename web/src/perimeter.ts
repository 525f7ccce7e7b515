// How French says where: « dans le Rhône », « en Haute-Loire », « à Lyon », « au Puy-en-Velay ».
import { list } from './french.ts';

export interface Named {
  readonly kind: string;
  readonly code: string;
  readonly name: string;
}

// The article belongs to the name and follows no rule one could compute; départements by INSEE code.
const articles: Readonly<Record<string, string>> = {
  'dans le ': '14 15 18 25 29 30 32 39 41 45 46 47 49 56 59 62 63 67 68 69 69D 81 82 83 84 90 94 95',
  'dans la ': '23 24 26 33 42 50 51 53 55 57 58 72 80 86 16 17 19',
  'dans l’': '01 02 03 10 11 12 27 36 60 61 89 91',
  'dans les ': '04 05 06 08 13 22 40 64 65 66 78 79 88 92',
  'en ': '07 09 21 28 2A 2B 31 34 35 37 38 43 44 48 52 54 70 71 73 74 76 77 85 87 93 971 972 973',
  'à ': '75 974 976 975 977 978',
};
const regionArticles: Readonly<Record<string, string>> = { '32': 'dans les ', '44': 'dans le ', '52': 'dans les ', '04': 'à ', '06': 'à ' };

// What an atlas' whole perimeter is most often called.
const wholes = ['France', 'Auvergne-Rhône-Alpes', 'Bourgogne-Franche-Comté', 'Bretagne', 'Corse', 'Île-de-France', 'Normandie', 'Nouvelle-Aquitaine', 'Occitanie'];

const departementArticle = new Map<string, string>();
for (const [article, codes] of Object.entries(articles)) {
  for (const code of codes.split(' ')) departementArticle.set(code, article);
}

function inCommune(name: string): string {
  if (name.startsWith('Le ')) return `au ${name.slice(3)}`;
  if (name.startsWith('Les ')) return `aux ${name.slice(4)}`;
  return `à ${name}`;
}

function within({ kind, code, name }: Named): string {
  switch (kind) {
    case 'commune':
      return inCommune(name);
    case 'departement':
      return (departementArticle.get(code) ?? 'dans le département ') + name;
    case 'region':
      return (regionArticles[code] ?? 'en ') + name;
    case 'epci':
      return `dans l’intercommunalité ${name}`;
    case 'france':
      // The whole of the data, which may be a region or a user's own territory.
      return wholes.includes(name) ? `en ${name}` : `sur le territoire « ${name} »`;
    default:
      return `sur le territoire « ${name} »`;
  }
}

/** Empty while no name is known: a sentence without its place is better than one with a code. */
export function where(territories: readonly Named[]): string {
  return territories.length === 0 ? '' : `, ${list(territories.map(within))}`;
}
