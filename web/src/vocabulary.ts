// The terms of the national schema of venues that a question may name, as they are published; the server knows them too
// (`crates/territory/src/vocabulary.rs`), and a test of the page asks it for each.

/** What a filter may ask of a venue, in the order in which it is offered. */
export const vocabulary = {
  service: [
    'Aide aux démarches administratives',
    'Maîtrise des outils numériques du quotidien',
    'Insertion professionnelle via le numérique',
    'Utilisation sécurisée du numérique',
    'Parentalité et éducation avec le numérique',
    'Loisirs et créations numériques',
    'Compréhension du monde numérique',
    'Accès internet et matériel informatique',
    'Acquisition de matériel informatique à prix solidaire',
  ],
  public: ['Jeunes', 'Étudiants', 'Familles et/ou enfants', 'Seniors', 'Femmes'],
  care: [
    'Surdité',
    'Handicaps moteurs',
    'Handicaps mentaux',
    'Illettrisme',
    'Langues étrangères (anglais)',
    'Langues étrangères (autres)',
    'Déficience visuelle',
  ],
  support: ['En autonomie', 'Accompagnement individuel', 'Dans un atelier collectif', 'À distance'],
  entry: [
    'Se présenter',
    'Téléphoner',
    'Contacter par mail',
    'Prendre un RDV en ligne',
    'Envoyer un mail avec une fiche de prescription',
  ],
  programme: [
    'Aidants Connect',
    'Bibliothèques numérique de référence',
    'Certification PIX',
    'Conseillers numériques',
    'Emmaüs Connect',
    'France Services',
    'Grande école du numérique',
    'La Croix Rouge',
    "Point d'accès numérique CAF",
    'Promeneurs du net',
    'Relais numérique (Emmaüs Connect)',
  ],
  label: [
    'Formé à « Mon Espace Santé »',
    'Formé à « DUPLEX » (illettrisme)',
    'Arnia/MedNum BFC (Bourgogne-Franche-Comté)',
    'Collectif ressources et acteurs réemploi (Normandie)',
    'Étapes numériques (La Poste)',
    'Fabriques de Territoire',
    'Les Éclaireurs du numérique (Drôme)',
    'Mes Papiers (Métropole de Lyon)',
    'ORDI 3.0',
    'SUD LABS (PACA)',
  ],
} as const;

export type Vocabulary = keyof typeof vocabulary;

export const vocabularies = Object.keys(vocabulary) as readonly Vocabulary[];

/** A label as a question names it: accents dropped, lower case, any other run of characters a hyphen. */
export function slug(label: string): string {
  const plain = label.replaceAll('œ', 'oe').normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
}

const labels = new Map<string, string>(vocabularies.flatMap((name) => vocabulary[name].map((label) => [`${name}=${slug(label)}`, label] as const)));

/** The label of a term, null where this page has none. */
export function labelOf(name: string, value: string): string | null {
  return labels.get(`${name}=${value}`) ?? null;
}
