//! A layer of a project.

use super::{Data, MERCATOR};
use crate::export::Selection;
use crate::export::about::About;
use crate::export::styled::Styled;
use crate::layer::Layer;
use crate::markup::escaped;

/// A layer with its style and the scales between which it is drawn.
pub(super) struct ProjectLayer<'a> {
    selection: &'a Selection<'a>,
    style: Option<Styled>,
    /// The scale past which a wider layer takes its place, and the one before which a finer one does.
    farthest: Option<f64>,
    nearest: Option<f64>,
}

/// The scale of a screen of 96 dots an inch at zoom 0 of a page, whose tiles are 512 pixels wide.
const WORLD_SCALE: f64 = 279_541_132.0;

impl<'a> ProjectLayer<'a> {
    /// A layer among those shown: one of areas gives way to the others as it does on the page.
    pub(super) fn new(selection: &'a Selection<'a>, style: Option<Styled>, shown: &[Layer]) -> Self {
        let layer = selection.table.layer();
        let areas: Vec<Layer> = Layer::AREAS.into_iter().filter(|area| shown.contains(area)).collect();
        let rank = areas.iter().position(|area| *area == layer);
        let begins = |layer: &Layer| WORLD_SCALE / 2f64.powf(crate::style::from_zoom(*layer));
        let wider = rank.is_some_and(|rank| rank > 0);
        let finer = rank.and_then(|rank| areas.get(rank + 1));
        Self { selection, style, farthest: wider.then(|| begins(&layer)), nearest: finer.map(begins) }
    }

    fn layer(&self) -> Layer {
        self.selection.table.layer()
    }

    pub(super) fn id(&self) -> String {
        format!("maillage_{}", self.layer().slug().replace('-', "_"))
    }

    /// `Communes : temps d'accès médian`.
    pub(super) fn name(&self) -> String {
        let title = self.layer().title();
        match &self.style {
            Some(style) if Layer::AREAS.contains(&self.layer()) => {
                let mut drawn = style.title.chars();
                let first = drawn.next().map(|c| c.to_lowercase().to_string()).unwrap_or_default();
                format!("{title}\u{a0}: {first}{}", drawn.as_str())
            }
            _ => title.to_owned(),
        }
    }

    pub(super) fn is_expanded(&self) -> bool {
        self.layer() != Layer::Labels
    }

    /// Whether a map of a scale shows it, and a legend has something to say of it.
    pub(super) fn is_in_legend(&self, scale: f64) -> bool {
        let drawn = self.farthest.is_none_or(|farthest| scale < farthest)
            && self.nearest.is_none_or(|nearest| scale >= nearest);
        drawn && self.layer() != Layer::Labels
    }

    pub(super) fn id_of_tiles(&self) -> String {
        format!("{}_tiles", self.id())
    }

    /// Whether its tiles show what its features do: from afar a point there is several venues, and names are written
    /// only of features.
    pub(super) fn has_tiles(&self) -> bool {
        !matches!(self.layer(), Layer::Venues | Layer::Labels)
    }

    /// Its features in the project; `credit` stands at the foot of a map.
    pub(super) fn of_features(&self, data: &Data, about: &About, credit: &str) -> String {
        let (name, layer) = (escaped(&self.name()), self.layer());
        let (provider, source) = match data {
            Data::Beside(file) => ("ogr", format!("./{file}|layername={}", layer.slug())),
            // QGIS asks every page of the API with the query of this address.
            Data::Server(base) => {
                let api = format!("{base}/api{}", self.query());
                let typename = layer.slug();
                let asked = "restrictToRequestBBOX='1' srsname='EPSG:4326' pageSize='1000'";
                ("OAPIF", format!(" {asked} typename='{typename}' url='{api}'"))
            }
        };
        let licences = about.sources.iter().map(|[source, vintage, licence]| {
            format!("<license>{}</license>", escaped(&format!("{source} ({vintage}), {licence}")))
        });
        let credit = escaped(credit);
        format!(
            "<maplayer type=\"vector\" {} labelsEnabled=\"{}\">\n<id>{}</id><layername>{name}</layername><title>{name}</title>\n\
             <abstract>{}. {}</abstract>\n<attribution>{credit}</attribution>\n\
             <datasource>{}</datasource><provider>{provider}</provider>\n\
             <srs><spatialrefsys><srsid>3452</srsid><authid>EPSG:4326</authid></spatialrefsys></srs>\n\
             <resourceMetadata><title>{name}</title><rights>{credit}</rights>{}</resourceMetadata>\n{}</maplayer>\n",
            self.scales(),
            u8::from(layer == Layer::Labels),
            self.id(),
            escaped(layer.description()),
            escaped(&about.counted),
            escaped(&source),
            licences.collect::<String>(),
            self.style.as_ref().map(Styled::of_features).unwrap_or_default(),
        )
    }

    /// Its tiles on a server.
    pub(super) fn of_tiles(&self, base: &str, credit: &str) -> String {
        let (name, layer) = (escaped(&format!("{} (tuiles)", self.name())), self.layer());
        let address = format!("{base}/tiles/{}/{{z}}/{{x}}/{{y}}{}", layer.slug(), self.query());
        // The source is itself a query, in which an address is one value.
        let source = form_urlencoded::Serializer::new(String::new())
            .append_pair("type", "xyz")
            .append_pair("url", &address)
            .append_pair("zmin", &layer.min_zoom().to_string())
            .append_pair("zmax", &layer.max_zoom().to_string())
            .finish();
        format!(
            "<maplayer type=\"vector-tile\" {}>\n<id>{}</id><layername>{name}</layername>\n\
             <attribution>{}</attribution>\n<datasource>{}</datasource><provider>vectortile</provider>\n\
             <srs>{MERCATOR}</srs>\n{}</maplayer>\n",
            self.scales(),
            self.id_of_tiles(),
            escaped(credit),
            escaped(&source),
            self.style.as_ref().map(Styled::of_tiles).unwrap_or_default(),
        )
    }

    /// `minScale` is the farthest scale it is drawn at, `maxScale` the nearest; 0 is no limit.
    fn scales(&self) -> String {
        let limited = u8::from(self.farthest.is_some() || self.nearest.is_some());
        let scale = |limit: Option<f64>| limit.map_or(0.0, f64::round);
        let (farthest, nearest) = (scale(self.farthest), scale(self.nearest));
        format!("hasScaleBasedVisibilityFlag=\"{limited}\" minScale=\"{farthest}\" maxScale=\"{nearest}\"")
    }

    /// The inquiry behind an address.
    fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.selection.inquiry.parameters());
        let query = query.finish();
        if query.is_empty() { query } else { format!("?{query}") }
    }
}
