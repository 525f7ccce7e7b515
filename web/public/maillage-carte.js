// A Maillage map in any page, from the host that serves this file:
//   <script type="module" src="https://host/maillage-carte.js"></script>
//   <maillage-carte territory="departement:43" minutes="20" mode="car" hauteur="480" title="…"></maillage-carte>
// Attributes are the parameters of a permalink; `hauteur` is the height in pixels, `vue` the view as zoom/lat/lon.
// Text put inside the element shows where scripts do not run.
export const parameters = [
  'territory', 'mode', 'minutes', 'service', 'public', 'care', 'support', 'entry', 'programme', 'label', 'typology', 'fee', 'open', 'reception',
  'fragility_min', 'metric', 'base', 'priority',
];

/** The address that shows what the attributes ask; `attribute` gives the value of a name, or null. */
export function address(home, attribute) {
  const asked = new URLSearchParams();
  for (const name of parameters) {
    const value = attribute(name);
    if (value !== null && value !== '') asked.set(name, value);
  }
  asked.set('embed', '1');
  const shown = new URL(home);
  shown.search = asked.toString();
  const view = attribute('vue');
  if (view !== null && /^[\d.]+\/-?[\d.]+\/-?[\d.]+$/.test(view)) shown.hash = view;
  return shown.href;
}

/** A height in pixels that leaves room for a map. */
export function height(text) {
  const asked = Number(text);
  return text !== null && asked >= 160 && asked <= 4000 ? Math.round(asked) : 480;
}

const home = new URL('.', import.meta.url).href;

class MaillageCarte extends HTMLElement {
  static observedAttributes = [...parameters, 'hauteur', 'vue', 'title'];
  #frame = document.createElement('iframe');
  #due = false;

  constructor() {
    super();
    this.#frame.loading = 'lazy';
    this.#frame.style.cssText = 'display: block; width: 100%; border: 0';
    this.attachShadow({ mode: 'open' }).append(this.#frame);
  }

  connectedCallback() {
    if (this.style.display === '') this.style.display = 'block';
    this.attributeChangedCallback();
  }

  // Several attributes changed at once make one new map.
  attributeChangedCallback() {
    if (this.#due || !this.isConnected) return;
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      this.#frame.title = this.getAttribute('title') || 'Maillage';
      this.#frame.style.height = `${height(this.getAttribute('hauteur'))}px`;
      const src = address(home, (name) => this.getAttribute(name));
      if (this.#frame.src !== src) this.#frame.src = src;
    });
  }
}

if (!customElements.get('maillage-carte')) customElements.define('maillage-carte', MaillageCarte);
